import * as z from 'zod/mini';
import type { Clock } from '#shared/lib/time.ts';
import { noteErased, scopeNumber, writeCacheMeta } from './cache-scopes.ts';
import type { EntityMap, EntityRows } from './entity-rows.ts';
import type { WriteDb } from './handles.ts';

/** A replicated row as it stands on the wire: scope, entity, id, seq, body as JSON text (null: deleted), command that wrote it. */
export interface IncomingRow {
  readonly s: string;
  readonly e: string;
  readonly i: string;
  readonly q: number;
  readonly b: string | null;
  readonly c?: string | undefined;
}

/** The key of a row, as the change feed wants it. */
export interface RowKey {
  readonly scope: string;
  readonly entity: string;
  readonly id: string;
}

/** A row whose body could not be understood: its key is kept as deleted, so that no older body is shown in its place. */
export interface RejectedRow extends RowKey {
  readonly seq: number;
  readonly why: string;
}

export interface Applied {
  /** Index of the first row that was not looked at; `rows.length` when all were. */
  readonly next: number;
  /** Rows that changed, in order, without the ones an equal or higher seq had already written. */
  readonly touched: readonly RowKey[];
  readonly rejected: readonly RejectedRow[];
}

export interface ApplyOptions {
  readonly entities: EntityMap;
  readonly clock: Clock;
  /** Index to go on from. */
  readonly from?: number;
  /** Time for the whole transaction; at least one group of rows is applied. Left out: no limit (no window is open). */
  readonly budgetMs?: number;
}

const insertRow = `insert into cache.row(scope_n, entity, id, seq, body, cmd) values(?, ?, ?, ?, ?, ?) on conflict do nothing`;
const findRow = `select n, seq from cache.row where entity = ? and id = ? and scope_n = ?`;
const updateRow = `update cache.row set seq = ?, body = ?, cmd = ? where n = ?`;
const insertText = `insert into cache.search(rowid, entity, text) values(?, ?, ?)`;
const findText = `select text from cache.search where rowid = ?`;
const updateText = `update cache.search set text = ? where rowid = ?`;
const deleteText = `delete from cache.search where rowid = ?`;

/** Rows between two looks at the clock. */
const groupSize = 16;
/** What part of the budget may be gone before the transaction is closed: the rest is for its commit. */
const workShare = 0.4;

/**
 * Applies rows to the cache, each only over a lower seq of the same (scope, entity, id); deleted rows are remembered.
 * Any order and any repetition of the same rows end in the same cache.
 */
export function applyRows(tx: WriteDb, rows: readonly IncomingRow[], options: ApplyOptions): Applied {
  const { entities, clock } = options;
  const end = options.budgetMs === undefined ? Infinity : clock.monotonic() + options.budgetMs * workShare;
  const numbers = new Map<string, number>();
  const touched: RowKey[] = [];
  const rejected: RejectedRow[] = [];
  let hasErased = false;
  let at = options.from ?? 0;
  for (let group = 1; at < rows.length; at += 1, group += 1) {
    const row = rows[at];
    if (!row) break;
    let number = numbers.get(row.s);
    if (number === undefined) {
      number = scopeNumber(tx, row.s);
      numbers.set(row.s, number);
    }
    const read = row.b === null ? gone : readBody(entities.get(row.e), row.b);
    if (applyOne(tx, row, number, read)) {
      touched.push({ scope: row.s, entity: row.e, id: row.i });
      hasErased ||= read.body === null;
      if (read.why !== '') rejected.push({ scope: row.s, entity: row.e, id: row.i, seq: row.q, why: read.why });
    }
    if (group % groupSize === 0 && clock.monotonic() >= end) {
      at += 1;
      break;
    }
  }
  // A newer desk may understand them: `openStore` fetches everything again when the build has changed.
  if (rejected.length > 0) writeCacheMeta(tx, 'has_rejected', '1');
  if (hasErased) noteErased(tx);
  return { next: at, touched, rejected };
}

/** What is to be stored of a body: itself and its words, or nothing and why. */
interface ReadBody {
  readonly body: string | null;
  readonly text: string;
  readonly why: string;
}

const gone: ReadBody = { body: null, text: '', why: '' };

function readBody(declared: EntityRows | undefined, body: string): ReadBody {
  if (!declared) return { ...gone, why: 'unknown entity' };
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return { ...gone, why: 'not JSON' };
  }
  const parsed = z.safeParse(declared.schema, json);
  if (!parsed.success)
    return { ...gone, why: `refused by its schema: ${parsed.error.issues[0]?.path.join('.') ?? ''}` };
  return { body, text: declared.searchText?.(parsed.data) ?? '', why: '' };
}

function applyOne(tx: WriteDb, row: IncomingRow, number: number, read: ReadBody): boolean {
  const cmd = row.c ?? null;
  const inserted = tx.run(insertRow, number, row.e, row.i, row.q, read.body, cmd);
  if (inserted.changes === 1) {
    if (read.text !== '') tx.run(insertText, inserted.lastId, row.e, read.text);
    return true;
  }
  const old = tx.get<{ n: number; seq: number }>(findRow, row.e, row.i, number);
  if (!old || old.seq >= row.q) return false;
  tx.run(updateRow, row.q, read.body, cmd, old.n);
  replaceText(tx, old.n, row.e, read.text);
  return true;
}

/** Most updates leave the words alone, and taking words out of the index is what costs. */
function replaceText(tx: WriteDb, n: number, entity: string, text: string): void {
  const old = tx.value<string>(findText, n);
  if (old === text || (old === undefined && text === '')) return;
  if (old === undefined) tx.run(insertText, n, entity, text);
  else if (text === '') tx.run(deleteText, n);
  else tx.run(updateText, text, n);
}
