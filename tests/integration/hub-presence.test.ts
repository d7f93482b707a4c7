import { beforeEach, expect, test } from 'vitest';
import { sql } from '#server/db/sql.ts';
import type { Db } from '#server/db/tx.ts';
import { type Hub, makeHub } from '#server/hub.ts';
import type { Id } from '#shared/lib/ids.ts';
import { FakeClock } from '#shared/lib/time.ts';
import { freshDatabase } from '#tests/support/postgres.ts';
import { keepingLog, type TestDevice, World } from '#tests/support/world.ts';

let db: Db;
let clock: FakeClock;
let world: World;
let ana: Id;
let desk: TestDevice;

beforeEach(async () => {
  db = await (await freshDatabase()).open();
  clock = new FakeClock(Date.parse('2026-11-22T10:00:00Z'));
  world = await World.create(db, clock);
  ana = await world.person('Ana', 'agent', [world.teams[0]]);
  desk = await world.device(ana);
});

async function presence(): Promise<unknown[]> {
  const rows = await db.rows(sql<{ body: string }>`
    select body from replica where entity = 'presence' and scope = ${`team:${world.teams[0]}`} and body is not null`);
  return rows.map((r) => (JSON.parse(r.body) as { state: string }).state);
}

/** Time passes without a word of anybody, and what is due is written. */
async function silence(hub: Hub, ms: number): Promise<void> {
  clock.advance(ms);
  await hub.presences.flush();
}

function beat(hub: Hub, state: 'available' | 'away'): Promise<void> {
  hub.presences.beat({ org: world.org, personId: ana, device: desk.id, state, drafts: [] });
  return hub.presences.flush();
}

async function commits(): Promise<number> {
  return (await db.one(sql<{ n: number }>`select count(*)::bigint as n from commit_log`)).n;
}

test('somebody is there until 30 s after the last heartbeat, and only changes are replicated', async () => {
  await beat(world.hub, 'available');
  expect(await presence()).toEqual(['available']);
  const before = await commits();
  for (let i = 0; i < 5; i += 1) {
    await silence(world.hub, 10_000);
    await beat(world.hub, 'available');
  }
  expect(await commits()).toBe(before);
  await beat(world.hub, 'away');
  expect(await presence()).toEqual(['away']);
  await silence(world.hub, 29_000);
  expect(await presence()).toEqual(['away']);
  await silence(world.hub, 2_000);
  expect(await presence()).toEqual(['gone']);
});

test('a hub that has just started calls nobody gone before everybody had a full length to be heard', async () => {
  await beat(world.hub, 'available');
  await world.hub.stop();
  clock.advance(10 * 60_000);
  const hub = await makeHub({ db, clock, log: keepingLog() });
  await silence(hub, 29_000);
  expect(await presence()).toEqual(['available']);
  await silence(hub, 2_000);
  expect(await presence()).toEqual(['gone']);
});
