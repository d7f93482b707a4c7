import { beforeAll, expect, test } from 'vitest';
import { sql } from '#server/db/sql.ts';
import type { Db } from '#server/db/tx.ts';
import type { Envelope } from '#shared/lib/command.ts';
import type { Id } from '#shared/lib/ids.ts';
import { systemClock } from '#shared/lib/time.ts';
import { freshDatabase } from '#tests/support/postgres.ts';
import { signed, type TestDevice, TestLink, World } from '#tests/support/world.ts';

let db: Db;
let world: World;
let ana: Id;
let ben: Id;
let anasDesk: TestDevice;
let bensDesk: TestDevice;

beforeAll(async () => {
  db = await (await freshDatabase()).open();
  world = await World.create(db, systemClock);
  ana = await world.person('Ana', 'agent', [world.teams[0]]);
  ben = await world.person('Ben', 'agent', [world.teams[0]]);
  anasDesk = await world.device(ana);
  bensDesk = await world.device(ben);
});

function envelope(
  device: TestDevice,
  n: number,
  kind: string,
  args: Record<string, unknown>,
  more: Partial<Envelope> = {},
): Envelope {
  const content = {
    n,
    id: world.mint.next(),
    kind,
    args,
    at: systemClock.now(),
    hubAt: systemClock.now(),
    offline: false,
    basis: {},
    after: [],
  };
  return signed(device, { ...content, ...more });
}

function outcomeOf(link: TestLink, n: number) {
  return link.until((m) => m.t === 'outcome' && m.outcome.n === n && m.outcome);
}

test('an agent takes, answers and resolves, and the customer may see the answer but not the note', async () => {
  const said = await world.customerWrites(world.mint.next(), 'My tent has not come. Card 4111 1111 1111 1111');
  const link = new TestLink().open(world.hub);
  link.hello(anasDesk);
  await link.until((m) => m.t === 'welcome');
  const id = said.conversationId;
  link.say({ t: 'command', command: envelope(anasDesk, 1, 'inbox.take', { conversationId: id }) });
  link.say({
    t: 'command',
    command: envelope(anasDesk, 2, 'conversation.reply', { conversationId: id, text: 'I am looking.' }),
  });
  link.say({
    t: 'command',
    command: envelope(anasDesk, 3, 'conversation.note', { conversationId: id, text: 'Third time today.' }),
  });
  link.say({
    t: 'command',
    command: envelope(anasDesk, 4, 'conversation.resolve', { conversationId: id, resolution: 'answered', comment: '' }),
  });
  expect((await outcomeOf(link, 4)).status).toBe('done');
  await link.until((m) => m.t === 'page' && m.outcomes.some((o) => o.n === 4));
  const open = await db.rows(sql<{ entity: string; body: string }>`
    select entity, body from replica where org = ${world.org}::uuid and scope = ${`conversation:${id}:public`} order by seq`);
  expect(open.map((r) => r.entity)).toEqual(['message', 'message']);
  expect(open[0]?.body).not.toContain('4111 1111 1111 1111');
  expect(open.some((r) => r.body.includes('Third time'))).toBe(false);
  const head = [...link.rows()].find(([key]) => key === `conversation:${id} head ${id}`)?.[1].body ?? '{}';
  expect(JSON.parse(head)).toMatchObject({ state: 'resolved', ownerId: ana });
  link.close();
});

test('a later message of the customer reopens the conversation', async () => {
  const visitor = world.mint.next();
  const first = await world.customerWrites(visitor, 'Hello?');
  const link = new TestLink().open(world.hub);
  link.hello(bensDesk);
  link.say({ t: 'command', command: envelope(bensDesk, 1, 'inbox.take', { conversationId: first.conversationId }) });
  link.say({
    t: 'command',
    command: envelope(bensDesk, 2, 'conversation.resolve', {
      conversationId: first.conversationId,
      resolution: 'other',
      comment: '',
    }),
  });
  await outcomeOf(link, 2);
  const again = await world.customerWrites(visitor, 'One more thing');
  expect(again.conversationId).toBe(first.conversationId);
  const head = await link.until((m) => {
    if (m.t !== 'page') return null;
    const row = m.rows.find(
      (r) => r.e === 'head' && r.s === `conversation:${first.conversationId}` && r.b?.includes('One more'),
    );
    return row?.b ?? null;
  });
  expect(JSON.parse(head)).toMatchObject({ state: 'open', ownerId: ben, waitingSince: again.at });
  link.close();
});

test('the same message id is stored once, also when it comes twice at the same moment', async () => {
  const visitor = world.mint.next();
  const id = world.mint.next();
  const both = await Promise.all([
    world.customerWrites(visitor, 'twice', { id }),
    world.customerWrites(visitor, 'twice', { id }),
  ]);
  expect(both[0]).toEqual(both[1]);
  const found = await db.rows(sql`select 1 from messages where org = ${world.org}::uuid and id = ${id}::uuid`);
  expect(found).toHaveLength(1);
});

