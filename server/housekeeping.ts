import { every } from '#shared/lib/time.ts';
import type { HubContext } from './context.ts';
import { letGoOfResolved } from './conversation/handle.ts';
import { inTransaction, type WriteTx } from './db/tx.ts';
import { forgetCommits, forgetGone, forgetOutcomes, raiseHorizon } from './replica/keeping.ts';
import { forgetCodes, freezeUnreachable, orgs } from './session/handle.ts';

/** Keeps the database from growing by what nobody can ask for any more. */
export interface Housekeeping {
  /** one turn now; answers what was done, or null when another node is at it */
  turn(): Promise<Record<string, number> | null>;
  stop(): Promise<void>;
}

/** How often (ms). */
const turnEveryMs = 60_000;
/** Rows per transaction, and transactions per kind and turn: nobody waits long for housekeeping. */
const sliceRows = 500;
const mostSlices = 40;
/** Conversations or devices per transaction: each changes several rows of several desks. */
const sliceThings = 40;
const housekeepingLock = { class: 4_611_702, key: 2 } as const;

/**
 * Forgets, a slice at a time: outcomes, rows that are gone and marks of commits older than a desk may be away (from then
 * on an older cursor starts over), used codes; takes devices whose tokens have ended out of the distribution; lets
 * conversations resolved long ago go from their owner's desks. One node at a time does it.
 */
export function startHousekeeping(ctx: HubContext): Housekeeping {
  let running: Promise<unknown> = Promise.resolve();
  let isOver = false;

  const slices = async (size: number, work: (tx: WriteTx) => Promise<number>): Promise<number> => {
    let total = 0;
    for (let i = 0; i < mostSlices && !isOver; i += 1) {
      const done = await inTransaction(ctx.db, work, { retries: 2 });
      total += done;
      if (done < size) break;
    }
    return total;
  };
  const keep = async (): Promise<Record<string, number>> => {
    const now = ctx.clock.now();
    const before = now - ctx.settings.keepForMs;
    const done: Record<string, number> = {};
    const count = async (what: string, size: number, work: (tx: WriteTx) => Promise<number>): Promise<void> => {
      const n = await slices(size, work);
      if (n > 0) done[what] = (done[what] ?? 0) + n;
    };
    for (const { id: org } of await orgs(ctx.db)) {
      await count('devices', sliceThings, (tx) => freezeUnreachable(tx, ctx, org, now, sliceThings));
      await count('conversations', sliceThings, (tx) => letGoOfResolved(tx, ctx, org, now, sliceThings));
      await inTransaction(ctx.db, (tx) => raiseHorizon(tx, org, before));
      await count('gone', sliceRows, (tx) => forgetGone(tx, org, sliceRows));
      await count('commits', sliceRows, (tx) => forgetCommits(tx, org, sliceRows));
      await count('outcomes', sliceRows, (tx) => forgetOutcomes(tx, org, before, sliceRows));
      await count('codes', sliceRows, (tx) => forgetCodes(tx, org, before, sliceRows));
    }
    return done;
  };
  const alone = async (): Promise<Record<string, number> | null> => {
    const client = await ctx.db.connect();
    try {
      const { class: kind, key } = housekeepingLock;
      const got = await client.query<{ got: boolean }>('select pg_try_advisory_lock($1::int, $2::int) as got', [
        kind,
        key,
      ]);
      return got.rows[0]?.got === true ? await keep() : null;
    } finally {
      await client.end();
    }
  };
  const turn = (): Promise<Record<string, number> | null> => {
    const mine = running.then(alone);
    running = mine.catch((error: unknown) => ctx.log.warn({ error: String(error) }, 'housekeeping has to wait'));
    return mine;
  };
  const report = async (): Promise<void> => {
    // What goes wrong is in the log already; the next turn is a minute away.
    const done = await turn().catch(() => null);
    if (done && Object.keys(done).length > 0) ctx.log.info(done, 'housekeeping');
  };
  const timer = every(ctx.clock, turnEveryMs, () => {
    void report();
  });
  return {
    turn,
    async stop() {
      isOver = true;
      timer.cancel();
      await running;
    },
  };
}
