import type { Backfilled, Page } from '#shared/wire/messages.ts';

/** An answer to a backfill that waits to be written; `after` is what was asked for. */
export type BackfillJob = { readonly kind: 'backfill'; readonly answer: Backfilled; readonly after: number };
export type Job = { readonly kind: 'page'; readonly page: Page } | BackfillJob;

/** Answers with few rows share a transaction, up to so many rows in all: a desk gets hundreds of them, and each commit costs. */
const sharedRows = 100;

/** An answer and those that wait right behind it, as long as they are few rows together; they are taken out of the queue. */
export function withSmallOnes(first: BackfillJob, queue: Job[]): BackfillJob[] {
  const jobs = [first];
  let rows = first.answer.rows.length;
  for (let next = queue[0]; next?.kind === 'backfill'; next = queue[0]) {
    rows += next.answer.rows.length;
    if (rows > sharedRows) break;
    jobs.push(next);
    queue.shift();
  }
  return jobs;
}
