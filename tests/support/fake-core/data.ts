import type { Head, Message, Speaker } from '#shared/conversation/model.ts';
import { snippetOf } from '#shared/conversation/rules.ts';
import type { Contact, Customer } from '#shared/customer/model.ts';
import type { Id } from '#shared/lib/ids.ts';
import { scopeOf } from '#shared/lib/scope.ts';
import type { Order } from '#shared/order/model.ts';
import type { Me, Person, Profile, Team } from '#shared/session/model.ts';
import { permissionsOf } from '#shared/session/rules.ts';
import { type FakeRow, type FakeWorld, fakeId } from './rows.ts';
import { people, scene, type Talk, talks, teamIds } from './scene.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

export const profile: Profile = {
  id: 'demo',
  hubAddress: 'hub.harbour-and-pine.example',
  orgName: 'Harbour & Pine',
  personName: 'Ana Keller',
  email: 'ana@harbour-and-pine.example',
  kind: 'normal',
  lastUsedAt: 0,
};

const events = new Set<string>(['started', 'taken', 'released', 'moved', 'resolved', 'reopened']);

function talkRows(talk: Talk, now: number, n: number): FakeRow[] {
  const rows: FakeRow[] = [];
  const customerId = fakeId(1000 + n);
  const pub = scopeOf.publicOf(talk.id);
  const inner = scopeOf.conversation(talk.id);
  let head: Head = {
    id: talk.id,
    teamId: talk.team,
    customerId,
    customerName: talk.name,
    channel: 'web',
    state: talk.isResolved ? 'resolved' : 'open',
    ownerId: talk.owner,
    createdAt: now - (talk.lines[0]?.[2] ?? 0) * minute,
    lastOrder: 0,
    lastAt: now,
    lastCustomerOrder: 0,
    waitingSince: null,
    snippet: { from: 'customer', text: '' },
    resolution: talk.isResolved ? 'answered' : null,
    resolvedAt: talk.isResolved ? now - hour : null,
  };
  for (const [at, [who, text, ago]] of talk.lines.entries()) {
    const order = at + 1;
    const id = fakeId(n * 10_000 + order);
    const when = now - ago * minute;
    head = { ...head, lastOrder: order };
    if (events.has(who)) {
      const body = {
        id,
        conversationId: talk.id,
        order,
        what: who,
        byId: people.ana,
        byName: 'Ana Keller',
        at: when,
        detail: text,
      };
      rows.push({ scope: inner, entity: 'event', id, body });
    } else if (who === 'note') {
      const body = {
        id,
        conversationId: talk.id,
        order,
        authorId: people.ana,
        authorName: 'Ana Keller',
        text,
        at: when,
      };
      rows.push({ scope: inner, entity: 'note', id, body });
    } else {
      const from = who as Speaker;
      const authorName = from === 'agent' ? 'Ana Keller' : from === 'bot' ? 'Bot' : talk.name;
      const body: Message = {
        id,
        conversationId: talk.id,
        order,
        from,
        authorId: from === 'agent' ? people.ana : null,
        authorName,
        text,
        at: when,
        writtenAt: null,
      };
      rows.push({ scope: pub, entity: 'message', id, body });
      head = {
        ...head,
        lastAt: when,
        snippet: { from, text: snippetOf(text) },
        lastCustomerOrder: from === 'customer' ? order : head.lastCustomerOrder,
        waitingSince: from === 'customer' ? (head.waitingSince ?? when) : from === 'agent' ? null : head.waitingSince,
      };
    }
  }
  const receipt = {
    conversationId: talk.id,
    party: 'customer',
    deliveredUpTo: head.lastOrder,
    readUpTo: talk.readUpTo ?? head.lastOrder,
    at: now,
  };
  rows.push({ scope: pub, entity: 'receipt', id: `${talk.id}|customer`, body: receipt });
  rows.push({ scope: scopeOf.team(talk.team), entity: 'head', id: talk.id, body: head });
  const customer: Customer = {
    id: customerId,
    name: talk.name,
    email: null,
    phone: null,
    tier: 'standard',
    region: '',
    language: 'en',
    verification: 'anonymous',
    since: null,
    source: 'shop',
    asOf: now - 40_000,
    ...talk.customer,
  };
  const of = scopeOf.customer(customerId);
  rows.push({ scope: of, entity: 'customer', id: customerId, body: customer });
  for (let i = 0; i < (talk.past ?? 0); i += 1) {
    const contact: Contact = {
      id: fakeId(n * 10_000 + 500 + i),
      customerId,
      channel: i % 2 ? 'email' : 'web',
      startedAt: now - (i + 1) * 40 * day,
      endedAt: now - (i + 1) * 40 * day + hour,
      topic: ['Tent pole bent on arrival', 'Invoice address', 'Size of sleeping mat'][i % 3] ?? '',
      resolution: i % 2 ? 'answered' : 'replaced',
      agentName: 'Ana Keller',
    };
    rows.push({ scope: of, entity: 'contact', id: contact.id, body: contact });
  }
  if (talk.order) rows.push(...orderRows(talk.order, customerId, n, now));
  return rows;
}

