import type { Clock } from '#shared/lib/time.ts';
import type { ReadDb, WriteDb } from './handles.ts';

/** A scope this desk holds. `complete` false: its rows are stored but no read shows them. */
export interface HeldScope {
  readonly scope: string;
  /** The position (seq) at which it joined the stream; what is older comes by backfill. */
  readonly joinedAt: number;
  readonly isComplete: boolean;
  /** The last backfilled seq, or null before the first answer. */
  readonly backfillAfter: number | null;
}

type ScopeRow = { scope: string; joined_at: number; complete: number; backfill_after: number | null };

/** Where the desk stands in the hub's stream. */
export interface StoredCursor {
  readonly seq: number;
  readonly mark: string;
}

/** The cursor, or null for a new cache: everything is to be fetched. */
export function readCursor(db: ReadDb): StoredCursor | null {
  const seq = readCacheMeta(db, 'cursor_seq');
  const mark = readCacheMeta(db, 'cursor_mark');
  return seq === null || mark === null ? null : { seq: Number(seq), mark };
}

/** Moves the cursor; in the transaction that applied the rows before it. */
export function writeCursor(tx: WriteDb, cursor: StoredCursor): void {
  writeCacheMeta(tx, 'cursor_seq', String(cursor.seq));
  writeCacheMeta(tx, 'cursor_mark', cursor.mark);
}

/** A fact about the cache itself, lost with it. */
export function readCacheMeta(db: ReadDb, key: string): string | null {
  return db.value<string>('select value from cache.cache_meta where key = ?', key) ?? null;
}

/** Sets a fact about the cache itself. */
export function writeCacheMeta(tx: WriteDb, key: string, value: string): void {
  tx.run(
    'insert into cache.cache_meta(key, value) values(?, ?) on conflict do update set value = excluded.value',
    key,
    value,
  );
}

/** The number that stands for a scope in `row.scope_n`; made when the scope is new (not held, not complete). */
export function scopeNumber(tx: WriteDb, scope: string): number {
  const known = tx.value<number>('select n from cache.scope_state where scope = ?', scope);
  return known ?? tx.run('insert into cache.scope_state(scope) values(?)', scope).lastId;
}

/** Takes a scope in: it stays invisible until `completeScope`. Joining again at another position starts its backfill anew. */
export function joinScope(tx: WriteDb, scope: string, joinedAt: number): void {
  const n = scopeNumber(tx, scope);
  tx.run('update cache.scope_state set joined_at = ?, complete = 0, backfill_after = null where n = ?', joinedAt, n);
}

/** Remembers how far a backfill came, in the transaction that applied its rows. */
export function backfilledTo(tx: WriteDb, scope: string, after: number): void {
  tx.run('update cache.scope_state set backfill_after = ? where scope = ? and joined_at is not null', after, scope);
}

/** Shows a scope's rows from now on. */
export function completeScope(tx: WriteDb, scope: string): void {
  tx.run('update cache.scope_state set complete = 1 where scope = ? and joined_at is not null', scope);
}

/** One held scope, or null when it is not held. */
export function heldScope(db: ReadDb, scope: string): HeldScope | null {
  const row = db.get<ScopeRow>(
    'select scope, joined_at, complete, backfill_after from cache.scope_state where scope = ? and joined_at is not null',
    scope,
  );
  return row ? heldOf(row) : null;
}

/** All held scopes, by name. */
export function heldScopes(db: ReadDb): HeldScope[] {
  const sql = `select scope, joined_at, complete, backfill_after from cache.scope_state
    where joined_at is not null and scope is not null order by scope`;
  return db.all<ScopeRow>(sql).map(heldOf);
}

/**
 * Gives a scope up. Its name goes at once, and with it every read of its rows; rows and search index are removed by `sweep`,
 * which survives a crash in between. Taking the scope in again later starts from nothing and meets none of the old rows.
 * Answers whether there was anything of that scope.
 */
export function evictScope(tx: WriteDb, scope: string): boolean {
  const sql =
    'update cache.scope_state set scope = null, complete = 0, joined_at = null, backfill_after = null where scope = ?';
  return tx.run(sql, scope).changes > 0;
}

const erasedKey = 'has_erased';

/** Notes that a row was taken away: what it said still stands in the write-ahead log until that is emptied. */
export function noteErased(tx: WriteDb): void {
  writeCacheMeta(tx, erasedKey, '1');
}

/** Whether something was taken away since the log was emptied last; the emptying follows `forgetErased`. */
export function hasErased(db: ReadDb): boolean {
  return readCacheMeta(db, erasedKey) !== null;
}

export function forgetErased(tx: WriteDb): void {
  tx.run('delete from cache.cache_meta where key = ?', erasedKey);
}

/** Whether rows of evicted scopes are still on disk. */
export function hasDoomedRows(db: ReadDb): boolean {
  return db.value('select 1 from cache.scope_state where scope is null limit 1') !== undefined;
}

/**
 * Removes rows and search entries of evicted scopes until the time is used up. Removing words from the index costs about a
 * millisecond a row (they are really removed), so it is done in slices. After the last slice the write-ahead log still holds the old
 * pages: `checkpointTruncate` follows. Answers how many rows went and whether any are left.
 */
export function sweep(tx: WriteDb, time: { clock: Clock; budgetMs: number }): { swept: number; isDone: boolean } {
  const end = time.clock.monotonic() + time.budgetMs;
  let swept = 0;
  for (;;) {
    const doomed = tx.value<number>('select n from cache.scope_state where scope is null limit 1');
    if (doomed === undefined) return { swept, isDone: true };
    const rows = tx.values<number>('select n from cache.row where scope_n = ? limit 4', doomed);
    if (rows.length === 0) tx.run('delete from cache.scope_state where n = ?', doomed);
    for (const n of rows) {
      tx.run('delete from cache.search where rowid = ?', n);
      tx.run('delete from cache.row where n = ?', n);
    }
    swept += rows.length;
    // The index does its work when it is flushed; doing it here keeps it inside the measured time.
    tx.run(`insert into cache.search(search) values('flush')`);
    if (time.clock.monotonic() >= end) return { swept, isDone: !hasDoomedRows(tx) };
  }
}

function heldOf(row: ScopeRow): HeldScope {
  return {
    scope: row.scope,
    joinedAt: row.joined_at,
    isComplete: row.complete === 1,
    backfillAfter: row.backfill_after,
  };
}
