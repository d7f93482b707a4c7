import type { Clock } from '#shared/lib/time.ts';

/** `burst` acts at once, then one more every `everyMs`. */
export type Rate = { burst: number; everyMs: number };

export type VisitorRates = Readonly<Record<'hello' | 'create' | 'message' | 'signal' | 'nonsense', Rate>>;

export const VISITOR_RATES: VisitorRates = {
  /** Connections that say hello, per network address. */
  hello: { burst: 30, everyMs: 1_000 },
  /** Visitors made, per network address: behind one address may stand an office. */
  create: { burst: 20, everyMs: 15_000 },
  /** Messages per visitor. */
  message: { burst: 20, everyMs: 1_000 },
  /** Typing signals and marks per connection. */
  signal: { burst: 20, everyMs: 200 },
  /** Things that make no sense, per connection, before it is closed. */
  nonsense: { burst: 5, everyMs: 10_000 },
};

const SWEEP_AT = 10_000;

/** Token buckets by key. Full buckets are forgotten, so memory follows what is active. */
export class Limits {
  private readonly clock: Pick<Clock, 'monotonic'>;
  private readonly rate: Rate;
  /** Per key, the time up to which its acts are paid for: a bucket as one number (generic cell rate). */
  private readonly paidUntil = new Map<string, number>();

  constructor(clock: Pick<Clock, 'monotonic'>, rate: Rate) {
    this.clock = clock;
    this.rate = rate;
  }

  /** Takes one; answers 0 when allowed, otherwise in how many milliseconds to come back. */
  take(key: string): number {
    const now = this.clock.monotonic();
    const from = Math.max(this.paidUntil.get(key) ?? now, now);
    const wait = from + this.rate.everyMs - (now + this.rate.burst * this.rate.everyMs);
    if (wait > 0) return Math.ceil(wait);
    if (this.paidUntil.size >= SWEEP_AT) this.sweep(now);
    this.paidUntil.set(key, from + this.rate.everyMs);
    return 0;
  }

  private sweep(now: number): void {
    for (const [key, until] of this.paidUntil) if (until <= now) this.paidUntil.delete(key);
  }
}

export type VisitorLimits = Readonly<Record<keyof VisitorRates, Limits>>;

/** One set of limits, for all visitors of a node. */
export function visitorLimits(clock: Pick<Clock, 'monotonic'>, rates: VisitorRates): VisitorLimits {
  return {
    hello: new Limits(clock, rates.hello),
    create: new Limits(clock, rates.create),
    message: new Limits(clock, rates.message),
    signal: new Limits(clock, rates.signal),
    nonsense: new Limits(clock, rates.nonsense),
  };
}
