import { readCacheMeta, writeCacheMeta } from '#core/db/cache-scopes.ts';
import type { ReadDb, WriteDb } from '#core/db/handles.ts';
import type { ScopeText } from '#shared/lib/scope.ts';
import { type HoldingFact, scopeOfHolding, sinceOfHolding } from './merge.ts';

const dataAtKey = 'sync.data_at';
const ownerKey = 'sync.owner';

/** When the cache was last known to be what the hub had (hub time), or null. */
export function readDataAt(db: ReadDb): number | null {
  const at = readCacheMeta(db, dataAtKey);
  return at === null ? null : Number(at);
}

/** Writes when the cache was last known to be what the hub had (hub time). */
export function writeDataAt(tx: WriteDb, at: number): void {
  writeCacheMeta(tx, dataAtKey, String(at));
}

/** Whose cache this is (`device:D`), or null before its first page. */
export function readCacheOwner(db: ReadDb): ScopeText | null {
  return readCacheMeta(db, ownerKey);
}

/** Writes whose cache this is, in the transaction that gives it its first cursor. */
export function writeCacheOwner(tx: WriteDb, deviceScope: ScopeText): void {
  writeCacheMeta(tx, ownerKey, deviceScope);
}

/** The living holding rows of this device by row id. */
export function readHoldings(db: ReadDb, deviceScope: ScopeText): Map<string, HoldingFact> {
  const rows = db.all<{ id: string; seq: number; body: string }>(
    `select r.id, r.seq, r.body from cache.row r join cache.scope_state s on s.n = r.scope_n
     where r.entity = 'holding' and r.body is not null and s.scope = ?`,
    deviceScope,
  );
  const holdings = new Map<string, HoldingFact>();
  for (const { id, seq, body } of rows) {
    const scope = scopeOfHolding({ i: id, b: body });
    if (scope !== null) holdings.set(id, { scope, seq, since: sinceOfHolding({ b: body }) });
  }
  return holdings;
}
