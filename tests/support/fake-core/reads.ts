import type { Delivery, Head, Message, Note, Receipt, ThreadEvent, ThreadItem } from '#shared/conversation/model.ts';
import { deliveryOf } from '#shared/conversation/rules.ts';
import type { Contact, Customer } from '#shared/customer/model.ts';
import type { InboxRow, InboxSection } from '#shared/inbox/model.ts';
import { byUrgency } from '#shared/inbox/rules.ts';
import type { Id } from '#shared/lib/ids.ts';
import type { Order, OrderMoney } from '#shared/order/model.ts';
import type { Account, OutboxItem, Person, Presence, Team } from '#shared/session/model.ts';
import type { FakeItem, FakeRows, FakeWorld } from './rows.ts';
import { textOf } from './rows.ts';

const unsettled = new Set(['waiting', 'sent', 'refused', 'held', 'failed']);
const wanting = new Set(['refused', 'held', 'failed']);

function of(item: FakeItem): Id | null {
  const id = item.args['conversationId'];
  return typeof id === 'string' ? id : null;
}

function inboxRow(world: FakeWorld, rows: FakeRows, head: Head): InboxRow {
  const mine = world.items.filter((i) => of(i) === head.id);
  const draft = world.drafts.find((d) => d.conversationId === head.id);
  const owner = head.ownerId === null ? null : (rows.read('person', head.ownerId) as Person | null);
  return {
    head,
    isUnread: head.lastCustomerOrder > (world.seen.get(head.id) ?? 0),
    hasDraft: draft !== undefined,
    draft: draft?.text.slice(0, 140) ?? '',
    waiting: mine.filter((i) => i.state === 'waiting' || i.state === 'sent').length,
    attention: mine.filter((i) => wanting.has(i.state)).length,
    ownerName: owner?.name ?? null,
  };
}

function list(world: FakeWorld, rows: FakeRows, filter: string): { sections: InboxSection[] } {
  const me = world.me;
  if (!me) return { sections: [] };
  const words = filter.toLowerCase();
  const heads = rows
    .all<Head>('head')
    .filter((h) => `${h.customerName} ${h.snippet.text}`.toLowerCase().includes(words))
    .sort(byUrgency);
  const section = (kind: InboxSection['kind'], team: Team | null, found: Head[]): InboxSection => ({
    kind,
    teamId: team?.id ?? null,
    teamName: team?.name ?? null,
    rows: found.map((h) => inboxRow(world, rows, h)),
    total: found.length,
  });
  const open = heads.filter((h) => h.state === 'open');
  const sections = [
    section(
      'yours',
      null,
      open.filter((h) => h.ownerId === me.person.id),
    ),
  ];
  for (const team of me.teams) {
    sections.push(
      section(
        'waiting',
        team,
        open.filter((h) => h.teamId === team.id && h.ownerId === null),
      ),
    );
  }
  for (const team of me.teams) {
    const theirs = open.filter((h) => h.teamId === team.id && h.ownerId !== null && h.ownerId !== me.person.id);
    sections.push(section('colleagues', team, theirs));
  }
  sections.push(
    section(
      'resolved',
      null,
      heads.filter((h) => h.state === 'resolved'),
    ),
  );
  return { sections: sections.filter((s) => s.rows.length > 0 || s.kind === 'yours') };
}

function delivery(item: FakeItem | undefined, order: number | null, receipt: Receipt | null): Delivery {
  if (item === undefined || item.state === 'done') return deliveryOf(order, receipt);
  if (item.state === 'refused' || item.state === 'failed') return 'not-sent';
  if (item.state === 'held') return 'held';
  return item.state === 'sent' ? 'sending' : 'waiting';
}

function thread(world: FakeWorld, rows: FakeRows, conversationId: Id, before: number | null, limit: number) {
  if (!world.held.has(conversationId)) return { items: [], isHeld: false, hasEarlier: false };
  const byCommand = new Map(world.items.map((i) => [i.id, i]));
  const receipt = rows.read('receipt', `${conversationId}|customer`) as Receipt | null;
  const items: { order: number; at: number; item: ThreadItem }[] = [];
  const last = Number.MAX_SAFE_INTEGER;
  for (const message of rows.all<Message>('message').filter((m) => m.conversationId === conversationId)) {
    const command = byCommand.get(message.id);
    const how = message.from === 'agent' ? delivery(command, message.order, receipt) : 'none';
    const item = {
      kind: 'message' as const,
      message,
      delivery: how,
      n: command?.n ?? null,
      error: command?.error ?? null,
    };
    items.push({ order: message.order ?? last, at: message.at, item });
  }
  for (const note of rows.all<Note>('note').filter((m) => m.conversationId === conversationId)) {
    const command = byCommand.get(note.id);
    const how = command && command.state !== 'done' ? delivery(command, note.order, null) : 'none';
    const item = { kind: 'note' as const, note, delivery: how, n: command?.n ?? null, error: command?.error ?? null };
    items.push({ order: note.order ?? last, at: note.at, item });
  }
  for (const event of rows.all<ThreadEvent>('event').filter((e) => e.conversationId === conversationId)) {
    items.push({
      order: event.order ?? last,
      at: event.at,
      item: { kind: 'event', event, isWaiting: event.order === null },
    });
  }
  items.sort((a, b) => a.order - b.order || a.at - b.at);
  const earlier = items.filter((i) => before === null || i.order < before);
  return { items: earlier.slice(-limit).map((i) => i.item), isHeld: true, hasEarlier: earlier.length > limit };
}

