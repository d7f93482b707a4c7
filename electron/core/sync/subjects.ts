import * as z from 'zod/mini';
import type { WriteDb } from '#core/db/handles.ts';
import type { Id } from '#shared/lib/ids.ts';

/** The conversation a command is about, by what it touches; null = none. */
export const conversationOf = (subjects: readonly string[]): Id | null =>
  subjects.find((s) => s.startsWith('conversation:'))?.slice('conversation:'.length) ?? null;

/** How many earlier commands one may name; the oldest ones are left out, they are settled first. */
const mostAfter = 500;

/** The unsettled commands that share a subject with a new one, in order of n. */
export function unsettledSharing(tx: WriteDb, subjects: readonly string[]): number[] {
  if (subjects.length === 0) return [];
  const conversation = conversationOf(subjects);
  const isOnly = conversation !== null && subjects.length === 1;
  const open = `state <> 'done' and state in ('waiting', 'sent')`;
  if (isOnly) {
    // `+`: by what is open, which is little, and not through everything that was ever sent in this conversation.
    return tx
      .values<number>(
        `select n from main.outbox where +conversation = ? and ${open} order by n desc limit ?`,
        conversation,
        mostAfter,
      )
      .reverse();
  }
  const wanted = new Set(subjects);
  const rows = tx.all<{ n: number; subjects: string }>(`select n, subjects from main.outbox where ${open} order by n`);
  const sharing = rows.filter((row) =>
    z.parse(z.array(z.string()), JSON.parse(row.subjects)).some((s) => wanted.has(s)),
  );
  return sharing.slice(-mostAfter).map((row) => row.n);
}
