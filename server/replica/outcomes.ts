import { sql } from '#server/db/sql.ts';
import type { ReadDb } from '#server/db/tx.ts';
import type { Id } from '#shared/lib/ids.ts';

export interface StoredOutcome {
  n: number;
  id: Id;
  status: 'done' | 'refused' | 'held' | 'failed';
  error: string | null;
  seq: number;
}

export function outcomeAt(db: ReadDb, org: Id, device: Id, n: number): Promise<StoredOutcome | null> {
  return db.maybe(sql<StoredOutcome>`
    select n, id, status, error, seq from outcomes where org = ${org}::uuid and device = ${device}::uuid and n = ${n}`);
}

/** The outcome of a command id, under whatever device and n it came first. */
export async function outcomeOfId(db: ReadDb, org: Id, id: Id): Promise<StoredOutcome | null> {
  const rows = await db.rows(sql<StoredOutcome>`
    select n, id, status, error, seq from outcomes where org = ${org}::uuid and id = ${id}::uuid order by seq limit 1`);
  return rows[0] ?? null;
}

/** Whether any of these commands of a device was settled with anything but done. */
export async function anyNotDone(db: ReadDb, org: Id, device: Id, ns: readonly number[]): Promise<boolean> {
  if (ns.length === 0) return false;
  const rows = await db.rows(sql`
    select 1 from outcomes where org = ${org}::uuid and device = ${device}::uuid and n = any(${ns}::bigint[]) and status <> 'done' limit 1`);
  return rows.length > 0;
}
