import { beforeAll, expect, test, vi } from 'vitest';
import { sql } from '#server/db/sql.ts';
import { type Db, inTransaction } from '#server/db/tx.ts';
import { systemClock } from '#shared/lib/time.ts';
import { freshDatabase } from '#tests/support/postgres.ts';
import { World } from '#tests/support/world.ts';
import { lockDevice, lockPerson, setTeams } from './store.ts';

let db: Db;
let world: World;

beforeAll(async () => {
  db = await (await freshDatabase()).open();
  world = await World.create(db, systemClock);
});

async function somebodyWaits(): Promise<void> {
  await vi.waitFor(async () => {
    const waiting = await db.rows(sql`
      select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`);
    expect(waiting).toHaveLength(1);
  });
}

test('a command that waited while its person changed teams is decided with the new ones', async () => {
  const [returns, delivery] = world.teams;
  const ana = await world.person('Ana', 'agent', [returns]);
  const desk = await world.device(ana);
  let go = (): void => undefined;
  const gate = new Promise<void>((open) => {
    go = open;
  });
  let isLocked = (): void => undefined;
  const locked = new Promise<void>((open) => {
    isLocked = open;
  });
  const change = inTransaction(db, async (tx) => {
    await lockPerson(tx, world.org, ana);
    await setTeams(tx, world.org, ana, [delivery]);
    isLocked();
    await gate;
  });
  await locked;
  const command = inTransaction(db, (tx) => lockDevice(tx, world.org, desk.id));
  await somebodyWaits();
  go();
  await change;
  expect((await command)?.team_ids).toEqual([delivery]);
});
