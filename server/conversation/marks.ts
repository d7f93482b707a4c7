import type { HubContext } from '#server/context.ts';
import { inTransaction } from '#server/db/tx.ts';
import type { Receipt } from '#shared/conversation/model.ts';
import type { Id } from '#shared/lib/ids.ts';
import type { Timer } from '#shared/lib/time.ts';
import { receiptRow } from './rows.ts';
import { raiseReceipts } from './store.ts';

/** Collects how far people have read, and commits it for all of them together. */
export interface Marks {
  add(org: Id, mark: Omit<Receipt, 'at'>): void;
  /** resolves when everything added so far is committed */
  flush(): Promise<void>;
  stop(): Promise<void>;
}

/** How long marks are gathered before one commit takes them (ms). */
const gatherMs = 50;
/** The most rows one commit takes. */
const sliceRows = 500;

/**
 * Delivery and read marks are many and small, and only the highest of each counts: they are gathered per node and
 * committed together. One that is lost with its node comes again with the next look at the thread.
 */
export function gatherMarks(ctx: HubContext): Marks {
  let waiting = new Map<string, { org: Id; mark: Omit<Receipt, 'at'> }>();
  let timer: Timer | null = null;
  let running: Promise<void> = Promise.resolve();

  const commitAll = async (): Promise<void> => {
    const batch = [...waiting.values()];
    waiting = new Map();
    const orgs = new Set(batch.map((b) => b.org));
    for (const org of orgs) {
      const ofOrg = batch.filter((b) => b.org === org);
      for (let i = 0; i < ofOrg.length; i += sliceRows) {
        const slice = ofOrg
          .slice(i, i + sliceRows)
          .sort((a, b) => (a.mark.conversationId < b.mark.conversationId ? -1 : 1));
        await commitSlice(
          org,
          slice.map((s) => s.mark),
        );
      }
    }
  };
  const commitSlice = async (org: Id, marks: Omit<Receipt, 'at'>[]): Promise<void> => {
    const at = ctx.clock.now();
    try {
      await inTransaction(
        ctx.db,
        async (tx) => {
          const moved = await raiseReceipts(
            tx,
            org,
            marks.map((m) => ({ ...m, at })),
          );
          if (moved.length === 0) return;
          await ctx.commit(tx, { org, at, cmd: null, rows: moved.map(receiptRow), audit: [] });
          tx.afterCommit(() => ctx.onCommitted());
        },
        { retries: 2 },
      );
    } catch (error) {
      ctx.log.warn(
        { error: String(error), count: marks.length },
        'read marks could not be kept; they come again with the next look',
      );
    }
  };
  const flush = (): Promise<void> => {
    timer?.cancel();
    timer = null;
    running = running.then(commitAll);
    return running;
  };
  return {
    add(org, mark) {
      const key = `${org}|${mark.conversationId}|${mark.party}`;
      const before = waiting.get(key)?.mark;
      waiting.set(key, {
        org,
        mark: {
          ...mark,
          deliveredUpTo: Math.max(mark.deliveredUpTo, before?.deliveredUpTo ?? 0),
          readUpTo: Math.max(mark.readUpTo, before?.readUpTo ?? 0),
        },
      });
      timer ??= ctx.clock.setTimeout(() => void flush(), gatherMs);
    },
    flush,
    stop: flush,
  };
}