function card(world: FakeWorld, rows: FakeRows, customerId: Id) {
  const isHeld = rows.all<Head>('head').some((h) => h.customerId === customerId && world.held.has(h.id));
  if (!isHeld) return { customer: null, contacts: [], orders: [], isHeld: false };
  return {
    customer: rows.read('customer', customerId) as Customer | null,
    contacts: rows
      .all<Contact>('contact')
      .filter((c) => c.customerId === customerId)
      .sort((a, b) => b.startedAt - a.startedAt),
    orders: rows
      .all<Order>('order')
      .filter((o) => o.customerId === customerId)
      .sort((a, b) => b.placedAt - a.placedAt)
      .map((order) => ({ order, money: rows.read('orderMoney', order.id) as OrderMoney | null })),
    isHeld: true,
  };
}

function outbox(world: FakeWorld, rows: FakeRows): { items: OutboxItem[] } {
  return {
    items: world.items
      .filter((i) => unsettled.has(i.state))
      .map((i) => {
        const conversationId = of(i);
        const head = conversationId === null ? null : (rows.read('head', conversationId) as Head | null);
        const text = i.args['text'];
        return {
          n: i.n,
          id: i.id,
          kind: i.kind,
          state: i.state,
          at: i.at,
          sentAt: i.sentAt,
          error: i.error,
          conversationId,
          customerName: head?.customerName ?? null,
          text: typeof text === 'string' ? text : null,
          group: i.group,
          isDiscardable: i.state !== 'sent',
        };
      }),
  };
}

function people(world: FakeWorld, rows: FakeRows) {
  const mayManage = world.me?.permissions.includes('people.manage') ?? false;
  return {
    people: rows.all<Person>('person').map((person) => ({
      person,
      account: mayManage ? (rows.read('account', person.id) as Account | null) : null,
      presence: rows.all<Presence>('presence').find((p) => p.personId === person.id)?.state ?? null,
    })),
    teams: rows.all<Team>('team'),
  };
}

/** What the pretended core answers to a query. Undefined: no such query. */
export function fakeRead(
  world: FakeWorld,
  rows: FakeRows,
  name: string,
  args: Record<string, unknown>,
  now: number,
): unknown {
  const id = textOf(args['conversationId'] ?? args['customerId']);
  switch (name) {
    case 'session.stage':
      return world.me === null
        ? { stage: 'closed', profiles: world.profiles, stations: world.stations }
        : { stage: 'open', me: world.me };
    case 'session.status':
      return {
        link: world.link,
        dataAt: world.link.state === 'live' ? now : world.dataAt,
        waiting: world.items.filter((i) => i.state === 'waiting' || i.state === 'sent').length,
        attention: world.items.filter((i) => wanting.has(i.state)).length,
        clockOffset: 0,
        hubAddress: 'hub.harbour-and-pine.example',
        offlineUntil: now + 3 * 86_400_000,
        isEncrypted: true,
      };
    case 'session.outbox':
      return outbox(world, rows);
    case 'session.people':
      return people(world, rows);
    case 'session.devices':
      return {
        devices: world.devices.map((device) => ({
          device,
          personName: (rows.read('person', device.personId) as Person | null)?.name ?? '',
        })),
      };
    case 'inbox.list':
      return list(world, rows, textOf(args['filter']));
    case 'conversation.thread':
      return thread(world, rows, id, (args['before'] as number | null) ?? null, Number(args['limit']));
    case 'conversation.head':
      return rows.read('head', id);
    case 'conversation.draft':
      return {
        draft: world.drafts.find((d) => d.conversationId === id) ?? null,
        history: world.history.filter((d) => d.conversationId === id),
      };
    case 'customer.card':
      return card(world, rows, id);
    default:
      return undefined;
  }
}
