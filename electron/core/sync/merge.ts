import * as z from 'zod/mini';
import type { ScopeText } from '#shared/lib/scope.ts';
import { parseScope } from '#shared/lib/scope.ts';
import { holdingSchema } from '#shared/session/model.ts';
import type { Backfilled, Cursor, Outcome, Page, WireRow } from '#shared/wire/messages.ts';

/** One living holding row: the scope it gives, its own seq, and since when without a break the scope is held. */
export interface HoldingFact {
  readonly scope: ScopeText;
  readonly seq: number;
  readonly since: string;
}

/** What the desk has when a page arrives. */
export interface Standing {
  /** `device:D` of this desk */
  readonly deviceScope: ScopeText;
  readonly cursor: Cursor | null;
  /** living holding rows by row id */
  readonly holdings: ReadonlyMap<string, HoldingFact>;
}

/**
 * What is to be done, in order. A change of holding is one step with the row that says so, and belongs into one transaction:
 * `lost` scopes are evicted first, then `gained` joins. A gained scope that `isWhole` needs no backfill: this device's own,
 * whose rows come with every page from the first on.
 */
export type MergeStep =
  | { readonly do: 'rows'; readonly rows: readonly WireRow[] }
  | {
      readonly do: 'holding';
      readonly row: WireRow;
      readonly lost: ScopeText | null;
      readonly gained: { readonly scope: ScopeText; readonly joinedAt: number; readonly isWhole: boolean } | null;
    };

export type Merged =
  /** goes on from where the desk stands */
  | {
      readonly verdict: 'apply';
      readonly steps: readonly MergeStep[];
      readonly outcomes: readonly Outcome[];
      readonly cursor: Cursor;
      /** rows left out because their scope is not held: a backfill brings them if it ever is */
      readonly leftOut: number;
    }
  /** all of it is here already */
  | { readonly verdict: 'seen' }
  /** does not follow on from the cursor, or breaks its own rules: say hello again */
  | { readonly verdict: 'gap'; readonly why: string };

const gap = (why: string): Merged => ({ verdict: 'gap', why });

function follows(from: Cursor, cursor: Cursor | null): boolean {
  return cursor === null ? from.seq === 0 : from.seq === cursor.seq && from.mark === cursor.mark;
}

/** The scope a holding row's id names (`SCOPE|CAUSE`), for a row that has no body any more. */
export function scopeOfHoldingId(id: string): ScopeText | null {
  const scope = id.slice(0, Math.max(0, id.indexOf('|')));
  return parseScope(scope) ? scope : null;
}

function bodyOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The scope a holding row gives or gives up; null when the row makes no sense. */
export function scopeOfHolding(row: Pick<WireRow, 'i' | 'b'>): ScopeText | null {
  if (row.b === null) return scopeOfHoldingId(row.i);
  const parsed = z.safeParse(holdingSchema, bodyOf(row.b));
  return parsed.success && parsed.data.scope === scopeOfHoldingId(row.i) ? parsed.data.scope : null;
}

/** Since when without a break the scope of a living holding row is held; '' when the row does not say. */
export function sinceOfHolding({ b }: Pick<WireRow, 'b'>): string {
  const parsed = b === null ? null : z.safeParse(holdingSchema, bodyOf(b));
  return parsed?.success ? (parsed.data.since ?? '') : '';
}

/** What is held, folded over the rows of a page in their order. */
class Held {
  private readonly living: Map<string, HoldingFact>;
  private readonly causes = new Map<ScopeText, number>();
  /** since when each scope is held, by the newest of its rows */
  private readonly since = new Map<ScopeText, string>();

  constructor(holdings: ReadonlyMap<string, HoldingFact>) {
    this.living = new Map(holdings);
    for (const { scope, since } of [...holdings.values()].sort((a, b) => a.seq - b.seq)) {
      this.causes.set(scope, (this.causes.get(scope) ?? 0) + 1);
      this.since.set(scope, since);
    }
  }

  has(scope: ScopeText): boolean {
    return (this.causes.get(scope) ?? 0) > 0;
  }

