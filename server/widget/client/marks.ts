import type { Id } from '#shared/lib/ids.ts';
import type { Clock, Timer } from '#shared/lib/time.ts';

export type Mark = { conversation: Id; deliveredUpTo: number; readUpTo: number };

const BATCH_MS = 120;

/** How far the page has received and shown each conversation; told in batches, and again after a reconnect. */
export class Marks {
  private readonly clock: Clock;
  private readonly send: (mark: Mark) => void;
  private readonly reached = new Map<Id, Mark>();
  private readonly due = new Set<Id>();
  private timer: Timer | null = null;

  constructor(clock: Clock, send: (mark: Mark) => void) {
    this.clock = clock;
    this.send = send;
  }

  put(mark: Mark): void {
    const had = this.reached.get(mark.conversation);
    const deliveredUpTo = Math.max(had?.deliveredUpTo ?? 0, mark.deliveredUpTo, mark.readUpTo);
    const readUpTo = Math.max(had?.readUpTo ?? 0, mark.readUpTo);
    if (had && had.deliveredUpTo === deliveredUpTo && had.readUpTo === readUpTo) return;
    this.reached.set(mark.conversation, { conversation: mark.conversation, deliveredUpTo, readUpTo });
    this.due.add(mark.conversation);
    this.timer ??= this.clock.setTimeout(() => this.flush(), BATCH_MS);
  }

  /** Tells everything again: the last connection may have ended before it was heard. */
  repeat(): void {
    for (const id of this.reached.keys()) this.due.add(id);
    if (this.due.size > 0) this.timer ??= this.clock.setTimeout(() => this.flush(), BATCH_MS);
  }

  clear(): void {
    this.reached.clear();
    this.due.clear();
  }

  private flush(): void {
    this.timer = null;
    for (const id of this.due) {
      const mark = this.reached.get(id);
      if (mark) this.send(mark);
    }
    this.due.clear();
  }
}
