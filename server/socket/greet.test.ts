import { beforeAll, expect, test } from 'vitest';
import { sql } from '#server/db/sql.ts';
import { type Db, inTransaction } from '#server/db/tx.ts';
import { systemClock } from '#shared/lib/time.ts';
import { freshDatabase } from '#tests/support/postgres.ts';
import { TestLink, World } from '#tests/support/world.ts';

let db: Db;
let world: World;

beforeAll(async () => {
  db = await (await freshDatabase()).open();
  world = await World.create(db, systemClock);
});

test('when a revoked device comes for the last time, the hub writes down once how much it loses', async () => {
  const desk = await world.device(await world.person('Ana', 'agent', [world.teams[0]]));
  await inTransaction(db, (tx) => tx.run(sql`update devices set state = 'revoked' where id = ${desk.id}::uuid`));
  const lastId = world.mint.next();
  for (let i = 0; i < 2; i += 1) {
    const link = new TestLink().open(world.hub);
    link.hello(desk, { lastN: 3, lastId });
    expect(await link.until((m) => m.t === 'dismissed' && m.why)).toBe('revoked');
  }
  const entries = await db.rows(sql<{ entry: string }>`select entry from audit_entries where act = 'session.wiped'`);
  expect(entries.map((e) => JSON.parse(e.entry))).toMatchObject([{ deviceId: desk.id, detail: { lost: 3 } }]);
  const row = await db.one(sql<{ body: string }>`
    select body from replica where scope = 'admin' and entity = 'device' and id = ${desk.id}`);
  expect(JSON.parse(row.body)).toMatchObject({ state: 'revoked', lost: 3 });
});
