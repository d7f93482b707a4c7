import type { Client } from 'pg';
import type { Clock } from '#shared/lib/time.ts';
import type { BackupContent } from './backup-file.ts';
import { writeBackupFile } from './backup-file.ts';
import { CopyOut } from './copy.ts';
import { appliedMigrations } from './migrations.ts';
import { quoteName } from './sql.ts';
import type { Db } from './tx.ts';

/**
 * Writes all tables, as they were at one moment, to one file, while the hub goes on working. Works on any PostgreSQL
 * and restores into any. `without` names tables to leave out: they come back empty.
 * Answers what the file holds. Throws what the database or the disk says; then there is no file.
 */
export async function backup(
  db: Db,
  file: string,
  clock: Clock,
  { without = [] }: { readonly without?: readonly string[] } = {},
): Promise<BackupContent> {
  const client = await db.connect();
  try {
    await client.query('begin isolation level repeatable read read only');
    await client.query('set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0');
    const content = await describe(client, clock, without);
    await writeBackupFile(file, content, (table) => copyOut(client, table));
    return content;
  } finally {
    await client.end();
  }
}

async function describe(client: Client, clock: Clock, without: readonly string[]): Promise<BackupContent> {
  const migrations = await appliedMigrations(client);
  const server = await client.query<{ server_version: string }>('show server_version');
  const tables: BackupContent['tables'] = [];
  for (const { name, columns } of await tablesOf(client)) {
    if (without.includes(name)) continue;
    const counted = await client.query<{ n: number }>(`select count(*) as n from ${quoteName(name)}`);
    tables.push({ name, columns, rows: counted.rows[0]?.n ?? 0 });
  }
  // Sequences stand outside the snapshot: read after it was taken they are never behind its rows.
  const sequences = await client.query<{ name: string; value: number }>(
    `select sequencename as name, last_value as value from pg_sequences
     where schemaname = current_schema() and last_value is not null order by 1`,
  );
  return {
    madeAt: clock.now(),
    server: server.rows[0]?.server_version ?? '',
    migrations,
    tables,
    sequences: sequences.rows,
    without: [...without],
  };
}

/** The tables that hold data of ours and their stored columns, in order; the list of migrations is not one of them. */
export async function tablesOf(client: Client): Promise<{ name: string; columns: string[] }[]> {
  const answer = await client.query<{ name: string; columns: string[] }>(
    `select c.relname::text as name, coalesce(array_agg(a.attname::text order by a.attnum) filter (where a.attnum is not null), '{}') as columns
     from pg_class c
     left join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
     where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and c.relname <> 'schema_migrations'
     group by c.relname order by c.relname`,
  );
  return answer.rows;
}

async function* copyOut(client: Client, table: BackupContent['tables'][number]): AsyncGenerator<Buffer> {
  const out = client.query(new CopyOut(`copy ${columnsOf(table)} to stdout`));
  for await (const block of out as AsyncIterable<Buffer>) yield block;
  if (out.rows !== table.rows) throw new Error(`${table.name}: ${out.rows} rows copied, ${table.rows} counted`);
}

/** `"table" ("a", "b")`, as COPY wants it. */
export function columnsOf({ name, columns }: { readonly name: string; readonly columns: readonly string[] }): string {
  return `${quoteName(name)} (${columns.map(quoteName).join(', ')})`;
}
