import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { sql } from '#server/db/sql.ts';
import { startNotify } from '#server/replica/notify.ts';
import type { Head } from '#shared/conversation/model.ts';
import type { Id } from '#shared/lib/ids.ts';
import { FakeClock, systemClock } from '#shared/lib/time.ts';
import { anotherNode } from '#tests/support/one-node.ts';
import { freshDatabase } from '#tests/support/postgres.ts';
import { commandOf, listed, outcomeOf, rowAt, startTwoNodes, type TwoNodes } from '#tests/support/two-nodes.ts';
import { type TestDevice, TestLink, World } from '#tests/support/world.ts';

let two: TwoNodes;
let world: World;

beforeAll(async () => {
  two = await startTwoNodes();
  world = two.world;
});
afterAll(() => two.stop());

async function desk(name: string): Promise<TestDevice> {
  return world.device(await world.person(name, 'agent', [world.teams[0]]));
}

async function join(node: 0 | 1, device: TestDevice): Promise<TestLink> {
  const link = new TestLink().open(two.nodes[node]);
  link.hello(device);
  await link.until((m) => m.t === 'page' && m.upTo.seq === m.head);
  return link;
}

const list = (id: Id) => listed(world.teams[0], id);

test('a command on one node shows on a desk of the other within a second, by the hint alone', async () => {
  // The second node's clock stands still: it never looks by itself.
  const own = await startTwoNodes({}, new FakeClock(systemClock.now()));
  const [team] = own.world.teams;
  const ana = await own.world.device(await own.world.person('Ana', 'agent', [team]));
  const ben = await own.world.device(await own.world.person('Ben', 'agent', [team]));
  const [here, there] = [new TestLink().open(own.nodes[0]), new TestLink().open(own.nodes[1])];
  here.hello(ana);
  there.hello(ben);
  await Promise.all([here, there].map((link) => link.until((m) => m.t === 'page')));
  const { conversationId } = await own.world.customerWrites(own.world.mint.next(), 'Where is my tent?');
  await rowAt<Head>(there, listed(team, conversationId), (h) => h.ownerId === null);
  for (const [i, kind] of ['inbox.take', 'inbox.release', 'inbox.take'].entries()) {
    const owner = kind === 'inbox.take' ? ana.personId : null;
    const args = { conversationId, ...(kind === 'inbox.release' ? { reason: 'lunch' } : {}) };
    const began = systemClock.monotonic();
    here.say({ t: 'command', command: commandOf(own.world.mint, ana, i + 1, kind, args) });
    await rowAt<Head>(there, listed(team, conversationId), (h) => h.ownerId === owner);
    expect(systemClock.monotonic() - began).toBeLessThan(1_000);
  }
  here.close();
  there.close();
  await own.stop();
});

test('without any hint it shows all the same, by the look every second', async () => {
  const database = await freshDatabase();
  const quiet = await World.create(await database.open(), systemClock);
  const other = await anotherNode({ db: await database.open(), clock: systemClock });
  const ben = await quiet.device(await quiet.person('Ben', 'agent', [quiet.teams[0]]));
  const there = new TestLink().open(other);
  there.hello(ben);
  await there.until((m) => m.t === 'page');
  const { conversationId } = await quiet.customerWrites(quiet.mint.next(), 'unannounced');
  await rowAt<Head>(there, listed(quiet.teams[0], conversationId), (h) => h.ownerId === null);
  there.close();
  await Promise.all([quiet.hub.stop(), other.stop()]);
});

test('taken at once on both nodes, a conversation has one owner, and the other desk is told who', async () => {
  const [eve, fin] = [await desk('Eve'), await desk('Fin')];
  const [here, there] = [await join(0, eve), await join(1, fin)];
  for (let n = 1; n <= 5; n += 1) {
    const { conversationId } = await world.customerWrites(world.mint.next(), 'who?');
    here.say({ t: 'command', command: commandOf(world.mint, eve, n, 'inbox.take', { conversationId }) });
    there.say({ t: 'command', command: commandOf(world.mint, fin, n, 'inbox.take', { conversationId }) });
    const outcomes = await Promise.all([outcomeOf(here, n), outcomeOf(there, n)]);
    expect(outcomes.map((o) => o.status).sort()).toEqual(['done', 'refused']);
    const winner = outcomes[0].status === 'done' ? eve : fin;
    const loser = outcomes.find((o) => o.status === 'refused');
    expect(loser?.error).toMatchObject({ code: 'inbox/taken', params: { name: winner === eve ? 'Eve' : 'Fin' } });
    await rowAt<Head>(here, list(conversationId), (h) => h.ownerId === winner.personId);
    await rowAt<Head>(there, list(conversationId), (h) => h.ownerId === winner.personId);
  }
  here.close();
  there.close();
});

