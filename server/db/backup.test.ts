import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FakeClock } from '#shared/lib/time.ts';
import { freshDatabase } from '#tests/support/postgres.ts';
import { must } from '#tests/support/postgres-server.ts';
import { backup } from './backup.ts';
import { writeBackupFile } from './backup-file.ts';
import { migrate, readMigrations } from './migrations.ts';
import { restore } from './restore.ts';
import { sql } from './sql.ts';
import type { Db } from './tx.ts';
import { inTransaction } from './tx.ts';

const clock = new FakeClock();
let dir: string;
let migrations: string;
let newer: string;
let source: Db;
let file: string;

/** Everything a schema can make hard: cycles of references, triggers that must not fire, identity, generated, odd names. */
const schema = `
create table teams (id text primary key, lead text);
create table people (id text primary key, team text not null references teams (id), no bigint generated always as identity);
alter table teams add constraint teams_lead foreign key (lead) references people (id) deferrable initially deferred;
create table "Odd ""name" ("Col umn" text, raw bytea, doc jsonb, list text[], n bigint, twice bigint generated always as (n * 2) stored);
create table entries (id bigserial primary key, amount bigint not null);
create table trail (entry bigint not null);
create table secrets (key text primary key);
create function keep_trail() returns trigger language plpgsql as $$ begin insert into trail values (new.id); return new; end $$;
create trigger entries_trail after insert on entries for each row execute function keep_trail();
create function never() returns trigger language plpgsql as $$ begin raise exception 'append only'; end $$;
create trigger trail_append_only before update or delete on trail for each row execute function never();
insert into teams values ('seeded', null);`;

const oddValues = ['tab\t newline\n back\\slash \\N', '', null, 'Grüße 👋 \u2028', 'quote \' and " and ;'];

beforeAll(async () => {
  dir = await fs.mkdtemp(join(tmpdir(), 'fairlead-backup-'));
  migrations = join(dir, 'migrations');
  newer = join(dir, 'newer');
  await fs.mkdir(migrations);
  await fs.writeFile(join(migrations, '0001-all.sql'), schema);
  await fs.cp(migrations, newer, { recursive: true });
  await fs.writeFile(join(newer, '0002-note.sql'), `alter table teams add column note text not null default 'added'`);
  source = await migrated();
  await inTransaction(source, async (tx) => {
    tx.later(sql`insert into teams values ('t1', 'p1')`);
    tx.later(sql`insert into people (id, team) values ('p1', 't1'), ('p2', 't1')`);
    for (const [i, value] of oddValues.entries()) {
      tx.later(
        sql`insert into "Odd ""name" values (${value}, ${Buffer.from([0, 255, i])}, ${JSON.stringify({ value })}, ${[value, 'x']}, ${i})`,
      );
    }
    tx.later(sql`insert into entries (amount) select 0 from generate_series(1, 1000)`);
    tx.later(sql`insert into secrets values ('do-not-keep')`);
  });
  file = join(dir, 'good.backup');
  await backup(source, file, clock, { without: ['secrets'] });
});
afterAll(() => fs.rm(dir, { recursive: true, force: true }));

async function migrated(): Promise<Db> {
  const db = await (await freshDatabase({ isEmpty: true })).open();
  must(await migrate(db, clock, migrations));
  return db;
}

async function empty(): Promise<Db> {
  return (await freshDatabase({ isEmpty: true })).open();
}

async function everything(db: Db): Promise<unknown> {
  return {
    teams: await db.rows(sql`select * from teams order by id`),
    people: await db.rows(sql`select * from people order by id`),
    odd: await db.rows(sql`select * from "Odd ""name" order by n`),
    entries: await db.rows(sql`select * from entries order by id`),
    trail: await db.rows(sql`select * from trail order by entry`),
    migrations: await db.rows(sql`select number, name, checksum from schema_migrations order by number`),
    rules: await db.rows(
      sql`select conrelid::regclass::text as t, conname, pg_get_constraintdef(oid) as d from pg_constraint
          where connamespace = 'public'::regnamespace and conname not like 'schema_migrations%' order by 1, 2`,
    ),
    triggers: await db.rows(sql`select tgname, tgenabled from pg_trigger where not tgisinternal order by 1`),
  };
}

