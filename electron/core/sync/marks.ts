import * as z from 'zod/mini';
import type { Store } from '#core/db/open.ts';
import { readMeta, writeMeta } from '#core/db/work-meta.ts';
import { receiptSchema } from '#shared/conversation/model.ts';
import type { Id } from '#shared/lib/ids.ts';
import type { Clock, Timer } from '#shared/lib/time.ts';
import type { Up, WireRow } from '#shared/wire/messages.ts';

const key = 'sync.marks';
/** Marks are gathered so long before they go out (ms). */
const gatherMs = 150;
/** More conversations than this are not remembered: the oldest marks go. */
const mostKept = 300;

const keptSchema = z.array(z.tuple([z.string(), z.int(), z.int()]));

interface Mark {
  readonly deliveredUpTo: number;
  readonly readUpTo: number;
}

const messageFacts = z.object({ conversationId: z.string(), order: z.nullable(z.int()), from: z.string() });

function parsed(text: string | null): unknown {
  if (text === null) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * How far this desk has received and read conversations: the highest of each, sent in batches, kept over link loss and restart
 * until a receipt of the agents' side shows that the hub has them.
 */
export class Marks {
  private readonly parts: { readonly store: Store; readonly clock: Clock; readonly send: (message: Up) => boolean };
  private readonly pending = new Map<Id, Mark>();
  private readonly unsent = new Set<Id>();
  private timer: Timer | null = null;

  constructor(parts: { store: Store; clock: Clock; send: (message: Up) => boolean }) {
    this.parts = parts;
    const text = parts.store.read((db) => readMeta(db, key));
    const kept = z.safeParse(keptSchema, parsed(text.ok ? text.value : null));
    if (kept.success)
      for (const [id, deliveredUpTo, readUpTo] of kept.data) this.pending.set(id, { deliveredUpTo, readUpTo });
  }

  /** The person has this much on screen. */
  seen(conversationId: Id, upTo: number): void {
    this.raise(conversationId, { deliveredUpTo: upTo, readUpTo: upTo });
  }

  /** Rows came: messages of customers are delivered now, receipts of our side say what the hub has. */
  arrived(rows: readonly WireRow[], isLive: boolean): void {
    for (const row of rows) {
      if (row.e === 'receipt' && row.i.endsWith('|agent')) this.confirm(row);
      if (row.e === 'message' && isLive) {
        const message = z.safeParse(messageFacts, parsed(row.b));
        if (message.success && message.data.from === 'customer' && message.data.order !== null) {
          this.raise(message.data.conversationId, { deliveredUpTo: message.data.order, readUpTo: 0 });
        }
      }
    }
  }

  lineUp(): void {
    for (const id of this.pending.keys()) this.unsent.add(id);
    this.flush();
  }

  stop(): void {
    this.timer?.cancel();
    this.timer = null;
    this.keep();
  }

  private raise(id: Id, mark: Mark): void {
    const old = this.pending.get(id);
    const deliveredUpTo = Math.max(old?.deliveredUpTo ?? 0, mark.deliveredUpTo);
    const readUpTo = Math.max(old?.readUpTo ?? 0, mark.readUpTo);
    if (old && old.deliveredUpTo === deliveredUpTo && old.readUpTo === readUpTo) return;
    this.pending.delete(id);
    this.pending.set(id, { deliveredUpTo, readUpTo });
    const oldest = this.pending.keys().next();
    if (this.pending.size > mostKept && !oldest.done) this.pending.delete(oldest.value);
    this.unsent.add(id);
    this.timer ??= this.parts.clock.setTimeout(() => {
      this.timer = null;
      this.keep();
      this.flush();
    }, gatherMs);
  }

  private confirm(row: WireRow): void {
    const receipt = z.safeParse(receiptSchema, parsed(row.b));
    if (!receipt.success) return;
    const { conversationId, deliveredUpTo, readUpTo } = receipt.data;
    const mark = this.pending.get(conversationId);
    if (!mark || mark.deliveredUpTo > deliveredUpTo || mark.readUpTo > readUpTo) return;
    this.pending.delete(conversationId);
    this.unsent.delete(conversationId);
    this.timer ??= this.parts.clock.setTimeout(() => {
      this.timer = null;
      this.keep();
      this.flush();
    }, gatherMs);
  }

  private flush(): void {
    for (const id of [...this.unsent]) {
      const mark = this.pending.get(id);
      if (mark && !this.parts.send({ t: 'mark', conversationId: id, ...mark })) return;
      this.unsent.delete(id);
    }
  }

  private keep(): void {
    const kept = [...this.pending].map(([id, mark]) => [id, mark.deliveredUpTo, mark.readUpTo]);
    this.parts.store.write((tx) => writeMeta(tx, key, kept.length === 0 ? null : JSON.stringify(kept)));
  }
}
