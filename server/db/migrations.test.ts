import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FakeClock } from '#shared/lib/time.ts';
import { freshDatabase } from '#tests/support/postgres.ts';
import { must } from '#tests/support/postgres-server.ts';
import { appliedMigrations, migrate, readMigrations } from './migrations.ts';
import { sql } from './sql.ts';
import type { Db } from './tx.ts';

const clock = new FakeClock(1_800_000_000_000);
let dir: string;

beforeAll(async () => {
  dir = await fs.mkdtemp(join(tmpdir(), 'fairlead-migrations-'));
});
afterAll(() => fs.rm(dir, { recursive: true, force: true }));

async function folder(files: Readonly<Record<string, string>>): Promise<string> {
  const at = await fs.mkdtemp(join(dir, 'set-'));
  for (const [name, text] of Object.entries(files)) await fs.writeFile(join(at, name), text);
  return at;
}

async function emptyDb(): Promise<Db> {
  return (await freshDatabase({ isEmpty: true })).open();
}

const one = { '0001-people.sql': "create table people (id text primary key);\ninsert into people values ('a;b');" };
const two = { ...one, '0002-more.sql': 'alter table people add column age bigint;' };

test('migrations run once, in order, and are recorded', async () => {
  const db = await emptyDb();
  expect(must(await migrate(db, clock, await folder(one)))).toEqual(['0001-people']);
  expect(must(await migrate(db, clock, await folder(two)))).toEqual(['0002-more']);
  expect(must(await migrate(db, clock, await folder(two)))).toEqual([]);
  expect(await db.rows(sql`select id, age from people`)).toEqual([{ id: 'a;b', age: null }]);
  expect(await db.rows(sql`select number, name, applied_at from schema_migrations order by 1`)).toEqual([
    { number: 1, name: 'people', applied_at: 1_800_000_000_000 },
    { number: 2, name: 'more', applied_at: 1_800_000_000_000 },
  ]);
});

test('four hubs that start at once run each migration once', async () => {
  const database = await freshDatabase({ isEmpty: true });
  const hubs = await Promise.all([1, 2, 3, 4].map(() => database.open()));
  const files = await folder(two);
  const ran = await Promise.all(hubs.map(async (db) => must(await migrate(db, clock, files))));
  expect(ran.flat().toSorted()).toEqual(['0001-people', '0002-more']);
});

test('a migration that fails leaves nothing, names itself, and those before it stay', async () => {
  const db = await emptyDb();
  const files = await folder({ ...one, '0002-broken.sql': 'create table half (id text); select nonsense;' });
  const answer = await migrate(db, clock, files);
  expect(answer).toMatchObject({
    ok: false,
    error: { code: 'database/migration-failed', params: { migration: '0002-broken' } },
  });
  expect(await db.one(sql`select to_regclass('half') as half, to_regclass('people') is not null as people`)).toEqual({
    half: null,
    people: true,
  });
  expect(must(await migrate(db, clock, await folder(two)))).toEqual(['0002-more']);
});

test('a migration edited after it ran is refused, line ends aside', async () => {
  const db = await emptyDb();
  must(await migrate(db, clock, await folder(two)));
  const windows = await folder({ ...two, '0001-people.sql': one['0001-people.sql'].replaceAll('\n', '\r\n') });
  expect(must(await migrate(db, clock, windows))).toEqual([]);
  const edited = await folder({ ...two, '0001-people.sql': `${one['0001-people.sql']} ` });
  expect(await migrate(db, clock, edited)).toMatchObject({ ok: false, error: { code: 'database/edited-migration' } });
});

test('a database of a newer hub is refused', async () => {
  const db = await emptyDb();
  must(await migrate(db, clock, await folder(two)));
  expect(await migrate(db, clock, await folder(one))).toMatchObject({
    ok: false,
    error: { code: 'database/newer-schema' },
  });
});

test('a new migration may not be numbered before one that has run', async () => {
  const db = await emptyDb();
  must(await migrate(db, clock, await folder({ '0002-more.sql': 'create table more (id text)' })));
  const answer = await migrate(
    db,
    clock,
    await folder({ '0001-late.sql': '', '0002-more.sql': 'create table more (id text)' }),
  );
  expect(answer).toMatchObject({ ok: false, error: { code: 'database/bad-migration' } });
  expect(await appliedMigrations(db.pool)).toHaveLength(1);
});

test.each([
  ['a wrong name', { '1-people.sql': '' }],
  ['a number given twice', { '0001-a.sql': '', '0001-b.sql': '' }],
  ['a transaction of its own', { '0001-a.sql': 'begin;\nselect 1;\ncommit;' }],
])('a folder with %s is refused', async (_, files) => {
  expect(await readMigrations(await folder(files))).toMatchObject({
    ok: false,
    error: { code: 'database/bad-migration' },
  });
});

test("the hub's own migrations can be read", async () => {
  expect((await readMigrations()).ok).toBe(true);
});