  /** Takes one holding row in; null when it was here already. */
  take(row: WireRow, scope: ScopeText): { lost: boolean; gained: boolean } | null {
    const before = this.living.get(row.i);
    if (before && before.seq >= row.q) return null;
    if (before) this.count(scope, -1);
    this.living.delete(row.i);
    if (row.b === null) return { lost: !this.has(scope), gained: false };
    const since = sinceOfHolding(row);
    const wasHeld = before !== undefined || this.has(scope);
    // Held again after a break of which only the end has come, because of each row only the newest is sent: rows of that time
    // were never sent.
    const isBroken = wasHeld && (since === '' ? before !== undefined : since !== this.since.get(scope));
    this.living.set(row.i, { scope, seq: row.q, since });
    this.since.set(scope, since);
    this.count(scope, 1);
    return { lost: !wasHeld || isBroken, gained: !wasHeld || isBroken };
  }

  private count(scope: ScopeText, by: number): void {
    this.causes.set(scope, (this.causes.get(scope) ?? 0) + by);
  }
}

/**
 * What a page means for the desk. Rows come in seq order; whether a scope is held is folded over the page in that order,
 * because a cause that ends and another that begins later leave a time between them in which nothing was sent.
 *
 * A gained scope joins at the end of the page that brought its holding: what is older comes by backfill. The first page of a
 * new cache carries only this device's own scope and jumps to the head.
 */
export function mergePage(standing: Standing, page: Page): Merged {
  const { cursor, deviceScope } = standing;
  if (page.upTo.seq < page.from.seq) return gap('a page that runs backwards');
  if (cursor && page.from.seq < cursor.seq && page.upTo.seq <= cursor.seq) return { verdict: 'seen' };
  if (!follows(page.from, cursor)) return gap('a page that does not follow on');
  const held = new Held(standing.holdings);
  const steps: MergeStep[] = [];
  let rows: WireRow[] = [];
  let leftOut = 0;
  let last = page.from.seq;
  const flush = (): void => {
    if (rows.length > 0) steps.push({ do: 'rows', rows });
    rows = [];
  };
  for (const row of page.rows) {
    if (row.q <= last || row.q > page.upTo.seq) return gap('rows out of order');
    last = row.q;
    if (row.s === deviceScope && row.e === 'holding') {
      const scope = scopeOfHolding(row);
      if (scope === null) return gap('a holding that makes no sense');
      const change = held.take(row, scope);
      if (!change) continue;
      flush();
      const isOwn = scope === deviceScope;
      steps.push({
        do: 'holding',
        row,
        lost: change.lost && !isOwn ? scope : null,
        gained: change.gained ? { scope, joinedAt: page.upTo.seq, isWhole: isOwn } : null,
      });
    } else if (row.s === deviceScope || held.has(row.s)) {
      rows.push(row);
    } else {
      leftOut += 1;
    }
  }
  flush();
  return { verdict: 'apply', steps, outcomes: page.outcomes, cursor: page.upTo, leftOut };
}

/** A scope as the desk holds it when a backfill answer arrives; null = not held. */
export interface JoinedScope {
  readonly joinedAt: number;
  readonly isComplete: boolean;
  /** the last backfilled seq; null before the first answer */
  readonly backfillAfter: number | null;
}

export type MergedBackfill =
  | { readonly verdict: 'apply'; readonly rows: readonly WireRow[]; readonly next: number | null }
  /** the scope was lost, or joined again at another place, since it was asked for */
  | { readonly verdict: 'discard' }
  /** the hub says it is not held: the stream is about to say so too */
  | { readonly verdict: 'not-held' }
  | { readonly verdict: 'malformed'; readonly why: string };

/** What an answer to a backfill means. `after` is what was asked for. */
export function mergeBackfill(joined: JoinedScope | null, answer: Backfilled, after: number): MergedBackfill {
  if (!joined || joined.joinedAt !== answer.upTo || joined.isComplete) return { verdict: 'discard' };
  if (!answer.isHeld) return { verdict: 'not-held' };
  let last = after;
  for (const row of answer.rows) {
    if (row.s !== answer.scope) return { verdict: 'malformed', why: 'a row of another scope' };
    if (row.q <= last || row.q > answer.upTo) return { verdict: 'malformed', why: 'rows out of order' };
    last = row.q;
  }
  if (answer.next !== null && answer.next <= after)
    return { verdict: 'malformed', why: 'a backfill that does not move' };
  return { verdict: 'apply', rows: answer.rows, next: answer.next };
}
