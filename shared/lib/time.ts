/** A timer that was set; `cancel` is safe to call at any time. */
export interface Timer {
  cancel(): void;
}

/**
 * The only clock. Logic takes one, so that tests and the simulated world can own time.
 * `now` is the wall clock in epoch milliseconds (may jump); `monotonic` never goes back (milliseconds, arbitrary zero).
 */
export interface Clock {
  now(): number;
  monotonic(): number;
  setTimeout(run: () => void, ms: number): Timer;
}

/** The computer's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimeout(run, ms) {
    const handle = setTimeout(run, ms);
    return { cancel: () => clearTimeout(handle) };
  },
};

/** Runs again and again, `ms` after the previous run started; the returned timer ends it. */
export function every(clock: Clock, ms: number, run: () => void): Timer {
  let current: Timer | null = null;
  let isOver = false;
  const next = (): void => {
    current = clock.setTimeout(() => {
      if (isOver) return;
      next();
      run();
    }, ms);
  };
  next();
  return {
    cancel() {
      isOver = true;
      current?.cancel();
    },
  };
}

/** Resolves after `ms` on the given clock. */
export function delay(clock: Clock, ms: number): Promise<void> {
  return new Promise((done) => {
    clock.setTimeout(done, ms);
  });
}

/** A clock that stands still until it is moved: timers due are run in order of their time, then of their setting. */
export class FakeClock implements Clock {
  private at: number;
  private readonly zero: number;
  private count = 0;
  private timers: { due: number; n: number; run: () => void }[] = [];

  constructor(start = 1_700_000_000_000) {
    this.at = start;
    this.zero = start;
  }

  now(): number {
    return this.at;
  }

  monotonic(): number {
    return this.at - this.zero;
  }

  setTimeout(run: () => void, ms: number): Timer {
    this.count += 1;
    const timer = { due: this.at + Math.max(0, ms), n: this.count, run };
    this.timers.push(timer);
    return {
      cancel: () => {
        this.timers = this.timers.filter((t) => t !== timer);
      },
    };
  }

  /** Moves time forward by `ms`, running what falls due on the way. */
  advance(ms: number): void {
    const end = this.at + ms;
    for (;;) {
      const due = this.timers.filter((t) => t.due <= end).sort((a, b) => a.due - b.due || a.n - b.n)[0];
      if (!due) break;
      this.timers = this.timers.filter((t) => t !== due);
      this.at = Math.max(this.at, due.due);
      due.run();
    }
    this.at = end;
  }

  /** When the next timer falls due (epoch ms), or null when none is set. */
  nextDue(): number | null {
    return this.timers.length === 0 ? null : Math.min(...this.timers.map((t) => t.due));
  }
}
