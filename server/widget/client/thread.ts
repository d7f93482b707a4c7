import type { Id } from '#shared/lib/ids.ts';
import { assertNever } from '#shared/lib/result.ts';
import type { VisitorRow } from '#shared/wire/visitor.ts';
import type { Unsent } from './storage.ts';

export type MessageRow = Extract<VisitorRow, { k: 'message' }>;
type Position = { deliveredUpTo: number; readUpTo: number };
type Receipts = { customer: Position; agent: Position };

/** The rows a page holds. Rows come again after a reconnect; applying one twice changes nothing. */
export type Thread = {
  readonly messages: ReadonlyMap<Id, MessageRow>;
  readonly receipts: ReadonlyMap<Id, Receipts>;
};

export type OwnState = 'sending' | 'waiting' | 'sent' | 'delivered' | 'read' | 'failed';

/** One line of the conversation as it is shown. */
export type Item = {
  id: Id;
  conversation: Id | null;
  order: number | null;
  from: MessageRow['from'];
  name: string | null;
  text: string;
  at: number;
  /** Delivery state of the customer's own message; null for everyone else's. */
  state: OwnState | null;
};

const START: Position = { deliveredUpTo: 0, readUpTo: 0 };
export const emptyThread: Thread = { messages: new Map(), receipts: new Map() };

function further(a: Position, b: Position): Position {
  return {
    deliveredUpTo: Math.max(a.deliveredUpTo, b.deliveredUpTo),
    readUpTo: Math.max(a.readUpTo, b.readUpTo),
  };
}

/** The thread with these rows in it. Receipts only move forward. */
export function applyRows(thread: Thread, rows: readonly VisitorRow[]): Thread {
  const messages = new Map(thread.messages);
  const receipts = new Map(thread.receipts);
  for (const row of rows) {
    switch (row.k) {
      case 'message':
        messages.set(row.id, row);
        break;
      case 'receipt': {
        const now = receipts.get(row.conversation) ?? { customer: START, agent: START };
        receipts.set(row.conversation, { ...now, [row.side]: further(now[row.side], row) });
        break;
      }
      case 'gone':
        messages.delete(row.id);
        break;
      default:
        assertNever(row);
    }
  }
  return { messages, receipts };
}

function inOrder(thread: Thread): MessageRow[] {
  const began = new Map<Id, number>();
  for (const m of thread.messages.values())
    began.set(m.conversation, Math.min(began.get(m.conversation) ?? m.at, m.at));
  return [...thread.messages.values()].sort((a, b) => {
    if (a.conversation === b.conversation) return a.order - b.order;
    const byStart = (began.get(a.conversation) ?? 0) - (began.get(b.conversation) ?? 0);
    return byStart === 0 ? (a.conversation < b.conversation ? -1 : 1) : byStart;
  });
}

function stateOf(thread: Thread, row: MessageRow): OwnState | null {
  if (row.from !== 'customer') return null;
  const agent = thread.receipts.get(row.conversation)?.agent ?? START;
  if (agent.readUpTo >= row.order) return 'read';
  return agent.deliveredUpTo >= row.order ? 'delivered' : 'sent';
}

/** What to show: everything stored in order, then what is not sent yet in the order it was written. */
export function itemsOf(thread: Thread, unsent: readonly Unsent[], isOnline: boolean): Item[] {
  const stored = inOrder(thread).map((row): Item => {
    const { id, conversation, order, from, name, text, at } = row;
    return { id, conversation, order, from, name, text, at, state: stateOf(thread, row) };
  });
  const waiting = unsent
    .filter((message) => !thread.messages.has(message.id))
    .map(({ id, text, at, isRefused }): Item => {
      const state = isRefused ? 'failed' : isOnline ? 'sending' : 'waiting';
      return { id, conversation: null, order: null, from: 'customer', name: null, text, at, state };
    });
  return [...stored, ...waiting];
}

/** Messages of the other side that have not been on screen, in order. */
export function unreadOf(thread: Thread): MessageRow[] {
  return inOrder(thread).filter(
    (row) => row.from !== 'customer' && row.order > (thread.receipts.get(row.conversation)?.customer.readUpTo ?? 0),
  );
}

/** Per conversation, how far the other side's messages have come (the highest order held). */
export function reachOf(thread: Thread): Map<Id, number> {
  const reach = new Map<Id, number>();
  for (const row of thread.messages.values()) {
    if (row.from !== 'customer') reach.set(row.conversation, Math.max(reach.get(row.conversation) ?? 0, row.order));
  }
  return reach;
}

/** Own messages stored lately that `fresh` no longer has: a hub restored from a backup must be told them again. */
export function lostOf(before: Thread, fresh: Thread, since: number): MessageRow[] {
  return inOrder(before).filter((row) => row.from === 'customer' && row.at >= since && !fresh.messages.has(row.id));
}
