import type { HubContext } from '#server/context.ts';
import { inTransaction, type WriteTx } from '#server/db/tx.ts';
import {
  type Beat,
  expireBeats,
  graceBeats,
  keepBeats,
  type PresenceChange,
  presenceRow,
  presenceTeams,
} from '#server/session/handle.ts';
import type { Id } from '#shared/lib/ids.ts';
import { every } from '#shared/lib/time.ts';

/** Who is there. */
export interface Presences {
  beat(beat: Beat): void;
  flush(): Promise<void>;
  stop(): Promise<void>;
}

/** How often a node writes the heartbeats it got (ms). */
const writeEveryMs = 5_000;

/**
 * Heartbeats are gathered and written in one statement every five seconds; only changes of presence are replicated.
 * Nobody is called gone before a hub that just started has given everybody one full length to be heard.
 */
export async function startPresences(ctx: HubContext): Promise<Presences> {
  let waiting = new Map<Id, Beat>();
  let running: Promise<void> = Promise.resolve();
  await inTransaction(ctx.db, (tx) => graceBeats(tx, ctx.clock.now()));

  const replicate = async (tx: WriteTx, changes: readonly PresenceChange[], now: number): Promise<void> => {
    for (const org of new Set(changes.map((c) => c.org))) {
      const ofOrg = changes.filter((c) => c.org === org);
      const teams = await presenceTeams(
        tx,
        org,
        ofOrg.map((c) => c.person_id),
      );
      const rows = teams.map(({ person_id, team_id }) => {
        const change = ofOrg.find((c) => c.person_id === person_id);
        return presenceRow(team_id, person_id, { state: change?.state ?? 'gone', since: change?.since ?? now });
      });
      if (rows.length > 0) await ctx.commit(tx, { org, at: now, cmd: null, rows, audit: [] });
    }
    if (changes.length > 0) tx.afterCommit(() => ctx.onCommitted());
  };
  const write = async (): Promise<void> => {
    const beats = [...waiting.values()].sort((a, b) => (a.personId < b.personId ? -1 : 1));
    waiting = new Map();
    const now = ctx.clock.now();
    try {
      await inTransaction(
        ctx.db,
        async (tx) => {
          const changes = beats.length > 0 ? await keepBeats(tx, beats, now) : [];
          changes.push(...(await expireBeats(tx, now - ctx.settings.presenceForMs, now)));
          await replicate(tx, changes, now);
        },
        { retries: 2 },
      );
    } catch (error) {
      ctx.log.warn(
        { error: String(error), count: beats.length },
        'heartbeats could not be kept; the next ones will be',
      );
    }
  };
  const flush = (): Promise<void> => {
    running = running.then(write);
    return running;
  };
  const turn = every(ctx.clock, writeEveryMs, () => void flush());
  return {
    beat: (beat) => void waiting.set(beat.personId, beat),
    flush,
    async stop() {
      turn.cancel();
      await running;
    },
  };
}
