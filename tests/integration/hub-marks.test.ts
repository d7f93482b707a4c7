import { expect, test } from 'vitest';
import { sql } from '#server/db/sql.ts';
import { FakeClock } from '#shared/lib/time.ts';
import { freshDatabase } from '#tests/support/postgres.ts';
import { World } from '#tests/support/world.ts';

test('read marks go forward only, never beyond what there is to read, and many of them are one commit', async () => {
  const db = await (await freshDatabase()).open();
  const clock = new FakeClock(Date.parse('2026-11-22T10:00:00Z'));
  const world = await World.create(db, clock);
  const { marks } = world.hub;
  const ids: string[] = [];
  for (let i = 0; i < 3; i += 1) {
    const visitor = world.mint.next();
    ids.push((await world.customerWrites(visitor, 'one')).conversationId);
    await world.customerWrites(visitor, 'two');
  }
  const commits = async () => (await db.one(sql<{ n: number }>`select count(*)::bigint as n from commit_log`)).n;
  const receipts = () =>
    db.rows(sql<{ delivered_up_to: number; read_up_to: number }>`select delivered_up_to, read_up_to from receipts`);
  const mark = (conversationId: string, deliveredUpTo: number, readUpTo: number): void =>
    marks.add(world.org, { conversationId, party: 'agent', deliveredUpTo, readUpTo });
  const before = await commits();
  for (const id of ids) for (const upTo of [1, 99, 2]) mark(id, 0, upTo);
  expect(await commits()).toBe(before);
  clock.advance(50);
  await marks.flush();
  expect(await commits()).toBe(before + 1);
  const all = Array.from({ length: 3 }, () => ({ delivered_up_to: 2, read_up_to: 2 }));
  expect(await receipts()).toEqual(all);
  for (const id of ids) mark(id, 1, 1);
  await marks.flush();
  expect(await commits()).toBe(before + 1);
  expect(await receipts()).toEqual(all);
});
