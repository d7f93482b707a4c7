import type { Clock } from '#shared/lib/time.ts';
import type { Link } from '#shared/wire/link.ts';

/** How long a dead line goes unnoticed (ms): the hub's ping interval and patience. */
const noticeMs = 3500;

/** One end of a line in memory: whole messages, in order, a millisecond after they were sent, until it is cut. */
export class FakeLink<Out> implements Link<Out> {
  private readonly clock: Clock;
  private other: FakeLink<never> | null = null;
  private onMessageTaker: ((message: unknown) => void) | null = null;
  private onCloseTaker: ((why: string) => void) | null = null;
  private isOver = false;
  private isDead = false;

  private constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Both ends of one line: first the one that sends A. */
  static pair<A, B>(clock: Clock): [FakeLink<A>, FakeLink<B>] {
    const a = new FakeLink<A>(clock);
    const b = new FakeLink<B>(clock);
    a.other = b as unknown as FakeLink<never>;
    b.other = a as unknown as FakeLink<never>;
    return [a, b];
  }

  send(message: Out): void {
    if (this.isOver || this.isDead) return;
    const copy: unknown = JSON.parse(JSON.stringify(message));
    const { other } = this;
    this.clock.setTimeout(() => {
      if (other && !other.isOver && !other.isDead) other.onMessageTaker?.(copy);
    }, 1);
  }

  close(): void {
    if (this.isOver) return;
    this.isOver = true;
    const { other } = this;
    if (this.isDead) return;
    this.clock.setTimeout(() => other?.closed('transport close'), 1);
  }

  onMessage(take: (message: unknown) => void): void {
    this.onMessageTaker = take;
  }

  onClose(take: (why: string) => void): void {
    this.onCloseTaker = take;
  }

  /** Cuts the line; both ends see it at once. What was under way is lost. */
  cut(why: string): void {
    const { other } = this;
    this.closed(why);
    other?.closed(why);
  }

  /** Nothing passes any more; the ends notice when a ping is missed. */
  swallow(): void {
    const { other } = this;
    this.isDead = true;
    if (other) other.isDead = true;
    this.clock.setTimeout(() => this.closed('ping timeout'), noticeMs);
    this.clock.setTimeout(() => other?.closed('ping timeout'), noticeMs);
  }

  private closed(why: string): void {
    if (this.isOver) return;
    this.isOver = true;
    this.onCloseTaker?.(why);
  }
}
