import { expect, test, vi } from 'vitest';
import { verifyStoredChain } from '#server/audit/verify.ts';
import { sql } from '#server/db/sql.ts';
import { type Db, inTransaction } from '#server/db/tx.ts';
import { judgeCursor } from '#server/replica/page.ts';
import { issueCodeIn } from '#server/session/accounts.ts';
import { reopenWithinMs } from '#shared/conversation/rules.ts';
import { type Clock, FakeClock, systemClock, type Timer } from '#shared/lib/time.ts';
import { freshDatabase } from '#tests/support/postgres.ts';
import { signed, type TestDevice, TestLink, World } from '#tests/support/world.ts';
import { startHousekeeping } from './housekeeping.ts';

const day = 24 * 60 * 60 * 1000;

/** The computer's own timers under a calendar that can be turned on. */
class Calendar implements Clock {
  private shift = 0;
  now(): number {
    return systemClock.now() + this.shift;
  }
  monotonic(): number {
    return systemClock.monotonic();
  }
  setTimeout(run: () => void, ms: number): Timer {
    return systemClock.setTimeout(run, ms);
  }
  turn(ms: number): void {
    this.shift += ms;
  }
}

async function start() {
  const clock = new Calendar();
  const db = await (await freshDatabase()).open();
  const world = await World.create(db, clock);
  const desk = await world.device(await world.person('Ana', 'agent', [world.teams[0]]));
  return { clock, db, world, desk, house: startHousekeeping(world.hub.ctx) };
}

async function count(
  db: Db,
  table: 'outcomes' | 'commit_log' | 'enrol_codes' | 'session_tokens' | 'holdings',
): Promise<number> {
  const found = await db.pool.query<{ n: number }>(`select count(*)::int as n from ${table}`);
  return found.rows[0]?.n ?? -1;
}

function say(world: World, link: TestLink, desk: TestDevice, n: number, kind: string, args: Record<string, unknown>) {
  const at = world.hub.ctx.clock.now();
  const command = signed(desk, {
    n,
    id: world.mint.next(),
    kind,
    args,
    at,
    hubAt: at,
    offline: false,
    basis: {},
    after: [],
  });
  link.say({ t: 'command', command });
  return link.until((m) => m.t === 'outcome' && m.outcome.n === n && m.outcome);
}

/** Takes, resolves (which takes the head out of the team's list), answers where the desk stood before and after. */
async function resolveOne(world: World, desk: TestDevice, first: number) {
  const { conversationId } = await world.customerWrites(world.mint.next(), 'Hello');
  const link = new TestLink().open(world.hub);
  link.hello(desk, { lastN: first - 1, lastId: await lastIdOf(world, desk) });
  const before = await link.until((m) => m.t === 'page' && m.upTo);
  await say(world, link, desk, first, 'inbox.take', { conversationId });
  const done = await say(world, link, desk, first + 1, 'conversation.resolve', {
    conversationId,
    resolution: 'answered',
    comment: '',
  });
  const after = await link.until((m) => m.t === 'page' && m.upTo.seq >= done.seq && m.upTo);
  link.close();
  return { conversationId, before, after, lastId: done.id };
}

async function lastIdOf(world: World, desk: TestDevice) {
  const row = await world.hub.ctx.db.one(
    sql<{ last_id: string | null }>`select last_id from devices where id = ${desk.id}::uuid`,
  );
  return row.last_id;
}

test('what no desk can ask for any more is forgotten, and a desk that was away longer starts over', async () => {
  const { clock, db, world, desk, house } = await start();
  const old = await resolveOne(world, desk, 1);
  clock.turn(8 * day);
  const young = await resolveOne(world, { ...desk, token: await world.freshToken(desk) }, 3);
  expect(await count(db, 'outcomes')).toBe(4);
  const gone = () => db.rows(sql`select 1 from replica where body is null`);
  expect(await gone()).toHaveLength(2);
  const done = await house.turn();
  expect(done).toMatchObject({ outcomes: 2, gone: 1 });
  expect(await count(db, 'outcomes')).toBe(2);
  expect(await gone()).toHaveLength(1);
  const token = await world.freshToken(desk);
  const away = new TestLink().open(world.hub);
  away.hello({ ...desk, token }, { cursor: old.before, lastN: 4, lastId: young.lastId });
  expect(await away.until((m) => m.t === 'resync' && m.why)).toBe('too-old');
  away.hello({ ...desk, token }, { cursor: null, lastN: 4, lastId: young.lastId });
  const page = await away.until((m) => m.t === 'page' && m);
  expect(page.upTo.seq).toBe(page.head);
  expect(page.rows.length).toBeGreaterThan(3);
  away.close();
  for (const cursor of [old.after, young.before, young.after]) {
    const near = new TestLink().open(world.hub);
    near.hello({ ...desk, token }, { cursor, lastN: 4, lastId: young.lastId });
    expect(await near.until((m) => (m.t === 'welcome' || m.t === 'resync') && m.t)).toBe('welcome');
    near.close();
  }
  expect(await verifyStoredChain(db, world.org)).toMatchObject({ faults: [] });
});

