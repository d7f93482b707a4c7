import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { cacheSql } from '#core/db/cache-schema.ts';
import type { Store } from '#core/db/open.ts';
import { slices } from '#core/slices.ts';

/** What a full cache holds, ready to be inserted: nothing is parsed, nothing looked up. */
export interface CacheRows {
  readonly scopes: readonly (readonly [n: number, scope: string])[];
  readonly rows: readonly {
    readonly values: readonly [
      scope: number,
      entity: string,
      id: string,
      seq: number,
      body: string | null,
      cmd: string | null,
    ];
    /** the words for the search index, or null */
    readonly text: string | null;
  }[];
}

/** Reads everything out of a desk's cache, in the order it was written. */
export function readCache(store: Store): CacheRows {
  const read = store.read((db) => {
    const scopes = db.all<{ n: number; scope: string }>(
      'select n, scope from cache.scope_state where scope is not null order by n',
    );
    const rows = db.all<{
      scope_n: number;
      entity: string;
      id: string;
      seq: number;
      body: string | null;
      cmd: string | null;
      text: string | null;
    }>(
      'select r.scope_n, r.entity, r.id, r.seq, r.body, r.cmd, s.text from cache.row r left join cache.search s on s.rowid = r.n order by r.n',
    );
    return {
      scopes: scopes.map((s) => [s.n, s.scope] as const),
      rows: rows.map((r) => ({ values: [r.scope_n, r.entity, r.id, r.seq, r.body, r.cmd] as const, text: r.text })),
    };
  });
  if (!read.ok) throw new Error(read.error.code);
  return read.value;
}

/**
 * Inserts the same rows into a file of the same schema, indexes, search table, cipher and settings, straight through
 * better-sqlite3, 500 rows a transaction. Answers the rows per second.
 */
export function insertRaw({ scopes, rows }: CacheRows): number {
  const dir = mkdtempSync(join(tmpdir(), 'bench-raw-'));
  try {
    const key = Buffer.alloc(32, 7).toString('hex');
    const db = new Database(join(dir, 'work.db'));
    db.pragma("cipher='chacha20'");
    db.pragma(`key="x'${key}'"`);
    for (const set of ['temp_store = MEMORY', 'journal_mode = WAL', 'synchronous = FULL', 'secure_delete = ON'])
      db.pragma(set);
    db.prepare(`attach ? as cache key "x'${key}'"`).run(join(dir, 'cache.db'));
    for (const set of ['journal_mode = WAL', 'synchronous = NORMAL', 'secure_delete = ON', 'cache_size = -65536'])
      db.pragma(`cache.${set}`);
    db.pragma('wal_autocheckpoint = 4000');
    for (const sql of cacheSql(slices.entities)) db.exec(sql);
    const began = performance.now();
    const insertScope = db.prepare('insert into cache.scope_state(n, scope, joined_at, complete) values(?, ?, 1, 1)');
    const insertRow = db.prepare('insert into cache.row(scope_n, entity, id, seq, body, cmd) values(?, ?, ?, ?, ?, ?)');
    const insertText = db.prepare('insert into cache.search(rowid, entity, text) values(?, ?, ?)');
    db.transaction(() => {
      for (const scope of scopes) insertScope.run(...scope);
    })();
    const insert = db.transaction((from: number) => {
      for (let i = from; i < Math.min(rows.length, from + 500); i += 1) {
        const row = rows[i];
        if (!row) break;
        const { lastInsertRowid } = insertRow.run(...row.values);
        if (row.text !== null) insertText.run(lastInsertRowid, row.values[1], row.text);
      }
    });
    for (let from = 0; from < rows.length; from += 500) insert(from);
    const took = performance.now() - began;
    const count = Number(db.prepare('select count(*) from cache.row').pluck().get());
    db.close();
    if (count !== rows.length) throw new Error(`${count} rows where ${rows.length} were meant`);
    return (count * 1_000) / took;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
