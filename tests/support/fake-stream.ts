import { holdingId } from '#shared/session/rules.ts';
import {
  type Backfilled,
  type Cursor,
  type Outcome,
  type Page,
  pageRows,
  type WireRow,
} from '#shared/wire/messages.ts';

/** A row as it is written: scope, entity, id, body (null = deleted) and the command that wrote it. */
export interface FakeWrite {
  readonly s: string;
  readonly e: string;
  readonly i: string;
  readonly b: unknown;
  readonly c?: string;
}

type Key = string;
const keyOf = (row: { s: string; e: string; i: string }): Key => `${row.s} ${row.e} ${row.i}`;

/**
 * The hub's replica in memory, as DESIGN 3 describes it: the latest version of every row, one seq for all, holdings as rows
 * of `device:D`, pages joined with the holdings of their own snapshot.
 */
export class FakeStream {
  seq = 0;
  private rows = new Map<Key, WireRow>();
  private commits: { first: number; last: number; mark: string }[] = [];
  private held = new Map<string, Map<string, string>>();
  /** by device and scope: since when without a break it is held */
  private since = new Map<string, string>();
  private outcomes = new Map<string, Outcome[]>();
  private marks = 0;
  /** what sets one history apart from another (a restored backup has other marks) */
  private readonly era: string;

  constructor(era = 'a') {
    this.era = era;
  }

  /** Everything as it is now; what is written to the copy has marks of its own. */
  copy(era = this.era): FakeStream {
    const copy = new FakeStream(era);
    copy.seq = this.seq;
    copy.marks = this.marks;
    copy.rows = new Map(this.rows);
    copy.commits = [...this.commits];
    copy.since = new Map(this.since);
    copy.held = new Map([...this.held].map(([device, held]) => [device, new Map(held)]));
    copy.outcomes = new Map([...this.outcomes].map(([device, list]) => [device, [...list]]));
    return copy;
  }

  /** One commit; answers its last seq. An empty one still takes a seq. */
  commit(writes: readonly FakeWrite[]): number {
    const first = this.seq + 1;
    for (const { s, e, i, b, c } of writes) {
      this.seq += 1;
      const row: WireRow = { s, e, i, q: this.seq, b: b === null ? null : JSON.stringify(b), ...(c ? { c } : {}) };
      this.rows.set(keyOf(row), row);
    }
    if (writes.length === 0) this.seq += 1;
    this.marks += 1;
    this.commits.push({ first, last: this.seq, mark: `${this.era}${this.marks}` });
    return this.seq;
  }

  /** The rows that give a device scopes; to be committed with what causes them. Already held ones are left as they are. */
  granting(device: string, scopes: readonly string[], cause: string): FakeWrite[] {
    const held = this.heldBy(device);
    return scopes.flatMap((scope) => {
      const i = holdingId({ scope, cause });
      if (held.has(i)) return [];
      const key = `${device} ${scope}`;
      if (![...held.values()].includes(scope)) this.since.set(key, `${this.era}${this.seq}`);
      held.set(i, scope);
      return [{ s: `device:${device}`, e: 'holding', i, b: { scope, cause, since: this.since.get(key) } }];
    });
  }

  /** The rows that take from a device what it holds for a cause: one scope of it, or all. */
  revoking(device: string, cause: string, only: string | null = null): FakeWrite[] {
    const held = this.heldBy(device);
    return [...held.entries()].flatMap(([i, scope]) => {
      if (i !== holdingId({ scope, cause }) || (only !== null && scope !== only)) return [];
      held.delete(i);
      return [{ s: `device:${device}`, e: 'holding', i, b: null }];
    });
  }

  scopesOf(device: string): Set<string> {
    return new Set(this.heldBy(device).values());
  }

  addOutcome(device: string, outcome: Outcome): void {
    this.outcomes.set(device, [...(this.outcomes.get(device) ?? []), outcome]);
  }

  get(s: string, e: string, i: string): unknown {
    const row = this.rows.get(keyOf({ s, e, i }));
    return row?.b ? JSON.parse(row.b) : null;
  }

  /** A row's newest body in whatever scope. */
  find(e: string, i: string): unknown {
    const found = [...this.rows.values()]
      .filter((r) => r.e === e && r.i === i && r.b !== null)
      .sort((a, b) => b.q - a.q)[0];
    return found?.b ? JSON.parse(found.b) : null;
  }

  /** All bodies of an entity that are in a conversation's own scope. */
  all(e: string): unknown[] {
    const rows = [...this.rows.values()].filter((r) => r.e === e && r.b !== null && r.s.startsWith('conversation:'));
    return rows.map((r) => JSON.parse(r.b ?? 'null') as unknown);
  }

  /** What a device's cache must hold at rest: key -> body text. */
  visibleTo(device: string): Map<string, string> {
    const scopes = this.scopesOf(device);
    const rows = [...this.rows.values()].filter((r) => r.b !== null && scopes.has(r.s));
    return new Map(rows.map((r) => [keyOf(r), r.b ?? '']));
  }

  knows(cursor: Cursor): boolean {
    return (
      cursor.seq === 0 ||
      this.commits.some((c) => c.mark === cursor.mark && c.first <= cursor.seq && cursor.seq <= c.last)
    );
  }

  /** The first page of a device that starts over: its own scope, and a jump to the head. */
  firstPage(device: string, hubAt = 0): Page {
    const own = [...this.rows.values()]
      .filter((r) => r.s === `device:${device}` && r.b !== null)
      .sort((a, b) => a.q - b.q);
    const upTo = { seq: this.seq, mark: this.commits.at(-1)?.mark ?? '' };
    return { t: 'page', from: { seq: 0, mark: '' }, rows: own, outcomes: [], upTo, head: this.seq, more: false, hubAt };
  }

  page(device: string, from: Cursor, limit = pageRows, hubAt = 0): Page {
    const scopes = this.scopesOf(device);
    const mine = [...this.rows.values()].filter((r) => r.q > from.seq && scopes.has(r.s)).sort((a, b) => a.q - b.q);
    const rows = mine.slice(0, limit);
    const end = mine.length > limit ? (rows.at(-1)?.q ?? this.seq) : this.seq;
    const commit = this.commits.find((c) => c.first <= end && end <= c.last);
    const outcomes = (this.outcomes.get(device) ?? []).filter((o) => o.seq > from.seq && o.seq <= end);
    const upTo = { seq: end, mark: commit?.mark ?? '' };
    return { t: 'page', from, rows, outcomes, upTo, head: this.seq, more: commit ? commit.last > end : false, hubAt };
  }

  backfill(
    device: string,
    ask: { id: number; scope: string; upTo: number; after: number },
    limit = pageRows,
  ): Backfilled {
    const isHeld = this.scopesOf(device).has(ask.scope);
    const all = [...this.rows.values()]
      .filter((r) => isHeld && r.s === ask.scope && r.b !== null && r.q > ask.after && r.q <= ask.upTo)
      .sort((a, b) => a.q - b.q);
    const rows = all.slice(0, limit);
    const next = all.length > limit ? (rows.at(-1)?.q ?? null) : null;
    return { t: 'backfilled', id: ask.id, scope: ask.scope, upTo: ask.upTo, rows, next, isHeld };
  }

  private heldBy(device: string): Map<string, string> {
    const held = this.held.get(device) ?? new Map<string, string>();
    this.held.set(device, held);
    return held;
  }
}
