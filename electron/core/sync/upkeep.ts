import type { Store } from '#core/db/open.ts';
import type { Clock, Timer } from '#shared/lib/time.ts';

/** How long one piece may take, how soon it comes after a loss, and how often otherwise (ms). */
const pieceMs = 6;
const soonMs = 5;
const idleMs = 2000;

/** The small work of the store in idle moments; after a loss at once, until what was evicted is really gone from the disk. */
export class Upkeep {
  private readonly store: Store;
  private readonly clock: Clock;
  private timer: Timer | null = null;
  private isSoon = false;

  constructor(store: Store, clock: Clock) {
    this.store = store;
    this.clock = clock;
  }

  start(): void {
    this.arm(idleMs);
  }

  /** There is something to be done now. */
  hurry(): void {
    if (this.isSoon) return;
    this.isSoon = true;
    this.arm(soonMs);
  }

  stop(): void {
    this.timer?.cancel();
    this.timer = null;
  }

  private arm(ms: number): void {
    this.timer?.cancel();
    this.timer = this.clock.setTimeout(() => {
      const done = this.store.tidy(pieceMs);
      this.isSoon = done.ok && done.value.hasMore;
      this.arm(this.isSoon ? soonMs : idleMs);
    }, ms);
  }
}
