import type { Clock, Timer } from '#shared/lib/time.ts';

interface Alarm {
  readonly due: number;
  readonly n: number;
  readonly owner: SimClock;
  readonly run: () => void;
}

/**
 * The time of a simulated world: it moves only from one alarm to the next, and only one alarm runs at a time, so that what
 * one of them sets going can come to rest before the next one.
 */
export class SimTime {
  at: number;
  private readonly zero: number;
  private count = 0;
  private readonly alarms = new Set<Alarm>();

  constructor(start = Date.UTC(2026, 10, 23, 9)) {
    this.at = start;
    this.zero = start;
  }

  /** A clock for one part of the world: wrong by what `wrongBy` says, stopped for good by `stop`. */
  clock(): SimClock {
    return new SimClock(this);
  }

  /** Since the beginning of this world (ms). */
  get elapsed(): number {
    return this.at - this.zero;
  }

  /** When the next alarm is due (ms of this world's time); null = none is set. */
  nextDue(): number | null {
    return this.first()?.due ?? null;
  }

  /** Moves to the next alarm due up to `until` and runs it; false when there is none. */
  runNext(until: number): boolean {
    const alarm = this.first();
    if (!alarm || alarm.due > until) {
      this.at = Math.max(this.at, until);
      return false;
    }
    this.alarms.delete(alarm);
    this.at = Math.max(this.at, alarm.due);
    alarm.run();
    return true;
  }

  /** @internal used by the clocks */
  set(owner: SimClock, run: () => void, ms: number): Timer {
    this.count += 1;
    const alarm: Alarm = { due: this.at + Math.max(0, ms), n: this.count, owner, run };
    this.alarms.add(alarm);
    return { cancel: () => void this.alarms.delete(alarm) };
  }

  /** @internal used by the clocks */
  drop(owner: SimClock): void {
    for (const alarm of this.alarms) if (alarm.owner === owner) this.alarms.delete(alarm);
  }

  private first(): Alarm | null {
    let best: Alarm | null = null;
    for (const alarm of this.alarms) {
      if (!best || alarm.due < best.due || (alarm.due === best.due && alarm.n < best.n)) best = alarm;
    }
    return best;
  }
}

/** The clock of one part of a simulated world. Dies with its part: after `stop` nothing it was set to do happens. */
export class SimClock implements Clock {
  /** how far its wall clock is wrong (ms) */
  wrongBy = 0;
  /** how much its monotonic time moves at each look (ms), so that work cut into slices is cut somewhere */
  tick = 0;
  private ticks = 0;
  private isStopped = false;
  private readonly time: SimTime;

  constructor(time: SimTime) {
    this.time = time;
  }

  now(): number {
    return this.time.at + this.wrongBy;
  }

  monotonic(): number {
    this.ticks += this.tick;
    return this.time.elapsed + this.ticks;
  }

  setTimeout(run: () => void, ms: number): Timer {
    if (this.isStopped) return { cancel: () => undefined };
    return this.time.set(this, run, ms);
  }

  stop(): void {
    this.isStopped = true;
    this.time.drop(this);
  }
}
