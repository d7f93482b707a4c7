import { applyRows, type RowKey } from '#core/db/cache-rows.ts';
import {
  backfilledTo,
  completeScope,
  evictScope,
  heldScope,
  heldScopes,
  joinScope,
  readCursor,
  writeCursor,
} from '#core/db/cache-scopes.ts';
import type { ReadDb, WriteDb } from '#core/db/handles.ts';
import type { Change } from '#shared/lib/query.ts';
import type { ScopeText } from '#shared/lib/scope.ts';
import { delay } from '#shared/lib/time.ts';
import type { Backfilled, Cursor, Page, WireRow } from '#shared/wire/messages.ts';
import { Backfills } from './backfills.ts';
import { readCacheOwner, readHoldings, writeCacheOwner, writeDataAt } from './cache-facts.ts';
import { type HoldingFact, type Merged, type MergeStep, mergeBackfill, mergePage } from './merge.ts';
import { type BackfillJob, type Job, withSmallOnes } from './pull-jobs.ts';
import type { PullParts } from './pull-parts.ts';

/** No transaction of the core lasts longer than this while a window is open (ms). */
const sliceMs = 8;
/** With no window to paint, whole pages are written at once: each commit costs (ms). */
const unwatchedMs = 500;

/** How far the steps of one job have been done. */
interface Progress {
  step: number;
  row: number;
}

/**
 * Takes pages and backfill answers into the cache, one after the other, in slices that never last long. The cursor and the outcomes
 * move in the transaction of the last slice: after a crash the page comes again and finds its rows seen.
 */
export class Pull {
  private readonly parts: PullParts;
  private readonly backfills: Backfills;
  private queue: Job[] = [];
  private holdings: ReadonlyMap<string, HoldingFact> | null = null;
  /** counts links; work of an earlier one is dropped between two slices */
  private link = 0;
  private isUp = false;
  private isRunning = false;
  private lastHead = 0;

  constructor(parts: PullParts) {
    this.parts = parts;
    this.backfills = new Backfills(parts.send);
  }

  /**
   * The cursor for `hello`. A new cache must be empty: its first page jumps to the head, and what an earlier attempt has left
   * would stay behind it. So would what an earlier device of this profile held, when its cache outlived it (a power cut).
   */
  cursorToSay(): Cursor | null {
    const { store, deviceScope } = this.parts;
    const known = store.read((db) => {
      const cursor = readCursor(db);
      return { cursor, isSound: cursor === null ? heldScopes(db).length === 0 : readCacheOwner(db) === deviceScope };
    });
    if (!known.ok) return null;
    if (known.value.isSound) return known.value.cursor;
    this.startOver();
    return null;
  }

  lineUp(): void {
    this.link += 1;
    this.isUp = true;
    this.queue = [];
    this.lastHead = 0;
    const held = this.parts.store.read(heldScopes);
    this.backfills.start(held.ok ? held.value : []);
  }

  /** `trueUntil` = up to when (hub time) the cache was what the hub had, when that is later than its last page says. */
  lineDown(trueUntil: number | null): void {
    if (trueUntil !== null) this.parts.store.write((tx) => writeDataAt(tx, trueUntil));
    this.link += 1;
    this.isUp = false;
    this.queue = [];
    this.backfills.stop();
  }

  /** The hub does not know the cursor: everything is fetched again. */
  startOver(): void {
    this.link += 1;
    this.queue = [];
    this.holdings = null;
    this.lastHead = 0;
    const reset = this.parts.store.resetCache();
    if (!reset.ok) this.parts.failed(reset.error);
    this.backfills.start([]);
    this.parts.changed([...this.allEntities(), { entity: 'local.scope' }]);
  }

  takePage(page: Page): void {
    this.enqueue({ kind: 'page', page });
  }

