import { expect, inject, test } from 'vitest';
import { migrate } from '#server/db/migrations.ts';
import { openDb } from '#server/db/open.ts';
import { sql } from '#server/db/sql.ts';
import { inTransaction } from '#server/db/tx.ts';
import { systemClock } from '#shared/lib/time.ts';
import { freshDatabase } from './postgres.ts';
import { must } from './postgres-server.ts';

test('two fresh databases share nothing, are migrated, and can be reached by URL', async () => {
  const [one, two] = await Promise.all([freshDatabase(), freshDatabase()]);
  const db = await one.open();
  await inTransaction(db, (tx) => tx.run(sql`create table mine (id text)`));
  const other = must(await openDb({ url: two.url }));
  try {
    expect(await other.one(sql`select to_regclass('mine') as mine`)).toEqual({ mine: null });
    expect(must(await migrate(other, systemClock))).toEqual([]);
  } finally {
    await other.close();
  }
});

test('a dropped database is gone, whoever is connected', async () => {
  const database = await freshDatabase({ isEmpty: true });
  const name = database.address.database;
  const left = must(await openDb({ url: database.url }));
  await left.one(sql`select 1`);
  await database.drop();
  const admin = must(await openDb({ address: { ...inject('postgres'), database: 'postgres' } }));
  try {
    expect(await admin.rows(sql`select datname from pg_database where datname = ${name}`)).toEqual([]);
  } finally {
    await Promise.all([admin.close(), left.close()]);
  }
});