function orderRows(made: NonNullable<Talk['order']>, customerId: Id, n: number, now: number): FakeRow[] {
  const id = fakeId(n * 10_000 + 900);
  const order: Order = {
    id,
    number: made.number,
    customerId,
    placedAt: now - 6 * day,
    promisedAt: now - made.promisedDaysAgo * day,
    stage: made.stage,
    stageAt: now - 2 * day,
    trouble: made.trouble,
    lines: [
      { sku: 'TN-204', title: 'Tern 2-person tent, moss', quantity: 1 },
      { sku: 'PG-010', title: 'Tent pegs', quantity: 12 },
    ],
    source: 'orders',
    asOf: now - 40_000,
  };
  const euro = (minor: number) => ({ minor, currency: 'EUR' });
  const money = { id, customerId, total: euro(24_900), captured: euro(24_900), refunded: euro(0), asOf: now - 40_000 };
  return [
    { scope: scopeOf.customer(customerId), entity: 'order', id, body: order },
    { scope: scopeOf.finance(customerId), entity: 'orderMoney', id, body: money },
  ];
}

/** A believable desk: six conversations of Ana's, two that wait, one of a colleague, one resolved. */
export function fakeWorld(now: number, choices: { role?: Person['role']; isEmpty?: boolean } = {}): FakeWorld {
  const teams: Team[] = [
    { id: teamIds.returns, name: 'Returns', region: 'DE' },
    { id: teamIds.orders, name: 'Orders', region: 'DE' },
  ];
  const both = [teamIds.returns, teamIds.orders];
  const role = choices.role ?? 'agent';
  const ana: Person = { id: people.ana, name: 'Ana Keller', role, teamIds: both, isDisabled: false };
  const staff: Person[] = [
    ana,
    { id: people.ben, name: 'Ben Sörensen', role: 'agent', teamIds: [teamIds.orders], isDisabled: false },
    {
      id: people.max,
      name: 'Dr. Maximilian Freiherr von und zu Wolkenstein-Rodenegg',
      role: 'supervisor',
      teamIds: both,
      isDisabled: false,
    },
    { id: people.ida, name: 'Ida Brandt', role: 'super-user', teamIds: [teamIds.returns], isDisabled: true },
  ];
  const rows: FakeRow[] = [];
  for (const team of teams) rows.push({ scope: scopeOf.org, entity: 'team', id: team.id, body: team });
  for (const person of staff) {
    rows.push({ scope: scopeOf.org, entity: 'person', id: person.id, body: person });
    const email = `${person.name.toLowerCase().replaceAll(/[^a-z]+/g, '.')}@harbour-and-pine.example`;
    const account = {
      id: person.id,
      email,
      isDisabled: person.isDisabled,
      mustChangePassword: false,
      createdAt: now - 90 * day,
      lastSignInAt: now - hour,
    };
    rows.push({ scope: scopeOf.admin, entity: 'account', id: person.id, body: account });
  }
  if (!choices.isEmpty) for (const [at, talk] of scene.entries()) rows.push(...talkRows(talk, now, at + 1));
  const me: Me = {
    person: ana,
    teams,
    permissions: [...permissionsOf(role)],
    profile: { ...profile, lastUsedAt: now },
    deviceId: fakeId(31),
    presence: 'available',
    mustChangePassword: false,
  };
  const orders = new Map(scene.map((t) => [t.id, t.lines.length]));
  return {
    rows,
    items: [],
    drafts: choices.isEmpty
      ? []
      : [
          {
            conversationId: talks.priya,
            kind: 'reply',
            text: 'I have asked the warehouse to send it on',
            updatedAt: now - 3 * minute,
          },
        ],
    history: [],
    held: new Set(scene.filter((t) => t.owner === people.ana).map((t) => t.id)),
    seen: new Map(
      [talks.maya, talks.priya, talks.sara, talks.jonas, talks.resolved, talks.colleague].map((id) => [
        id,
        orders.get(id) ?? 0,
      ]),
    ),
    link: { state: 'live', since: now - hour },
    dataAt: now,
    me,
    profiles: [],
    stations: [],
    devices: [
      {
        id: fakeId(31),
        personId: people.ana,
        label: 'Desk 4, Lübeck',
        state: 'active',
        enrolledAt: now - 60 * day,
        lastSeenAt: now,
      },
      {
        id: fakeId(32),
        personId: people.ben,
        label: 'Ben at home',
        state: 'active',
        enrolledAt: now - 20 * day,
        lastSeenAt: now - 3 * hour,
      },
      {
        id: fakeId(33),
        personId: people.ida,
        label: 'Training room, second computer from the window',
        state: 'revoked',
        enrolledAt: now - 200 * day,
        lastSeenAt: null,
      },
    ],
  };
}
