import type { Id } from '#shared/lib/ids.ts';
import type { VisitorDown } from '#shared/wire/visitor.ts';
import type { Mark } from './marks.ts';
import type { Unsent } from './storage.ts';
import { applyRows, emptyThread, lostOf, type MessageRow, reachOf, type Thread, unreadOf } from './thread.ts';

/** Older than this a message the hub lost is not offered again. */
const OFFER_AGAIN_MS = 86_400_000;

/** What a message of rows meant, beyond the rows themselves. */
export type Taken = { mine: readonly Id[]; isAnswered: boolean; lost: readonly MessageRow[] };

/** What this page holds of the conversation, and up to where. Kept in memory only: nothing said stays on the computer. */
export class History {
  private held: Thread = emptyThread;
  private upTo: string | null = null;

  get thread(): Thread {
    return this.held;
  }

  /** Where to go on after a reconnect; null when nothing was read yet. */
  get cursor(): string | null {
    return this.upTo;
  }

  take(down: Extract<VisitorDown, { t: 'rows' }>, now: number): Taken {
    const before = this.held;
    this.held = applyRows(down.restart === null ? before : emptyThread, down.rows);
    this.upTo = down.cursor;
    const messages = down.rows.filter((row) => row.k === 'message');
    return {
      mine: messages.filter((row) => row.from === 'customer').map((row) => row.id),
      isAnswered: messages.some((row) => row.from !== 'customer'),
      lost: down.restart === 'lost' ? lostOf(before, this.held, now - OFFER_AGAIN_MS) : [],
    };
  }

  /** A message of ours the hub just took; its row comes later. */
  add(message: Unsent, { id, conversation, order, at }: Extract<VisitorDown, { t: 'accepted' }>): void {
    if (this.held.messages.has(id)) return;
    const { text } = message;
    this.held = applyRows(this.held, [
      { k: 'message', conversation, id, order, from: 'customer', name: null, text, at },
    ]);
  }

  /** Positions that the hub does not know yet: everything held has reached this page. */
  delivered(): Mark[] {
    return [...reachOf(this.held)].flatMap(([conversation, order]) => {
      const had = this.held.receipts.get(conversation)?.customer;
      const isNews = (had?.deliveredUpTo ?? 0) < order;
      return isNews ? [{ conversation, deliveredUpTo: order, readUpTo: had?.readUpTo ?? 0 }] : [];
    });
  }

  /** Everything held has been on screen; answers the positions to tell. */
  readAll(): Mark[] {
    if (unreadOf(this.held).length === 0) return [];
    return [...reachOf(this.held)].map(([conversation, order]) => {
      const mark = { conversation, deliveredUpTo: order, readUpTo: order };
      this.held = applyRows(this.held, [{ k: 'receipt', side: 'customer', ...mark }]);
      return mark;
    });
  }

  forget(): void {
    this.held = emptyThread;
    this.upTo = null;
  }
}