test('a command sent again is answered as before, a gap is named, a foreign signature counts for nothing', async () => {
  const carl = await world.person('Carl', 'agent', [world.teams[0]]);
  const desk = await world.device(carl);
  const said = await world.customerWrites(world.mint.next(), 'again');
  const link = new TestLink().open(world.hub);
  link.hello(desk);
  const take = envelope(desk, 1, 'inbox.take', { conversationId: said.conversationId });
  link.say({ t: 'command', command: take });
  const first = await outcomeOf(link, 1);
  link.got.length = 0;
  link.say({ t: 'command', command: take });
  expect(await outcomeOf(link, 1)).toEqual(first);
  link.say({ t: 'command', command: envelope(desk, 5, 'inbox.take', { conversationId: said.conversationId }) });
  expect(await link.until((m) => m.t === 'gap' && m)).toEqual({ t: 'gap', lastN: 1 });
  const forged = signed(
    { ...anasDesk, id: desk.id },
    { ...envelope(desk, 2, 'conversation.reply', { conversationId: said.conversationId, text: 'x' }) },
  );
  link.say({ t: 'command', command: forged });
  expect((await link.until((m) => m.t === 'refused' && m)).error.code).toBe('session/bad-signature');
  link.close();
});

test('a refused reply holds the resolve behind it, though both were sent', async () => {
  const dora = await world.person('Dora', 'agent', [world.teams[0]]);
  const desk = await world.device(dora);
  const visitor = world.mint.next();
  const said = await world.customerWrites(visitor, 'one');
  const id = said.conversationId;
  const link = new TestLink().open(world.hub);
  link.hello(desk);
  link.say({ t: 'command', command: envelope(desk, 1, 'inbox.take', { conversationId: id }) });
  await outcomeOf(link, 1);
  await world.customerWrites(visitor, 'two, while she was away');
  const basis = { lastCustomerOrder: said.order };
  link.say({
    t: 'command',
    command: envelope(desk, 2, 'conversation.reply', { conversationId: id, text: 'late' }, { offline: true, basis }),
  });
  link.say({
    t: 'command',
    command: envelope(
      desk,
      3,
      'conversation.resolve',
      { conversationId: id, resolution: 'answered', comment: '' },
      { offline: true, basis: { lastCustomerOrder: 99 }, after: [2] },
    ),
  });
  link.say({
    t: 'command',
    command: envelope(
      desk,
      4,
      'conversation.note',
      { conversationId: id, text: 'still goes' },
      { offline: true, after: [2, 3] },
    ),
  });
  expect(await outcomeOf(link, 2)).toMatchObject({ status: 'refused', error: { code: 'conversation/overtaken' } });
  expect((await outcomeOf(link, 3)).status).toBe('held');
  expect((await outcomeOf(link, 4)).status).toBe('done');
  link.close();
});

test('a conversation taken at the same moment has one owner, and the other is told who', async () => {
  const said = await world.customerWrites(world.mint.next(), 'who?');
  const desks = await Promise.all(
    ['Eve', 'Finn'].map(async (name) => ({
      name,
      device: await world.device(await world.person(name, 'agent', [world.teams[0]])),
    })),
  );
  const links = desks.map(({ device }) => {
    const link = new TestLink().open(world.hub);
    link.hello(device);
    return link;
  });
  await Promise.all(links.map((l) => l.until((m) => m.t === 'welcome')));
  for (const [i, { device }] of desks.entries()) {
    const command = envelope(device, 1, 'inbox.take', { conversationId: said.conversationId });
    links[i]?.say({ t: 'command', command });
  }
  const outcomes = await Promise.all(links.map((l) => outcomeOf(l, 1)));
  const winner = outcomes.findIndex((o) => o.status === 'done');
  const loser = outcomes.findIndex((o) => o.status === 'refused');
  expect(winner + loser).toBe(1);
  expect(outcomes[loser]?.error).toMatchObject({ code: 'inbox/taken', params: { name: desks[winner]?.name } });
  for (const l of links) l.close();
});

test('a desk whose disk is older than the hub remembers is dismissed as cloned and holds nothing any more', async () => {
  const gil = await world.person('Gil', 'agent', [world.teams[0]]);
  const desk = await world.device(gil);
  const said = await world.customerWrites(world.mint.next(), 'clone');
  const link = new TestLink().open(world.hub);
  link.hello(desk);
  link.say({ t: 'command', command: envelope(desk, 1, 'inbox.take', { conversationId: said.conversationId }) });
  await outcomeOf(link, 1);
  const copy = new TestLink().open(world.hub);
  copy.hello(desk, { lastN: 0 });
  expect(await copy.until((m) => m.t === 'dismissed' && m.why)).toBe('cloned');
  const held = await db.rows(sql`select 1 from holdings where org = ${world.org}::uuid and device = ${desk.id}::uuid`);
  expect(held).toHaveLength(0);
  expect(await link.until((m) => m.t === 'dismissed' && m.why)).toBe('cloned');
});

test('a cursor of another past is answered with resync', async () => {
  const link = new TestLink().open(world.hub);
  link.hello(await world.device(ana), { cursor: { seq: 3, mark: 'of another hub' } });
  expect(await link.until((m) => m.t === 'resync' && m.why)).toBe('unknown-cursor');
  link.close();
});

test('the audit chain is whole, and the database refuses to change it', async () => {
  const { verifyStoredChain } = await import('#server/audit/verify.ts');
  expect(await verifyStoredChain(db, world.org)).toMatchObject({ faults: [] });
  await expect(db.pool.query("begin read write; update audit_entries set act = 'x'")).rejects.toThrow(/never changed/);
});
