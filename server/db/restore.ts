import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Client } from 'pg';
import { hubError } from '#shared/lib/errors.ts';
import type { Result } from '#shared/lib/result.ts';
import { fail, ok } from '#shared/lib/result.ts';
import type { Clock } from '#shared/lib/time.ts';
import { columnsOf, tablesOf } from './backup.ts';
import type { BackupHeader, CheckedBackup } from './backup-file.ts';
import { checkBackupFile } from './backup-file.ts';
import { CopyIn } from './copy.ts';
import type { Migration } from './migrations.ts';
import { migrationsDir, pendingMigrations, readMigrations, runMigration } from './migrations.ts';
import { quoteName } from './sql.ts';
import type { Db } from './tx.ts';

export interface RestoreOptions {
  readonly clock: Clock;
  /** Throws away what the database holds. Without it a database with any row is refused. */
  readonly isForced?: boolean;
  readonly migrations?: string;
}

/**
 * Puts a backup into the database: checks every byte of the file first, then in ONE transaction builds the schema as
 * it was, fills it, checks counts and references, and runs the migrations made since. A failure leaves the database as
 * it was. No hub may run on it meanwhile: after 30 s of waiting for its locks the restore gives up.
 * Errors: those of `checkBackupFile`; `database/newer-schema`, `database/edited-migration`; `database/not-empty`;
 * `database/restore-failed`.
 */
export async function restore(db: Db, file: string, options: RestoreOptions): Promise<Result<BackupHeader>> {
  const checked = await checkBackupFile(file);
  if (!checked.ok) return checked;
  const { header } = checked.value;
  const known = await readMigrations(options.migrations ?? migrationsDir);
  if (!known.ok) return known;
  const later = pendingMigrations(known.value, header.migrations);
  if (!later.ok) return later;
  const made = new Set(header.migrations.map((m) => m.number));
  const then = known.value.filter((m) => made.has(m.number));

  const client = await db.connect();
  let at = 'the schema';
  try {
    await client.query('begin isolation level read committed read write');
    await client.query(
      'set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0; set local lock_timeout = 30000',
    );
    if (options.isForced !== true && !(await isEmpty(client))) {
      return fail(
        hubError('database/not-empty', { params: { why: 'the database holds data; with --force it is thrown away' } }),
      );
    }
    await buildSchema(client, then, options.clock);
    await fill(client, checked.value, (name) => (at = `table ${name}`));
    at = 'the migrations made since';
    for (const migration of later.value) await runMigration(client, migration, options.clock);
    await client.query('commit');
    return ok(header);
  } catch (error) {
    // The server's words may hold a value from a row; its code never does.
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    const words = error instanceof Mismatch ? `: ${error.message}` : code;
    return fail(
      hubError('database/restore-failed', {
        params: { why: `restoring ${at} failed and the database was left as it was${words}` },
      }),
    );
  } finally {
    await client.end(); // without a commit before it, this undoes everything
  }
}

class Mismatch extends Error {}

async function isEmpty(client: Client): Promise<boolean> {
  for (const { name } of await tablesOf(client)) {
    const found = await client.query(`select 1 from ${quoteName(name)} limit 1`);
    if (found.rowCount !== 0) return false;
  }
  return true;
}

async function buildSchema(client: Client, migrations: readonly Migration[], clock: Clock): Promise<void> {
  const answer = await client.query<{ name: string }>('select quote_ident(current_schema()) as name');
  const schema = answer.rows[0]?.name ?? 'public';
  await client.query(
    `drop schema ${schema} cascade; create schema ${schema}; grant usage on schema ${schema} to public`,
  );
  for (const migration of migrations) await runMigration(client, migration, clock);
  // What a migration put in may wait for checks at the end; a table with such waiting checks cannot be altered.
  await client.query('set constraints all immediate');
}

/**
 * References are taken away and put back, so that tables can be filled in any order and every row is checked once, at
 * the end; triggers rest meanwhile, since what they would do is in the backup already.
 */
async function fill(client: Client, checked: CheckedBackup, onTable: (name: string) => void): Promise<void> {
  const tables = await tablesOf(client);
  const byName = new Map(tables.map((t) => [t.name, t]));
  for (const { name, columns } of checked.header.tables) {
    const mine = byName.get(name);
    if (mine === undefined || columns.some((c) => !mine.columns.includes(c))) {
      throw new Mismatch(`the backup's table ${name} is not what its migrations make`);
    }
  }
  const references = await client.query<{ table: string; name: string; definition: string }>(
    `select conrelid::regclass::text as table, quote_ident(conname) as name, pg_get_constraintdef(oid) as definition
     from pg_constraint where contype = 'f' and conparentid = 0 and connamespace = current_schema()::regnamespace
     order by 1, 2`,
  );
  for (const r of references.rows) await client.query(`alter table ${r.table} drop constraint ${r.name}`);
  for (const { name } of tables) {
    await client.query(`alter table ${quoteName(name)} disable trigger user; delete from ${quoteName(name)}`);
  }
  await checked.read(async (table, blocks) => {
    onTable(table.name);
    const into = client.query(new CopyIn(`copy ${columnsOf(table)} from stdin`));
    await pipeline(Readable.from(blocks), into);
    if (into.rows !== table.rows) throw new Mismatch(`${into.rows} rows of ${table.rows}`);
  });
  onTable('of counters');
  for (const { name, value } of checked.header.sequences) {
    await client.query('select setval(quote_ident($1)::regclass, $2)', [name, value]);
  }
  for (const r of references.rows) {
    onTable(r.table);
    await client.query(`alter table ${r.table} add constraint ${r.name} ${r.definition}`);
  }
  for (const { name } of tables) await client.query(`alter table ${quoteName(name)} enable trigger user`);
}
