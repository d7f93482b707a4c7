import type { Clock, Timer } from '#shared/lib/time.ts';

const SHOWN_MS = 7_000;
const EVERY_MS = 3_000;

/** Who types on the other side; forgotten by itself when no sign comes any more. */
export class TypingSeen {
  private readonly clock: Clock;
  private readonly onChange: () => void;
  private who: string | null = null;
  private ends: Timer | null = null;

  constructor(clock: Clock, onChange: () => void) {
    this.clock = clock;
    this.onChange = onChange;
  }

  /** Null when nobody types; '' when the name is not known. */
  get name(): string | null {
    return this.who;
  }

  set(name: string | null): void {
    this.ends?.cancel();
    this.who = name;
    if (name === null) return;
    this.ends = this.clock.setTimeout(() => {
      this.who = null;
      this.onChange();
    }, SHOWN_MS);
  }
}

/** Tells the hub that the customer types: at most every three seconds, and once when they stop. */
export class TypingTold {
  private readonly clock: Clock;
  private readonly tell: (isTyping: boolean) => boolean;
  private toldAt: number | null = null;
  private ends: Timer | null = null;

  /** `tell` answers whether it could be told. */
  constructor(clock: Clock, tell: (isTyping: boolean) => boolean) {
    this.clock = clock;
    this.tell = tell;
  }

  set(isTyping: boolean): void {
    const now = this.clock.monotonic();
    this.ends?.cancel();
    if (isTyping) this.ends = this.clock.setTimeout(() => this.set(false), EVERY_MS * 1.5);
    const isDue = isTyping ? this.toldAt === null || now - this.toldAt >= EVERY_MS : this.toldAt !== null;
    if (isDue && this.tell(isTyping)) this.toldAt = isTyping ? now : null;
  }
}
