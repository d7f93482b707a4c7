import { expect, test } from 'vitest';
import { sql } from '#server/db/sql.ts';
import { type Db, inTransaction } from '#server/db/tx.ts';
import type { Regrant } from '#server/replica/holdings.ts';
import { scopeOf } from '#shared/lib/scope.ts';
import { systemClock } from '#shared/lib/time.ts';
import { freshDatabase } from '#tests/support/postgres.ts';
import { World } from '#tests/support/world.ts';

let db: Db;

/** What the living holding rows of a conversation's public scope say they are held since, by cause. */
async function sinceOf(device: string, conversation: string): Promise<Record<string, string>> {
  const rows = await db.rows(sql<{ body: string }>`
    select body from replica where scope = ${scopeOf.device(device)} and entity = 'holding' and body is not null`);
  const holdings = rows.map((r) => JSON.parse(r.body) as { scope: string; cause: string; since: string });
  const mine = holdings.filter((h) => h.scope === scopeOf.publicOf(conversation));
  return Object.fromEntries(mine.map((h) => [h.cause.split(':')[0], h.since]));
}

test('a scope is held since one moment for all its causes, and since another after a break', async () => {
  db = await (await freshDatabase()).open();
  const world = await World.create(db, systemClock);
  const ana = await world.person('Ana', 'agent', [world.teams[0]]);
  const { id: device } = await world.device(ana);
  const { conversationId: conversation } = await world.customerWrites(world.mint.next(), 'Hello');
  const regrant = (change: Regrant, owner: string | null) =>
    inTransaction(db, async (tx) => {
      await tx.run(sql`update conversations set owner_id = ${owner}::uuid where id = ${conversation}::uuid`);
      const at = systemClock.now();
      await world.hub.ctx.commit(tx, { org: world.org, at, cmd: null, rows: [], audit: [], regrant: change });
    });
  await regrant({ open: { device, conversation } }, null);
  const first = (await sinceOf(device, conversation))['opened'] ?? '';
  expect(first).not.toBe('');
  await regrant({ conversations: [conversation] }, ana);
  expect(await sinceOf(device, conversation)).toEqual({ opened: first, ownership: first });
  await regrant({ close: { device, conversation } }, ana);
  await regrant({ open: { device, conversation } }, ana);
  expect(await sinceOf(device, conversation)).toEqual({ opened: first, ownership: first });
  await regrant({ close: { device, conversation } }, ana);
  await regrant({ conversations: [conversation] }, null);
  expect(await sinceOf(device, conversation)).toEqual({});
  await regrant({ conversations: [conversation] }, ana);
  const again = (await sinceOf(device, conversation))['ownership'] ?? '';
  expect(again).not.toBe('');
  expect(again).not.toBe(first);
});
