import type { Store } from '#core/db/open.ts';
import type { Clock, Timer } from '#shared/lib/time.ts';

/** How long one piece may take, how soon it comes after a loss, and how often while rows pour in (ms). */
const pieceMs = 4;
const soonMs = 5;
const pouringMs = 1000;

/** The small work of the store: after a loss at once, until what was evicted is really gone from the disk; else now and then. */
export class Upkeep {
  private readonly store: Store;
  private readonly clock: Clock;
  private timer: Timer | null = null;
  private isHurried = false;

  constructor(store: Store, clock: Clock) {
    this.store = store;
    this.clock = clock;
  }

  /** Something was written. */
  touched(): void {
    if (!this.timer) this.arm(pouringMs);
  }

  /** Something was evicted. */
  hurry(): void {
    if (this.isHurried) return;
    this.isHurried = true;
    this.arm(soonMs);
  }

  stop(): void {
    this.timer?.cancel();
    this.timer = null;
  }

  private arm(ms: number): void {
    this.stop();
    this.timer = this.clock.setTimeout(() => {
      this.timer = null;
      const done = this.store.tidy(pieceMs);
      const hasMore = done.ok && done.value.hasMore;
      this.isHurried &&= hasMore;
      if (hasMore) this.arm(this.isHurried ? soonMs : pouringMs);
    }, ms);
  }
}