test('what is restored is what was there, rules, triggers and counters too', async () => {
  const db = await empty();
  const header = must(await restore(db, file, { clock, migrations }));
  expect(header.tables.find((t) => t.name === 'entries')?.rows).toBe(1000);
  expect(await everything(db)).toEqual(await everything(source));
  await inTransaction(db, (tx) => tx.run(sql`insert into entries (amount) values (5)`));
  expect(await db.one(sql`select max(id) as last, count(*) as n from entries`)).toEqual({ last: 1001, n: 1001 });
  expect(await db.one(sql`select count(*) as n from trail`)).toEqual({ n: 1001 });
  await expect(inTransaction(db, (tx) => tx.run(sql`delete from trail`))).rejects.toThrow('append only');
  await inTransaction(db, (tx) => tx.run(sql`insert into people (id, team) values ('p3', 't1')`));
  expect(await db.one(sql`select no from people where id = 'p3'`)).toEqual({ no: 3 });
});

test('a table left out comes back empty and is nowhere in the file', async () => {
  const db = await empty();
  expect(must(await restore(db, file, { clock, migrations })).without).toEqual(['secrets']);
  expect(await db.rows(sql`select * from secrets`)).toEqual([]);
  expect((await fs.stat(file)).mode & 0o077).toBe(0);
});

test('an older backup is brought up to date by the migrations made since', async () => {
  const db = await empty();
  must(await restore(db, file, { clock, migrations: newer }));
  expect(await db.rows(sql`select id, note from teams order by id`)).toEqual([
    { id: 'seeded', note: 'added' },
    { id: 't1', note: 'added' },
  ]);
  expect(must(await migrate(db, clock, newer))).toEqual([]);
});

test('a backup of a newer hub is refused', async () => {
  const db = await empty();
  must(await restore(db, file, { clock, migrations: newer }));
  const later = join(dir, 'later.backup');
  await backup(db, later, clock);
  expect(await restore(await empty(), later, { clock, migrations })).toMatchObject({
    ok: false,
    error: { code: 'database/newer-schema' },
  });
});

test('a database that holds anything is refused, and replaced by force', async () => {
  const db = await migrated();
  await inTransaction(db, (tx) => tx.run(sql`insert into secrets values ('precious')`));
  const before = await everything(db);
  expect(await restore(db, file, { clock, migrations })).toMatchObject({
    ok: false,
    error: { code: 'database/not-empty' },
  });
  expect(await everything(db)).toEqual(before);
  must(await restore(db, file, { clock, migrations, isForced: true }));
  expect(await everything(db)).toEqual(await everything(source));
  expect(await db.rows(sql`select * from secrets`)).toEqual([]);
});

test('one changed byte anywhere, or a cut tail, is found before anything is touched', async () => {
  const bytes = await fs.readFile(file);
  const db = await migrated();
  const before = await everything(db);
  const bad = join(dir, 'bad.backup');
  const places = Array.from({ length: 60 }, (_, i) => Math.floor((i * (bytes.length - 1)) / 59));
  for (const at of places) {
    const copy = Buffer.from(bytes);
    copy[at] = (copy[at] ?? 0) ^ 0x01;
    await fs.writeFile(bad, copy);
    const answer = await restore(db, bad, { clock, migrations, isForced: true });
    expect(answer.ok, `byte ${at} of ${bytes.length}`).toBe(false);
    expect(answer.ok ? '' : answer.error.code).toMatch(/^database\/backup-(damaged|unknown)$/);
  }
  for (const length of [0, 1, 100, bytes.length - 80, bytes.length - 1]) {
    await fs.writeFile(bad, bytes.subarray(0, length));
    expect((await restore(db, bad, { clock, migrations, isForced: true })).ok, `${length} bytes`).toBe(false);
  }
  await fs.writeFile(bad, 'not a backup at all');
  expect(await restore(db, bad, { clock, migrations })).toMatchObject({ error: { code: 'database/backup-unknown' } });
  expect(await restore(db, join(dir, 'none'), { clock, migrations })).toMatchObject({
    error: { code: 'database/backup-missing' },
  });
  expect(await everything(db)).toEqual(before);
});

