import type { Clock } from '#shared/lib/time.ts';

/** A token bucket: `burst` at once, `perSecond` on the long run. */
export class Meter {
  private readonly clock: Pick<Clock, 'monotonic'>;
  private readonly rate: { readonly perSecond: number; readonly burst: number };
  private tokens: number;
  private at: number;

  constructor(clock: Pick<Clock, 'monotonic'>, rate: { readonly perSecond: number; readonly burst: number }) {
    this.clock = clock;
    this.rate = rate;
    this.tokens = rate.burst;
    this.at = clock.monotonic();
  }

  /** Takes `cost` tokens; false = too fast. */
  allows(cost: number): boolean {
    const now = this.clock.monotonic();
    this.tokens = Math.min(this.rate.burst, this.tokens + ((now - this.at) / 1000) * this.rate.perSecond);
    this.at = now;
    if (this.tokens < cost) return false;
    this.tokens -= cost;
    return true;
  }

  /** Gives tokens back for what turned out to cost nothing. */
  giveBack(cost: number): void {
    this.tokens = Math.min(this.rate.burst, this.tokens + cost);
  }
}