test('a cursor at the horizon itself is still good, one before it is not', async () => {
  const { clock, db, world, desk, house } = await start();
  const { after } = await resolveOne(world, desk, 1);
  clock.turn(8 * day);
  await house.turn();
  const head = await db.one(sql<{ horizon: number; seq: number }>`select horizon, seq from org_heads`);
  expect(head.horizon).toBe(after.seq);
  expect(await judgeCursor(db, world.org, after)).toBeNull();
  expect(await judgeCursor(db, world.org, { seq: after.seq - 1, mark: after.mark })).toBe('too-old');
});

test('housekeeping goes in slices: no transaction touches more than 500 rows', async () => {
  const { clock, db, world, desk, house } = await start();
  await inTransaction(db, async (tx) => {
    await tx.run(sql`
      insert into outcomes (org, device, n, id, status, seq, at)
      select ${world.org}::uuid, ${desk.id}::uuid, i, gen_random_uuid(), 'done', 1, ${clock.now()} from generate_series(1, 1700) i`);
    await tx.run(sql`create table sizes (xact xid8, n int)`);
    await tx.run(sql`
      create function measure() returns trigger language plpgsql as
      $$ begin insert into sizes select pg_current_xact_id(), count(*) from gone; return null; end $$`);
    await tx.run(sql`
      create trigger measured after delete on outcomes referencing old table as gone for each statement execute function measure()`);
  });
  clock.turn(8 * day);
  await house.turn();
  expect(await count(db, 'outcomes')).toBe(0);
  const sizes = await db.rows(sql<{ n: number }>`select sum(n)::int as n from sizes group by xact order by 1 desc`);
  expect(sizes.map((s) => s.n)).toEqual([500, 500, 500, 200]);
});

test('of two nodes one keeps house, the other leaves it', async () => {
  const { db, world, house } = await start();
  const client = await db.connect();
  await client.query('select pg_advisory_lock(4611702, 2)');
  expect(await house.turn()).toBeNull();
  await client.end();
  expect(await house.turn()).toEqual({});
  await world.hub.stop();
});

test('used and outdated codes are forgotten, and a device whose tokens have ended holds nothing any more', async () => {
  const { clock, db, world, desk, house } = await start();
  await inTransaction(db, (tx) => issueCodeIn(tx, world.org, world.mint.next(), clock.now(), world.hub.ctx.random));
  expect(await house.turn()).toEqual({});
  expect(await count(db, 'enrol_codes')).toBe(1);
  expect(await count(db, 'holdings')).toBeGreaterThan(0);
  clock.turn(31 * day);
  await house.turn();
  expect(await count(db, 'enrol_codes')).toBe(0);
  expect(await count(db, 'session_tokens')).toBe(0);
  expect(await count(db, 'holdings')).toBe(0);
  const row = await db.one(sql<{ state: string }>`select state from devices where id = ${desk.id}::uuid`);
  expect(row.state).toBe('frozen');
});

test('a conversation resolved so long ago that it would not be reopened leaves its owner, not earlier', async () => {
  const { clock, db, world, desk, house } = await start();
  const { conversationId } = await resolveOne(world, desk, 1);
  const owner = async () =>
    (
      await db.one(
        sql<{ owner_id: string | null }>`select owner_id from conversations where id = ${conversationId}::uuid`,
      )
    ).owner_id;
  const rights = () => db.rows(sql`select 1 from holdings where cause = ${`ownership:${conversationId}`}`);
  clock.turn(reopenWithinMs - 60_000);
  await house.turn();
  expect(await owner()).toBe(desk.personId);
  expect(await rights()).toHaveLength(4);
  clock.turn(120_000);
  await house.turn();
  expect(await owner()).toBeNull();
  expect(await rights()).toHaveLength(0);
});

test('it works by itself, once a minute', async () => {
  const { clock, db, world } = await start();
  clock.turn(31 * day);
  const minutes = new FakeClock(clock.now());
  const house = startHousekeeping({ ...world.hub.ctx, clock: minutes });
  minutes.advance(59_999);
  await house.stop();
  expect(await count(db, 'session_tokens')).toBe(1);
  const again = startHousekeeping({ ...world.hub.ctx, clock: minutes });
  minutes.advance(60_000);
  await vi.waitFor(async () => expect(await count(db, 'session_tokens')).toBe(0));
  await again.stop();
});
