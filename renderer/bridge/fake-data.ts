import type { Head, Message, Speaker, ThreadEvent } from '#shared/conversation/model.ts';
import { snippetOf } from '#shared/conversation/rules.ts';
import type { Contact, Customer } from '#shared/customer/model.ts';
import type { Id } from '#shared/lib/ids.ts';
import { scopeOf } from '#shared/lib/scope.ts';
import type { Order, OrderStage } from '#shared/order/model.ts';
import type { Me, Person, Profile, Team } from '#shared/session/model.ts';
import { permissionsOf } from '#shared/session/rules.ts';
import { fakeId, type FakeRow, type FakeWorld } from './fake-rows.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

export const teamIds = { returns: fakeId(11), orders: fakeId(12) };
export const people = { ana: fakeId(21), ben: fakeId(22), max: fakeId(23), ida: fakeId(24) };
/** The conversations of the scene, by a short name. */
export const talks = {
  maya: fakeId(101),
  tomasz: fakeId(102),
  guest: fakeId(103),
  priya: fakeId(104),
  sara: fakeId(105),
  jonas: fakeId(106),
  guest2: fakeId(107),
  elena: fakeId(108),
  colleague: fakeId(109),
  resolved: fakeId(110),
};
export const profile: Profile = {
  id: 'demo',
  hubAddress: 'hub.harbour-and-pine.example',
  orgName: 'Harbour & Pine',
  personName: 'Ana Keller',
  email: 'ana@harbour-and-pine.example',
  kind: 'normal',
  lastUsedAt: 0,
};

type Line = [who: Speaker | 'note' | ThreadEvent['what'], text: string, minutesAgo: number];

interface Talk {
  id: Id;
  name: string;
  team: Id;
  owner: Id | null;
  lines: Line[];
  customer: Partial<Customer>;
  order?: { number: string; stage: OrderStage; trouble: string | null; promisedDaysAgo: number };
  past?: number;
  isResolved?: boolean;
  readUpTo?: number;
}

const events = new Set<string>(['started', 'taken', 'released', 'moved', 'resolved', 'reopened']);

