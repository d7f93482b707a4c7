import { createHash } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PoolClient } from 'pg';
import { hubError } from '#shared/lib/errors.ts';
import type { Result } from '#shared/lib/result.ts';
import { fail, ok } from '#shared/lib/result.ts';
import type { Clock } from '#shared/lib/time.ts';
import type { Db } from './tx.ts';

/** A step of the schema: one `.sql` file, frozen once released. */
export interface Migration {
  readonly number: number;
  readonly name: string;
  /** sha256 of its text (line ends as LF), hex. */
  readonly checksum: string;
  readonly text: string;
}

/** A step as a database or a backup remembers it. */
export type AppliedMigration = Omit<Migration, 'text'>;

/** The folder of the hub's own migrations. */
export const migrationsDir = fileURLToPath(new URL('./migrations', import.meta.url));

/** One number for all hubs: who migrates waits for who does. */
const migrationLock = 4_611_702;

/**
 * Reads a folder of `NNNN-name.sql`, in order of number.
 * Errors: `database/bad-migration` (a wrong name, a number twice, or a `begin`/`commit` inside: each file is one transaction already).
 */
export async function readMigrations(dir: string = migrationsDir): Promise<Result<Migration[]>> {
  const found: Migration[] = [];
  for (const file of (await fs.readdir(dir)).toSorted()) {
    if (!file.endsWith('.sql')) continue;
    const match = /^(\d{4})-([a-z0-9-]+)\.sql$/.exec(file);
    if (match === null) return bad(`${file} is not named NNNN-name.sql`);
    const number = Number(match[1]);
    if (found.at(-1)?.number === number) return bad(`two migrations have the number ${match[1] ?? ''}`);
    const text = (await fs.readFile(join(dir, file), 'utf8')).replaceAll('\r\n', '\n');
    if (/^\s*(begin|start\s+transaction|commit|rollback)\s*;/im.test(text))
      return bad(`${file} begins or ends a transaction`);
    found.push({ number, name: match[2] ?? '', checksum: createHash('sha256').update(text).digest('hex'), text });
  }
  return ok(found);
}

/**
 * Brings the schema up to date: every migration not yet recorded, in order, each in a transaction of its own under an
 * advisory lock (two hubs starting at once do it once). Answers the names of those it ran.
 * Errors: `database/bad-migration`; `database/edited-migration` (one that ran has another text now);
 * `database/newer-schema` (the database knows one this hub does not); `database/migration-failed`.
 */
export async function migrate(db: Db, clock: Clock, dir: string = migrationsDir): Promise<Result<string[]>> {
  const known = await readMigrations(dir);
  if (!known.ok) return known;
  const ran: string[] = [];
  const client = await db.pool.connect();
  try {
    for (;;) {
      const step = await nextStep(client, known.value, clock);
      if (!step.ok) return step;
      if (step.value === null) return ok(ran);
      ran.push(step.value);
    }
  } finally {
    client.release(true); // its statements were parsed against a schema that has changed
  }
}

/** The migrations a database has run, in order; none when it is new. */
export async function appliedMigrations(client: Pick<PoolClient, 'query'>): Promise<AppliedMigration[]> {
  const there = await client.query<{ is: boolean }>(`select to_regclass('schema_migrations') is not null as is`);
  if (there.rows[0]?.is !== true) return [];
  const answer = await client.query<AppliedMigration>(
    'select number, name, checksum from schema_migrations order by number',
  );
  return answer.rows;
}

/** Says which of `known` are still to run after `applied`, or why they do not fit together. Pure. */
export function pendingMigrations(
  known: readonly Migration[],
  applied: readonly AppliedMigration[],
): Result<Migration[]> {
  const byNumber = new Map(known.map((m) => [m.number, m]));
  for (const done of applied) {
    const mine = byNumber.get(done.number);
    const label = labelOf(done);
    if (mine === undefined) {
      return fail(
        hubError('database/newer-schema', {
          params: {
            migration: label,
            why: `the data was written by a newer hub (it knows migration ${label}): update this one`,
          },
        }),
      );
    }
    if (mine.checksum !== done.checksum || mine.name !== done.name) {
      return fail(
        hubError('database/edited-migration', {
          params: {
            migration: label,
            why: `migration ${label} has run and was edited since: put it back, write a new one`,
          },
        }),
      );
    }
  }
  const last = applied.at(-1)?.number ?? -1;
  const done = new Set(applied.map((a) => a.number));
  const pending = known.filter((m) => !done.has(m.number));
  const late = pending.find((m) => m.number < last);
  if (late !== undefined) return bad(`${labelOf(late)} comes before one that has run: give it the next number`);
  return ok(pending);
}

/** Runs one migration and records it, inside the transaction `client` is in. Throws what the server says. */
export async function runMigration(
  client: Pick<PoolClient, 'query'>,
  migration: Migration,
  clock: Clock,
): Promise<void> {
  await client.query(
    `create table if not exists schema_migrations (
      number integer primary key, name text not null, checksum text not null, applied_at bigint not null)`,
  );
  if (migration.text.trim() !== '') await client.query(migration.text);
  await client.query('insert into schema_migrations (number, name, checksum, applied_at) values ($1, $2, $3, $4)', [
    migration.number,
    migration.name,
    migration.checksum,
    clock.now(),
  ]);
}

/** `0001-name`, as the file is called. */
export function labelOf({ number, name }: Pick<AppliedMigration, 'number' | 'name'>): string {
  return `${String(number).padStart(4, '0')}-${name}`;
}

async function nextStep(client: PoolClient, known: readonly Migration[], clock: Clock): Promise<Result<string | null>> {
  await client.query('begin isolation level read committed read write');
  try {
    await client.query(
      'set local statement_timeout = 0; set local lock_timeout = 0; set local idle_in_transaction_session_timeout = 0',
    );
    await client.query('select pg_advisory_xact_lock($1::bigint)', [migrationLock]);
    const pending = pendingMigrations(known, await appliedMigrations(client));
    const next = pending.ok ? pending.value[0] : undefined;
    if (!pending.ok || next === undefined) {
      await client.query('rollback');
      return pending.ok ? ok(null) : pending;
    }
    try {
      await runMigration(client, next, clock);
      await client.query('commit');
      return ok(labelOf(next));
    } catch (error) {
      await client.query('rollback').catch(() => undefined);
      const words = error instanceof Error ? error.message : String(error);
      return fail(
        hubError('database/migration-failed', {
          params: {
            migration: labelOf(next),
            why: `migration ${labelOf(next)} failed and was undone: ${words}`.slice(0, 400),
          },
        }),
      );
    }
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}

function bad(why: string): { ok: false; error: ReturnType<typeof hubError> } {
  return fail(hubError('database/bad-migration', { params: { why } }));
}