test('when its node is killed in the middle, a desk goes on at the other one and nothing is lost or doubled', async () => {
  const own = await startTwoNodes();
  const gil = await own.world.device(await own.world.person('Gil', 'agent', [own.world.teams[0]]));
  const { conversationId } = await own.world.customerWrites(own.world.mint.next(), 'Hello');
  const doomedPool = await own.database.open();
  const doomed = await anotherNode({ db: doomedPool, clock: systemClock, isOneOfMany: true });
  const link = new TestLink().open(doomed);
  link.hello(gil);
  const start = await link.until((m) => m.t === 'page' && m.upTo);
  const all = [
    commandOf(own.world.mint, gil, 1, 'inbox.take', { conversationId }),
    ...Array.from({ length: 40 }, (_, i) =>
      commandOf(own.world.mint, gil, i + 2, 'conversation.reply', { conversationId, text: `line ${i}` }),
    ),
  ];
  for (const command of all) link.say({ t: 'command', command });
  await outcomeOf(link, 9);
  // As abrupt as a power cut: its connections are gone in the middle of whatever they did, nothing is said to the desk.
  link.close();
  await own.world.hub.ctx.db.pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid = any($1::int[])`,
    [await backendsOf(doomedPool)],
  );
  const again = new TestLink().open(own.nodes[1]);
  again.hello(gil, { cursor: start, lastN: 41, lastId: all.at(-1)?.id ?? null });
  const { lastN } = await again.until((m) => m.t === 'welcome' && m);
  expect(lastN).toBeGreaterThanOrEqual(9);
  for (const command of all.slice(lastN)) again.say({ t: 'command', command });
  if (lastN < 41) await outcomeOf(again, 41);
  const stored = await own.world.hub.ctx.db.rows(
    sql<{ text: string }>`select text from messages where conversation_id = ${conversationId}::uuid order by ord`,
  );
  expect(stored.map((m) => m.text)).toEqual(['Hello', ...Array.from({ length: 40 }, (_, i) => `line ${i}`)]);
  await again.until((m) => m.t === 'page' && m.outcomes.some((o) => o.n === 41));
  const seen = new Set(again.got.flatMap((m) => (m.t === 'page' ? m.outcomes.map((o) => o.n) : [])));
  expect(seen.size).toBe(41);
  again.close();
  await own.stop();
});

async function backendsOf(db: World['hub']['ctx']['db']): Promise<number[]> {
  const clients = await Promise.all(Array.from({ length: 16 }, () => db.pool.connect()));
  const pids = await Promise.all(
    clients.map(async (c) => (await c.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]?.pid ?? 0),
  );
  for (const c of clients) c.release();
  return pids;
}

test('typing on one node is seen on a desk of the other', async () => {
  const [hal, ida] = [await desk('Hal'), await desk('Ida')];
  const [here, there] = [await join(0, hal), await join(1, ida)];
  const { conversationId } = await world.customerWrites(world.mint.next(), 'typing?');
  there.say({ t: 'ask', id: world.mint.next(), name: 'conversation.open', args: { conversationId } });
  await there.until((m) => m.t === 'answer' && m.ok);
  two.nodes[0].signals.customerTyping(world.org, conversationId, 'Guest', true);
  const typing = await there.until((m) => m.t === 'typing' && m);
  expect(typing).toMatchObject({ conversationId, party: 'customer', isTyping: true });
  expect(here.got.some((m) => m.t === 'typing')).toBe(false);
  here.close();
  there.close();
});

test('a node that lost its line to the others hears them again, and asks what it missed', async () => {
  const database = await freshDatabase();
  const [one, two] = [await database.open(), await database.open()];
  let news = 0;
  const nothing = () => undefined;
  const parts = { clock: systemClock, onSignal: nothing, onError: nothing };
  const ear = startNotify({
    ...parts,
    db: one,
    onNews: () => {
      news += 1;
    },
  });
  const mouth = startNotify({ ...parts, db: two, onNews: nothing });
  await Promise.all([ear.listening(), mouth.listening()]);
  await two.pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and query like '%advisory_lock_shared%'`,
  );
  await until(() => news > 1);
  await Promise.all([ear.listening(), mouth.listening()]);
  const before = news;
  mouth.news();
  await until(() => news > before);
  await Promise.all([ear.stop(), mouth.stop()]);
});

async function until(is: () => boolean): Promise<void> {
  await vi.waitFor(() => expect(is()).toBe(true), { timeout: 5_000 });
}

test('a burst of commits makes few hints, and the last of them is never swallowed', async () => {
  const database = await freshDatabase();
  const clock = new FakeClock();
  const [one, two] = [await database.open(), await database.open()];
  const heard: number[] = [];
  const nothing = () => undefined;
  const ear = startNotify({
    db: one,
    clock: systemClock,
    onNews: () => void heard.push(1),
    onSignal: nothing,
    onError: nothing,
  });
  const mouth = startNotify({ db: two, clock, onNews: nothing, onSignal: nothing, onError: nothing });
  await Promise.all([ear.listening(), mouth.listening()]);
  heard.length = 0;
  for (let i = 0; i < 100; i += 1) mouth.news();
  await until(() => heard.length === 1);
  clock.advance(20);
  await until(() => heard.length === 2);
  clock.advance(1_000);
  mouth.news();
  await until(() => heard.length === 3);
  await Promise.all([ear.stop(), mouth.stop()]);
});