  takeBackfilled(answer: Backfilled): void {
    const after = this.backfills.answered(answer);
    if (after === null) {
      this.parts.log('debug', 'a backfill answer nobody waits for');
      return;
    }
    this.enqueue({ kind: 'backfill', answer, after });
  }

  private enqueue(job: Job): void {
    if (!this.isUp) return;
    this.queue.push(job);
    if (!this.isRunning) void this.run();
  }

  private async run(): Promise<void> {
    this.isRunning = true;
    try {
      for (let job = this.queue.shift(); job; job = this.queue.shift()) {
        if (job.kind === 'page') await this.doPage(job.page);
        else await this.doBackfills(withSmallOnes(job, this.queue));
      }
    } finally {
      this.isRunning = false;
    }
  }

  private async doPage(page: Page): Promise<void> {
    this.lastHead = Math.max(this.lastHead, page.head);
    const merged = this.parts.store.read((db) => mergePage(this.standing(db), page));
    if (!merged.ok) return this.parts.failed(merged.error);
    const verdict = merged.value;
    switch (verdict.verdict) {
      case 'gap':
        return this.parts.broken(verdict.why);
      case 'seen':
        return this.confirm(page);
      case 'apply': {
        this.parts.pageBegins();
        const isDone = await this.applySteps(verdict.steps, (tx) => this.closePage(tx, page, verdict));
        if (!isDone) return;
        const isCaughtUp = page.upTo.seq >= page.head;
        this.parts.arrived(page.rows, isCaughtUp);
        return this.confirm(page);
      }
    }
  }

  private confirm(page: Page): void {
    this.parts.send({ t: 'pageDone', upTo: page.upTo });
    this.parts.pageDone(page);
  }

  private closePage(tx: WriteDb, page: Page, merged: Extract<Merged, { verdict: 'apply' }>): void {
    if (readCursor(tx) === null) writeCacheOwner(tx, this.parts.deviceScope);
    writeCursor(tx, merged.cursor);
    if (page.upTo.seq >= page.head) writeDataAt(tx, page.hubAt);
    this.parts.settleIn(tx, merged.outcomes);
    this.complete(tx, this.backfills.ripe(merged.cursor.seq));
  }

  private async doBackfills(jobs: readonly BackfillJob[]): Promise<void> {
    const [only, ...more] = jobs;
    if (only && more.length === 0) return this.doBackfill(only);
    const done = this.parts.store.write((tx) =>
      jobs.map(({ answer, after }) => {
        const merged = mergeBackfill(heldScope(tx, answer.scope), answer, after);
        if (merged.verdict !== 'apply') return merged;
        this.applyIn(tx, merged.rows, 0);
        this.closeBackfill(tx, answer, merged.next);
        return merged;
      }),
    );
    if (!done.ok) return this.parts.failed(done.error);
    const malformed = done.value.find((merged) => merged.verdict === 'malformed');
    if (malformed) this.parts.broken(malformed.why);
  }

  private async doBackfill({ answer, after }: BackfillJob): Promise<void> {
    const joined = this.parts.store.read((db) => heldScope(db, answer.scope));
    if (!joined.ok) return this.parts.failed(joined.error);
    const merged = mergeBackfill(joined.value, answer, after);
    switch (merged.verdict) {
      case 'malformed':
        return this.parts.broken(merged.why);
      case 'discard':
      case 'not-held':
        return this.parts.log('debug', `backfill ${merged.verdict}`);
      case 'apply':
        await this.applySteps(merged.rows.length > 0 ? [{ do: 'rows', rows: merged.rows }] : [], (tx) =>
          // Between two slices a page may have taken the scope away or joined it elsewhere; jobs run one by one, so not in here.
          this.closeBackfill(tx, answer, merged.next),
        );
    }
  }

  private closeBackfill(tx: WriteDb, { scope }: Backfilled, next: number | null): void {
    if (next !== null) {
      backfilledTo(tx, scope, next);
      return;
    }
    this.backfills.filled(scope, this.lastHead);
    this.complete(tx, this.backfills.ripe(readCursor(tx)?.seq ?? 0));
  }

