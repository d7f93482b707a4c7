import type { Id, IdMint } from '#shared/lib/ids.ts';
import type { Clock, Timer } from '#shared/lib/time.ts';
import { maskCards } from '#shared/privacy/rules.ts';
import { VISITOR_TEXT_MAX, type VisitorDown, type VisitorUp } from '#shared/wire/visitor.ts';
import type { Slot, Unsent, WidgetStore } from './storage.ts';
import type { MessageRow } from './thread.ts';

/** An answer that has not come by then was lost: connect anew and send again. */
const ANSWER_MS = 12_000;
const RETRY_LEAST_MS = 250;

type Deps = {
  clock: Clock;
  mint: IdMint;
  store: WidgetStore;
  send(message: VisitorUp): void;
  /** The hub took a message and never answered. */
  onStuck(): void;
};

/**
 * The customer's messages until the hub has them. Each is on disk before it is sent, goes out under the same id until it
 * is accepted, and only one is under way at a time: so none is lost, doubled, or overtaken.
 */
export class Outbox {
  private readonly deps: Deps;
  private slot: Slot;
  private isOpen = false;
  private inFlight: Id | null = null;
  /** accepted on this connection */
  private readonly had = new Set<Id>();
  private answerDue: Timer | null = null;
  private pause: Timer | null = null;

  constructor(deps: Deps, slot: Slot) {
    this.deps = deps;
    this.slot = slot;
  }

  get list(): Unsent[] {
    return this.deps.store.unsent(this.slot);
  }

  /**
   * The hub welcomed us and said what it has: messages may go, the one under way again first. Not before: what a restored
   * hub has lost goes out ahead of what was written since. Once open, this changes nothing.
   */
  open(): void {
    if (this.isOpen) return;
    this.close();
    this.isOpen = true;
    this.flush();
  }

  close(): void {
    this.isOpen = false;
    this.had.clear();
    this.inFlight = null;
    this.answerDue?.cancel();
    this.pause?.cancel();
    this.pause = null;
  }

  /** From now on it is someone else who writes. */
  belongTo(slot: Slot): void {
    this.close();
    this.slot = slot;
  }

  /** Takes a text; false when it is empty or too long. */
  add(text: string): boolean {
    const clean = maskCards(text).trim();
    if (clean === '' || clean.length > VISITOR_TEXT_MAX) return false;
    const { clock, mint, store } = this.deps;
    const place = (this.list.at(-1)?.place ?? 0) + 1;
    store.putUnsent(this.slot, { id: mint.next(), text: clean, at: clock.now(), place, isRefused: false });
    this.flush();
    return true;
  }

  /** Takes a message out; answers it so that it can be edited. */
  take(id: Id): Unsent | null {
    const message = this.list.find((m) => m.id === id) ?? null;
    this.deps.store.removeUnsent(this.slot, id);
    return message;
  }

  /**
   * The hub says it has this one. It stays on disk until its row has come: only then is the page's position past it, so
   * that a hub restored from a backup can be told what it lost.
   */
  accepted(id: Id): Unsent | null {
    const message = this.list.find((m) => m.id === id) ?? null;
    this.had.add(id);
    this.settle(id);
    this.flush();
    return message;
  }

  /** Its row has come. */
  arrived(id: Id): void {
    this.take(id);
    this.settle(id);
    this.flush();
  }

  refused(id: Id, { error, retryInMs }: Extract<VisitorDown, { t: 'refused' }>): void {
    const message = this.list.find((m) => m.id === id);
    this.settle(id);
    if (error.retry === 'never') {
      if (message) this.deps.store.putUnsent(this.slot, { ...message, isRefused: true });
      this.flush();
      return;
    }
    const wait = Math.max(RETRY_LEAST_MS, retryInMs ?? 0);
    this.pause?.cancel();
    this.pause = this.deps.clock.setTimeout(() => {
      this.pause = null;
      this.flush();
    }, wait);
  }

  /** Messages the hub had and lost go again under their old ids, ahead of all that waits. */
  offerAgain(rows: readonly MessageRow[]): void {
    const first = (this.list[0]?.place ?? 0) - rows.length;
    for (const [i, { id, text, at }] of rows.entries()) {
      this.deps.store.putUnsent(this.slot, { id, text, at, place: first + i, isRefused: false });
    }
    this.flush();
  }

  /** Sends the oldest message, when none is under way. */
  flush(): void {
    if (!this.isOpen || this.inFlight !== null || this.pause) return;
    const next = this.list.find((m) => !m.isRefused && !this.had.has(m.id));
    if (!next) return;
    this.inFlight = next.id;
    this.answerDue = this.deps.clock.setTimeout(() => this.deps.onStuck(), ANSWER_MS);
    this.deps.send({ t: 'message', id: next.id, text: next.text, at: next.at });
  }

  private settle(id: Id): void {
    if (this.inFlight !== id) return;
    this.inFlight = null;
    this.answerDue?.cancel();
  }
}