test.each([
  ['a reference to nothing', [Buffer.from('p9\tnowhere\t1\n')], 1, '23503'],
  ['fewer rows than counted', [Buffer.from('p9\tseeded\t1\n')], 2, '1 rows of 2'],
  ['a row that is no row', [Buffer.from('p9\n')], 1, '22P04'],
])('a file with %s is undone as a whole', async (_, blocks, rows, words) => {
  const db = await migrated();
  const before = await everything(db);
  const odd = join(dir, `odd-${words}.backup`);
  const known = must(await readMigrations(migrations)).map(({ number, name, checksum }) => ({
    number,
    name,
    checksum,
  }));
  const tables = [{ name: 'people', columns: ['id', 'team', 'no'], rows }];
  const content = { madeAt: clock.now(), server: '18', migrations: known, tables, sequences: [], without: [] };
  await writeBackupFile(odd, content, async function* () {
    yield* blocks;
  });
  const answer = await restore(db, odd, { clock, migrations, isForced: true });
  expect(answer).toMatchObject({ ok: false, error: { code: 'database/restore-failed' } });
  expect(answer.ok ? '' : answer.error.params?.why).toContain(words);
  expect(await everything(db)).toEqual(before);
});

test('a backup made while others write shows one moment', async () => {
  const database = await freshDatabase({ isEmpty: true });
  const [busy, maker] = [await database.open(), await database.open()];
  must(await migrate(busy, clock, migrations));
  await inTransaction(busy, (tx) => tx.run(sql`insert into entries (amount) select 0 from generate_series(1, 200)`));
  let isOver = false;
  const write = async (seed: number): Promise<void> => {
    for (let i = seed; !isOver; i += 7) {
      // Every transaction moves an amount between two rows and adds two more that cancel out: the sum stays nought.
      await inTransaction(
        busy,
        async (tx) => {
          tx.later(sql`update entries set amount = amount + 1 where id = ${1 + (i % 200)}`);
          tx.later(sql`insert into entries (amount) values (10), (-11)`);
        },
        { retries: 5 },
      );
    }
  };
  const writers = [1, 2, 3].map(write);
  const moving = join(dir, 'moving.backup');
  await backup(maker, moving, clock);
  isOver = true;
  await Promise.all(writers);
  const db = await empty();
  must(await restore(db, moving, { clock, migrations }));
  const found = await db.one(
    sql<{
      sum: number;
      n: number;
      trail: number;
    }>`select sum(amount)::bigint as sum, count(*) as n, (select count(*) from trail) as trail from entries`,
  );
  const after = await busy.one(sql<{ n: number }>`select count(*) as n from entries`);
  expect(found.n).toBeLessThan(after.n);
  expect(found.sum).toBe(0);
  expect(found.trail).toBe(found.n);
  await inTransaction(db, (tx) => tx.run(sql`insert into entries (amount) values (0)`));
});

test('a backup that fails leaves no file', async () => {
  const target = join(dir, 'no-such-folder', 'x.backup');
  await expect(backup(source, target, clock)).rejects.toThrow('ENOENT');
  const db = await migrated();
  const cut = join(dir, 'cut.backup');
  await expect(
    writeBackupFile(
      cut,
      {
        madeAt: 0,
        server: '',
        migrations: [],
        tables: [{ name: 'a', columns: [], rows: 1 }],
        sequences: [],
        without: [],
      },
      async function* () {
        yield Buffer.from('x');
        await db.one(sql`select 1 / 0`);
      },
    ),
  ).rejects.toThrow('division by zero');
  expect((await fs.readdir(dir)).filter((name) => name.startsWith('cut'))).toEqual([]);
});

test("the hub's own schema survives the round trip", async () => {
  const database = await freshDatabase();
  const own = join(dir, 'own.backup');
  const made = await backup(await database.open(), own, clock);
  const db = await empty();
  must(await restore(db, own, { clock }));
  expect(made.migrations.length).toBe(must(await readMigrations()).length);
  expect(must(await migrate(db, clock))).toEqual([]);
});