function talkRows(talk: Talk, now: number, n: number): FakeRow[] {
  const rows: FakeRow[] = [];
  const customerId = fakeId(1000 + n);
  const pub = scopeOf.publicOf(talk.id);
  const inner = scopeOf.conversation(talk.id);
  let head: Head = {
    id: talk.id, teamId: talk.team, customerId, customerName: talk.name, channel: 'web', state: talk.isResolved ? 'resolved' : 'open',
    ownerId: talk.owner, createdAt: now - (talk.lines[0]?.[2] ?? 0) * minute, lastOrder: 0, lastAt: now, lastCustomerOrder: 0,
    waitingSince: null, snippet: { from: 'customer', text: '' }, resolution: talk.isResolved ? 'answered' : null,
    resolvedAt: talk.isResolved ? now - hour : null,
  };
  for (const [at, [who, text, ago]] of talk.lines.entries()) {
    const order = at + 1;
    const id = fakeId(n * 10_000 + order);
    const when = now - ago * minute;
    head = { ...head, lastOrder: order };
    if (events.has(who)) {
      const body = { id, conversationId: talk.id, order, what: who, byId: people.ana, byName: 'Ana Keller', at: when, detail: text };
      rows.push({ scope: inner, entity: 'event', id, body });
    } else if (who === 'note') {
      const body = { id, conversationId: talk.id, order, authorId: people.ana, authorName: 'Ana Keller', text, at: when };
      rows.push({ scope: inner, entity: 'note', id, body });
    } else {
      const from = who as Speaker;
      const authorName = from === 'agent' ? 'Ana Keller' : from === 'bot' ? 'Bot' : talk.name;
      const body: Message = {
        id, conversationId: talk.id, order, from, authorId: from === 'agent' ? people.ana : null, authorName, text, at: when, writtenAt: null,
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
  const receipt = { conversationId: talk.id, party: 'customer', deliveredUpTo: head.lastOrder, readUpTo: talk.readUpTo ?? head.lastOrder, at: now };
  rows.push({ scope: pub, entity: 'receipt', id: `${talk.id}|customer`, body: receipt });
  rows.push({ scope: scopeOf.team(talk.team), entity: 'head', id: talk.id, body: head });
  const customer: Customer = {
    id: customerId, name: talk.name, email: null, phone: null, tier: 'standard', region: '', language: 'en', verification: 'anonymous',
    since: null, source: 'shop', asOf: now - 40_000, ...talk.customer,
  };
  const of = scopeOf.customer(customerId);
  rows.push({ scope: of, entity: 'customer', id: customerId, body: customer });
  for (let i = 0; i < (talk.past ?? 0); i += 1) {
    const contact: Contact = {
      id: fakeId(n * 10_000 + 500 + i), customerId, channel: i % 2 ? 'email' : 'web', startedAt: now - (i + 1) * 40 * day, endedAt: now - (i + 1) * 40 * day + hour,
      topic: ['Tent pole bent on arrival', 'Invoice address', 'Size of sleeping mat'][i % 3] ?? '', resolution: i % 2 ? 'answered' : 'replaced', agentName: 'Ana Keller',
    };
    rows.push({ scope: of, entity: 'contact', id: contact.id, body: contact });
  }
  if (talk.order) rows.push(...orderRows(talk.order, customerId, n, now));
  return rows;
}

function orderRows(made: NonNullable<Talk['order']>, customerId: Id, n: number, now: number): FakeRow[] {
  const id = fakeId(n * 10_000 + 900);
  const order: Order = {
    id, number: made.number, customerId, placedAt: now - 6 * day, promisedAt: now - made.promisedDaysAgo * day, stage: made.stage,
    stageAt: now - 2 * day, trouble: made.trouble, lines: [{ sku: 'TN-204', title: 'Tern 2-person tent, moss', quantity: 1 }, { sku: 'PG-010', title: 'Tent pegs', quantity: 12 }],
    source: 'orders', asOf: now - 40_000,
  };
  const euro = (minor: number) => ({ minor, currency: 'EUR' });
  const money = { id, customerId, total: euro(24_900), captured: euro(24_900), refunded: euro(0), asOf: now - 40_000 };
  return [
    { scope: scopeOf.customer(customerId), entity: 'order', id, body: order },
    { scope: scopeOf.finance(customerId), entity: 'orderMoney', id, body: money },
  ];
}

const scene: Talk[] = [
  {
    id: talks.maya, name: 'Maya Lindqvist', team: teamIds.orders, owner: people.ana, past: 3, readUpTo: 6,
    customer: { email: 'maya@lindqvist.example', phone: '+46 70 555 01 23', tier: 'gold', region: 'Lübeck', verification: 'site', language: 'en' },
    order: { number: 'HP-20931', stage: 'depot', trouble: 'Kiel depot mis-sort, 41 parcels', promisedDaysAgo: 2 },
    lines: [
      ['started', '', 14],
      ['bot', 'I can see order HP-20931 was marked delivered yesterday at 16:42. Is there anything else?', 13],
      ['customer', 'That is not true, nothing arrived. I want to talk to a person.', 12],
      ['taken', '', 11],
      ['agent', "Hi Maya, I am Ana. I can see the order and what you told the bot, so you need not repeat it. I am checking the carrier's handover now.", 11],
      ['customer', 'Thank you. I need the tent for Saturday.', 10],
      ['note', 'Depot scan shows Kiel, not Lübeck. Same as the two cases this morning.', 9],
    ],
  },
  {
    id: talks.tomasz, name: 'Tomasz Wójcik-Brandenburger', team: teamIds.orders, owner: people.ana, past: 1,
    customer: { email: 'tomasz@wojcik.example', tier: 'silver', region: 'Poznań', verification: 'site', language: 'pl' },
    order: { number: 'HP-20877', stage: 'delivered', trouble: null, promisedDaysAgo: 9 },
    lines: [['started', '', 5], ['customer', 'Invoice 4471 was charged twice. <b>Please</b> look at it.', 2]],
  },
  {
    id: talks.guest, name: 'Guest 2208', team: teamIds.orders, owner: people.ana, customer: { region: 'Hamburg', language: 'de' },
    lines: [['started', '', 6], ['customer', 'ist das Zelt wieder da?', 4]],
  },
  {
    id: talks.priya, name: 'Priya Raman', team: teamIds.orders, owner: people.ana, customer: { verification: 'checked', email: 'priya@raman.example', region: 'Leeds' },
    order: { number: 'HP-20950', stage: 'packed', trouble: null, promisedDaysAgo: -2 },
    lines: [['started', '', 30], ['customer', 'Can you send it to the warehouse instead?', 7], ['agent', 'Let me ask them.', 6]],
  },
  {
    id: talks.sara, name: 'سارة الحسن', team: teamIds.returns, owner: people.ana, customer: { verification: 'site', region: 'Berlin', language: 'ar', email: 'sara@hassan.example' },
    lines: [['started', '', 20], ['customer', 'هل يمكن تغيير العنوان؟', 9]],
  },
  {
    id: talks.jonas, name: 'Jonas Okafor', team: teamIds.orders, owner: people.ana, customer: { verification: 'site', region: 'Kiel' },
    lines: [['started', '', 90], ['customer', 'When will the carrier come back to me?', 80], ['agent', 'They promised an answer by 14:00. I will write to you then.', 78]],
  },
  {
    id: talks.guest2, name: 'Guest 7f2c', team: teamIds.returns, owner: null, customer: {},
    lines: [['started', '', 2], ['bot', 'I did not understand "warranty". A person will be with you.', 1], ['customer', 'The zip is broken after one week', 1]],
  },
  {
    id: talks.elena, name: 'Elena Petrova', team: teamIds.returns, owner: null, customer: { verification: 'site', region: 'Sofia', email: 'elena@petrova.example' },
    lines: [['started', '', 4], ['customer', 'Wrong size, twice now. I would like to talk to a person.', 3]],
  },
  {
    id: talks.colleague, name: 'Maximiliane-Theodora von Hohenstein-Wittelsbach zu Lauenburg', team: teamIds.orders, owner: people.ben, customer: { verification: 'site' },
    lines: [['started', '', 50], ['customer', 'I should like to speak about the invoice for the spring collection.', 40], ['agent', 'Of course.', 38]],
  },
  {
    id: talks.resolved, name: 'Håkon Nygård', team: teamIds.orders, owner: people.ana, isResolved: true, customer: { verification: 'site' },
    lines: [['started', '', 200], ['customer', 'Thanks, it arrived!', 70], ['resolved', 'answered', 60]],
  },
];

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
    { id: people.max, name: 'Dr. Maximilian Freiherr von und zu Wolkenstein-Rodenegg', role: 'supervisor', teamIds: both, isDisabled: false },
    { id: people.ida, name: 'Ida Brandt', role: 'super-user', teamIds: [teamIds.returns], isDisabled: true },
  ];
  const rows: FakeRow[] = [];
  for (const team of teams) rows.push({ scope: scopeOf.org, entity: 'team', id: team.id, body: team });
  for (const person of staff) {
    rows.push({ scope: scopeOf.org, entity: 'person', id: person.id, body: person });
    const email = `${person.name.toLowerCase().replaceAll(/[^a-z]+/g, '.')}@harbour-and-pine.example`;
    const account = { id: person.id, email, isDisabled: person.isDisabled, mustChangePassword: false, createdAt: now - 90 * day, lastSignInAt: now - hour };
    rows.push({ scope: scopeOf.admin, entity: 'account', id: person.id, body: account });
  }
  if (!choices.isEmpty) for (const [at, talk] of scene.entries()) rows.push(...talkRows(talk, now, at + 1));
  const me: Me = {
    person: ana, teams, permissions: [...permissionsOf(role)], profile: { ...profile, lastUsedAt: now }, deviceId: fakeId(31), presence: 'available',
  };
  const orders = new Map(scene.map((t) => [t.id, t.lines.length]));
  return {
    rows, items: [], drafts: choices.isEmpty ? [] : [{ conversationId: talks.priya, kind: 'reply', text: 'I have asked the warehouse to send it on', updatedAt: now - 3 * minute }],
    history: [], held: new Set(scene.filter((t) => t.owner === people.ana).map((t) => t.id)),
    seen: new Map([talks.maya, talks.priya, talks.sara, talks.jonas, talks.resolved, talks.colleague].map((id) => [id, orders.get(id) ?? 0])),
    link: { state: 'live', since: now - hour }, dataAt: now, me, profiles: [], stations: [],
    devices: [
      { id: fakeId(31), personId: people.ana, label: 'Desk 4, Lübeck', state: 'active', enrolledAt: now - 60 * day, lastSeenAt: now },
      { id: fakeId(32), personId: people.ben, label: 'Ben at home', state: 'active', enrolledAt: now - 20 * day, lastSeenAt: now - 3 * hour },
      { id: fakeId(33), personId: people.ida, label: 'Training room, second computer from the window', state: 'revoked', enrolledAt: now - 200 * day, lastSeenAt: null },
    ],
  };
}