  /** Does steps in slices; `close` runs in the transaction of the last one. False when it was dropped on the way. */
  private async applySteps(steps: readonly MergeStep[], close: (tx: WriteDb) => void): Promise<boolean> {
    const { store, clock, failed } = this.parts;
    const link = this.link;
    const at: Progress = { step: 0, row: 0 };
    for (;;) {
      const sliced = store.write((tx) => {
        const budget = this.parts.isWatched() ? sliceMs : unwatchedMs;
        const end = clock.monotonic() + budget;
        while (at.step < steps.length) {
          this.doStep(tx, steps[at.step], at, end - clock.monotonic());
          if (clock.monotonic() >= end - budget / 2 && at.step < steps.length) return false;
        }
        close(tx);
        return true;
      });
      if (!sliced.ok) {
        this.holdings = null;
        failed(sliced.error);
        return false;
      }
      if (sliced.value) return true;
      await delay(clock, 0);
      if (link !== this.link) return false;
    }
  }

  private doStep(tx: WriteDb, step: MergeStep | undefined, at: Progress, budgetMs: number): void {
    if (step?.do === 'rows') {
      at.row = this.applyIn(tx, step.rows, at.row, budgetMs);
      if (at.row < step.rows.length) return;
    } else if (step) {
      this.changeHolding(tx, step);
    }
    at.step += 1;
    at.row = 0;
  }

  /** Applies rows from a place on, as far as the time allows; answers how far it came. */
  private applyIn(tx: WriteDb, rows: readonly WireRow[], from: number, budgetMs?: number): number {
    const { clock, store, log } = this.parts;
    const limit = budgetMs === undefined ? {} : { budgetMs };
    const applied = applyRows(tx, rows, { entities: store.entities, clock, from, ...limit });
    this.touch(tx, applied.touched);
    for (const { entity, why } of applied.rejected) log('warn', 'a row this desk cannot read', { entity, why });
    return applied.next;
  }

  private changeHolding(tx: WriteDb, step: Extract<MergeStep, { do: 'holding' }>): void {
    const { clock, store, evicted, changed } = this.parts;
    const { lost, gained } = step;
    if (lost !== null && evictScope(tx, lost)) {
      tx.afterCommit(() => {
        evicted();
        changed([...this.allEntities(lost), { entity: 'local.scope', scope: lost }]);
      });
    }
    this.touch(tx, applyRows(tx, [step.row], { entities: store.entities, clock }).touched);
    if (gained) {
      joinScope(tx, gained.scope, gained.joinedAt);
      if (gained.isWhole) this.complete(tx, [gained.scope]);
    }
    tx.afterCommit(() => {
      this.holdings = null;
      if (lost !== null) this.backfills.drop(lost);
      if (gained && !gained.isWhole) this.backfills.add({ scope: gained.scope, joinedAt: gained.joinedAt });
    });
  }

  private complete(tx: WriteDb, scopes: readonly ScopeText[]): void {
    for (const scope of scopes) {
      completeScope(tx, scope);
      tx.afterCommit(() => this.parts.changed([...this.allEntities(scope), { entity: 'local.scope', scope }]));
    }
  }

  private touch(tx: WriteDb, rows: readonly RowKey[]): void {
    if (rows.length > 0) tx.afterCommit(() => this.parts.changed(rows));
  }

  private allEntities(scope?: ScopeText): Change[] {
    return [...this.parts.store.entities.keys()].map((entity) =>
      scope === undefined ? { entity } : { entity, scope },
    );
  }

  private standing(db: ReadDb): Parameters<typeof mergePage>[0] {
    this.holdings ??= readHoldings(db, this.parts.deviceScope);
    return { deviceScope: this.parts.deviceScope, cursor: readCursor(db), holdings: this.holdings };
  }
}
