import * as z from 'zod/mini';
import { type EntityRows, fieldColumn } from './entity-rows.ts';
import type { ReadDb, SqlRow, SqlValue } from './handles.ts';

/** A visible row with its parsed body. */
export interface ReadRow<Body> {
  readonly scope: string;
  readonly id: string;
  readonly seq: number;
  /** The id of the command that wrote it, when one did. */
  readonly cmd: string | null;
  readonly body: Body;
}

type VisibleRow = { scope: string; entity: string; id: string; seq: number; cmd: string | null; body: string };

/** What to list: equality on indexed fields, an order by one indexed field, a limit. */
export interface EntityQuery {
  readonly where?: Readonly<Record<string, string | number>>;
  readonly orderBy?: string;
  readonly isDescending?: boolean;
  readonly limit?: number;
}

/**
 * One row of an entity by its id: the highest seq among the complete scopes that hold it; null when none does.
 * A body that its schema no longer understands counts as not there.
 */
export function readById<Body>(db: ReadDb, declared: EntityRows<Body>, id: string): ReadRow<Body> | null {
  const sql = `select scope, entity, id, seq, cmd, body from cache.visible_row where entity = ? and id = ?`;
  const row = db.get<VisibleRow>(sql, declared.entity, id);
  return row ? parseRow(declared, row) : null;
}

/** Rows of an entity, each once (highest seq among complete scopes). Fields must be declared by an index of the entity. */
export function readEntity<Body>(db: ReadDb, declared: EntityRows<Body>, query: EntityQuery = {}): ReadRow<Body>[] {
  const fields = new Set(declared.indexes.flatMap((index) => index.fields));
  const column = (path: string): string => {
    if (!fields.has(path)) throw new Error(`${declared.entity}.${path} is in none of its indexes`);
    return fieldColumn(declared.entity, path);
  };
  const asked = Object.entries(query.where ?? {});
  // The entity stands in the text, not in a parameter: only so SQLite knows that a partial index fits.
  const where = [`entity = '${declared.entity}'`, ...asked.map(([path]) => `${column(path)} = ?`)].join(' and ');
  const order = query.orderBy === undefined ? 'id' : column(query.orderBy);
  const params: SqlValue[] = asked.map(([, value]) => value);
  const sql = `select scope, entity, id, seq, cmd, body from cache.visible_row where ${where}
    order by ${order} ${query.isDescending === true ? 'desc' : 'asc'} limit ?`;
  return db.all<VisibleRow>(sql, ...params, query.limit ?? -1).flatMap((row) => parseRow(declared, row) ?? []);
}

/** One hit of a search; the body is JSON text, to be parsed by the slice that owns the entity. */
export type SearchHit = SqlRow & VisibleRow & { rank: number };

/** How many of the best matches are looked at for each one asked for: some may be of scopes that are not complete, or doubles. */
const candidates = 5;

/**
 * Finds rows by words: all must occur, the last letters may be missing (but not of a single letter), best first. What the person
 * typed is never read as query syntax. Text without a letter or digit finds nothing.
 */
export function search(db: ReadDb, typed: string, options: { entity?: string; limit: number }): SearchHit[] {
  const match = matchOf(typed, options.entity);
  if (match === '') return [];
  const sql = `select v.scope, v.entity, v.id, v.seq, v.cmd, v.body, f.score as rank
    from (select rowid as n, rank as score from cache.search where search match ? order by rank limit ?) f
    cross join cache.visible_row v on v.n = f.n order by f.score limit ?`;
  return db.all<SearchHit>(sql, match, options.limit * candidates, options.limit);
}

function matchOf(typed: string, entity: string | undefined): string {
  const words = typed
    .normalize('NFC')
    .split(/[^\p{L}\p{N}\p{M}]+/u)
    .filter((word) => word !== '')
    .slice(0, 12)
    .map((word) => `"${word.slice(0, 64)}"${/^[a-z0-9]$/i.test(word) ? '' : '*'}`);
  if (words.length === 0) return '';
  const text = `text : (${words.join(' AND ')})`;
  return entity === undefined ? text : `${text} AND entity : "${entity.replaceAll('"', '""')}"`;
}

function parseRow<Body>(declared: EntityRows<Body>, row: VisibleRow): ReadRow<Body> | null {
  const parsed = z.safeParse(declared.schema, JSON.parse(row.body));
  return parsed.success ? { scope: row.scope, id: row.id, seq: row.seq, cmd: row.cmd, body: parsed.data } : null;
}
