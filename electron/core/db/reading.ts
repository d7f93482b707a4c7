import * as z from 'zod/mini';
import type { Actor } from '#shared/lib/command.ts';
import type { Id } from '#shared/lib/ids.ts';
import type { ScopeText } from '#shared/lib/scope.ts';
import { type EntityQuery, readById, readEntity, type ReadRow as StoredRow } from './cache-reads.ts';
import { heldScope } from './cache-scopes.ts';
import type { EntityRows } from './entity-rows.ts';
import type { ReadDb } from './handles.ts';
import { groupsOf, type OutboxItem, openItems } from './outbox-items.ts';
import type { Overlay, PatchedRow } from './overlay.ts';

/** A row as the person sees it. `n` = the command of this desk it rests on that the hub has not confirmed; null = it is confirmed. */
export interface SeenRow<Body> {
  readonly scope: ScopeText;
  readonly id: string;
  /** 0 for a row that exists only here */
  readonly seq: number;
  readonly cmd: string | null;
  readonly body: Body;
  readonly n: number | null;
  readonly state: OutboxItem['state'] | null;
}

/** Who reads. */
export type Me = Actor & { readonly deviceId: Id };

/**
 * What a slice's reads are given: `reads: Record<queryName, (r: Reading, args) => result>` in `electron/core/SLICE/reads.ts`.
 * Valid for the length of one read.
 */
export interface Reading {
  /** for SQL of the slice's own over `cache.visible_row` and work.db; lay `overlay.rows(entity)` over what it gives */
  readonly db: ReadDb;
  readonly me: Me;
  /** the hub's time as far as this desk knows (epoch ms) */
  readonly now: number;
  readonly overlay: Overlay;
  /** one row with the overlay over it */
  row<Body>(declared: EntityRows<Body>, id: string): SeenRow<Body> | null;
  /** rows by indexed fields, with the overlay over them */
  rows<Body>(declared: EntityRows<Body>, query?: EntityQuery): SeenRow<Body>[];
  /** every item that is not done or given up, in the order written */
  outbox(): readonly OutboxItem[];
  /** the group of each refused, failed or held item by its n */
  groups(): ReadonlyMap<number, number>;
  /** whether a scope is here and whole */
  isHeld(scope: ScopeText): boolean;
}

/** How a slice answers one query. The result is parsed with the query's schema before it leaves the core. */
export type Read<Args = never> = (reading: Reading, args: Args) => unknown;

function valueAt(body: unknown, path: string): unknown {
  let value = body;
  for (const part of path.split('.'))
    value = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[part] : undefined;
  return value;
}

function confirmed<Body>(row: StoredRow<Body>): SeenRow<Body> {
  return { scope: row.scope, id: row.id, seq: row.seq, cmd: row.cmd, body: row.body, n: null, state: null };
}

function unconfirmed<Body>(
  declared: EntityRows<Body>,
  patch: PatchedRow,
  state: OutboxItem['state'] | null,
  under: SeenRow<Body> | null,
): SeenRow<Body> | null {
  const parsed = z.safeParse(declared.schema, patch.body);
  if (!parsed.success) return null;
  return {
    scope: patch.scope,
    id: patch.id,
    seq: under?.seq ?? 0,
    cmd: under?.cmd ?? null,
    body: parsed.data,
    n: patch.n,
    state,
  };
}

function isAsked(body: unknown, query: EntityQuery): boolean {
  return Object.entries(query.where ?? {}).every(([path, wanted]) => valueAt(body, path) === wanted);
}

/** Orders as SQLite does: nothing first, then numbers, then text. */
function compare(a: unknown, b: unknown): number {
  const rank = (v: unknown): number => (v === null || v === undefined ? 0 : typeof v === 'string' ? 2 : 1);
  if (rank(a) !== rank(b)) return rank(a) - rank(b);
  if (rank(a) === 0) return 0;
  return rank(a) === 1 ? Number(a) - Number(b) : String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0;
}

class OneReading implements Reading {
  readonly db: ReadDb;
  readonly me: Me;
  readonly now: number;
  readonly overlay: Overlay;
  private items: readonly OutboxItem[] | null = null;

  constructor(parts: { db: ReadDb; me: Me; now: number; overlay: Overlay }) {
    this.db = parts.db;
    this.me = parts.me;
    this.now = parts.now;
    this.overlay = parts.overlay;
  }

  row<Body>(declared: EntityRows<Body>, id: string): SeenRow<Body> | null {
    const stored = readById(this.db, declared, id);
    const base = stored ? confirmed(stored) : null;
    const patch = this.overlay.row(declared.entity, id);
    if (patch === undefined) return base;
    return patch.body === null ? null : unconfirmed(declared, patch, this.overlay.stateOf(patch.n), base);
  }

  rows<Body>(declared: EntityRows<Body>, query: EntityQuery = {}): SeenRow<Body>[] {
    const patches = this.overlay.rows(declared.entity);
    if (patches.length === 0) return readEntity(this.db, declared, query).map(confirmed);
    const ids = new Set(patches.map((p) => p.id));
    // A patched row may leave the list, so as many more are read; it may also enter it, so each is looked at by itself.
    const limit = query.limit === undefined ? undefined : query.limit + ids.size;
    const stored = readEntity(this.db, declared, limit === undefined ? query : { ...query, limit }).map(confirmed);
    const seen = stored.filter((row) => !ids.has(row.id));
    for (const id of ids) {
      const row = this.row(declared, id);
      if (row && isAsked(row.body, query)) seen.push(row);
    }
    const key = (row: SeenRow<Body>): unknown =>
      query.orderBy === undefined ? row.id : valueAt(row.body, query.orderBy);
    const sign = query.isDescending === true ? -1 : 1;
    seen.sort((a, b) => sign * compare(key(a), key(b)));
    return query.limit === undefined ? seen : seen.slice(0, query.limit);
  }

  outbox(): readonly OutboxItem[] {
    this.items ??= openItems(this.db);
    return this.items;
  }

  groups(): ReadonlyMap<number, number> {
    return groupsOf(this.outbox());
  }

  isHeld(scope: ScopeText): boolean {
    return heldScope(this.db, scope)?.isComplete === true;
  }
}

/** Makes the reading of one query. */
export function readingOf(parts: { db: ReadDb; me: Me; now: number; overlay: Overlay }): Reading {
  return new OneReading(parts);
}
