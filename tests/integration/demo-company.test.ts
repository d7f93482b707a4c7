import { expect, test } from 'vitest';
import { sql } from '#server/db/sql.ts';
import { DemoCompany } from '#server/demo/company.ts';
import { seedDemo } from '#server/demo/seed.ts';
import { firstStart } from '#server/first-start.ts';
import { makeHub } from '#server/hub.ts';
import { secureRandom } from '#shared/lib/ids.ts';
import { systemClock } from '#shared/lib/time.ts';
import { freshDatabase } from '#tests/support/postgres.ts';
import { keepingLog } from '#tests/support/world.ts';

test('the same seed tells the same company', () => {
  const now = 1_760_000_000_000;
  const tell = (seed: number) => {
    const company = new DemoCompany(seed, now);
    return [company.people(), ...Array.from({ length: 20 }, () => company.customer())];
  };
  expect(tell(7)).toEqual(tell(7));
  expect(tell(7)).not.toEqual(tell(8));
});

test('seeding fills the organisation once, and customers are waiting in both teams', async () => {
  const db = await (await freshDatabase()).open();
  const hub = await makeHub({ db, clock: systemClock, log: keepingLog(), settings: { isDemo: true } });
  await firstStart(hub.ctx, { orgName: '', isDemo: true, random: secureRandom });
  await seedDemo(hub, { customers: 120, seed: 7 });
  const count = async (table: 'customers' | 'orders' | 'conversations') => {
    const rows = await db.pool.query(`select count(*)::int as n from ${table}`);
    return (rows.rows[0] as { n: number }).n;
  };
  expect(await count('customers')).toBe(120);
  expect(await count('conversations')).toBe(8);
  const teams = await db.rows(
    sql<{
      n: number;
    }>`select count(distinct team_id)::int as n from conversations where owner_id is null and waiting_since is not null`,
  );
  expect(teams[0]?.n).toBe(2);
  await seedDemo(hub, { customers: 120, seed: 7 });
  expect(await count('customers')).toBe(120);
  expect(await count('conversations')).toBe(8);
  await hub.stop();
});
