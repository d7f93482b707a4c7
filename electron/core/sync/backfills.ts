import type { ScopeText } from '#shared/lib/scope.ts';
import type { Backfilled, Up } from '#shared/wire/messages.ts';

/** How many backfill requests may be under way at once: enough that the hub never waits for this desk, most scopes being small. */
const outstanding = 8;

interface Wanted {
  readonly scope: ScopeText;
  readonly joinedAt: number;
  after: number;
}

/**
 * Which gained scopes are being fetched. A scope is ripe to be shown when all of it came and the stream has reached what the hub
 * had then: a row that changed meanwhile is not in the answers but on its way in a page.
 */
export class Backfills {
  private readonly send: (message: Up) => void;
  /** what is still to be asked for, in this order: the rest of what has begun, then scope by scope */
  private begun: Wanted[] = [];
  private readonly wanted = new Map<ScopeText, Wanted>();
  private readonly asked = new Map<number, Wanted>();
  private readonly filledAt = new Map<ScopeText, number>();
  private lastId = 0;
  private isUp = false;

  constructor(send: (message: Up) => void) {
    this.send = send;
  }

  /** A link is up: fetches what is incomplete. */
  start(
    held: readonly { scope: ScopeText; joinedAt: number; isComplete: boolean; backfillAfter: number | null }[],
  ): void {
    this.stop();
    this.isUp = true;
    for (const { scope, joinedAt, isComplete, backfillAfter } of held) {
      if (!isComplete) this.wanted.set(scope, { scope, joinedAt, after: backfillAfter ?? 0 });
    }
    this.ask();
  }

  stop(): void {
    this.isUp = false;
    this.begun = [];
    this.wanted.clear();
    this.asked.clear();
    this.filledAt.clear();
  }

  add(gained: { scope: ScopeText; joinedAt: number }): void {
    this.drop(gained.scope);
    this.wanted.set(gained.scope, { ...gained, after: 0 });
    this.ask();
  }

  drop(scope: ScopeText): void {
    this.wanted.delete(scope);
    this.begun = this.begun.filter((w) => w.scope !== scope);
    for (const [id, asked] of this.asked) if (asked.scope === scope) this.asked.delete(id);
    this.filledAt.delete(scope);
    this.ask();
  }

  /** An answer came; the next part is asked for while this one is being written. Null when nobody waits for it. */
  answered(answer: Backfilled): number | null {
    const asked = this.asked.get(answer.id);
    if (!asked || asked.scope !== answer.scope || asked.joinedAt !== answer.upTo) return null;
    this.asked.delete(answer.id);
    const { after } = asked;
    if (answer.isHeld && answer.next !== null && answer.next > after) {
      this.begun.unshift({ ...asked, after: answer.next });
    }
    this.ask();
    return after;
  }

  /** All of a scope has been written; `head` is the newest seq the hub was known to have by then. */
  filled(scope: ScopeText, head: number): void {
    this.filledAt.set(scope, head);
  }

  /** The scopes that may be shown at this place in the stream; each is answered once. */
  ripe(cursorSeq: number): ScopeText[] {
    const ripe = [...this.filledAt].filter(([, head]) => cursorSeq >= head).map(([scope]) => scope);
    for (const scope of ripe) this.filledAt.delete(scope);
    return ripe;
  }

  private ask(): void {
    while (this.isUp && this.asked.size < outstanding) {
      const next = this.next();
      if (!next) return;
      this.lastId += 1;
      this.asked.set(this.lastId, next);
      this.send({ t: 'backfill', id: this.lastId, scope: next.scope, upTo: next.joinedAt, after: next.after });
    }
  }

  private next(): Wanted | undefined {
    const begun = this.begun.shift();
    if (begun) return begun;
    const [first] = this.wanted.values();
    if (first) this.wanted.delete(first.scope);
    return first;
  }
}
