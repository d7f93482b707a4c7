import type { Client, Notification } from 'pg';
import type { Db } from '#server/db/tx.ts';
import { type Clock, delay, type Timer } from '#shared/lib/time.ts';

/** What nodes call to one another through the database. */
export interface Notify {
  /** this node has committed: the others may look at once */
  news(): void;
  /** something fleeting for the other nodes; lost without harm. At most 7,000 bytes, longer is not sent. */
  signal(text: string): void;
  /** resolves when this node hears the others */
  listening(): Promise<void>;
  stop(): Promise<void>;
}

export interface NotifyParts {
  readonly db: Db;
  readonly clock: Clock;
  /** another node has committed, or may have while this one was deaf */
  onNews(): void;
  onSignal(text: string): void;
  onError(error: unknown): void;
}

/** Hints of one node go out at most this often (ms): a busy node would otherwise wake the others for every commit. */
const hintEveryMs = 20;
/** Before a lost connection is made again (ms); each time longer, up to the last. */
const pausesMs = [100, 500, 1_000, 2_000, 5_000];
/** The most PostgreSQL carries is 8,000 bytes. */
const longestSignal = 7_000;

/** Held shared by every running node, so that whoever needs the database to itself can tell (`isInUse`). */
export const nodeLock = { class: 4_611_702, key: 1 } as const;

/**
 * Lets the nodes of one database hear of one another at once: LISTEN on a connection of its own, NOTIFY outside every
 * transaction. All of it is a hint: the tail looks every second whatever happens, so a lost one costs a second.
 */
export function startNotify(parts: NotifyParts): Notify {
  const { db, clock } = parts;
  let client: Client | null = null;
  let isOver = false;
  let isWanted = false;
  let gap: Timer | null = null;
  let heard: () => void = () => undefined;
  let listening = new Promise<void>((done) => {
    heard = done;
  });

  const say = (channel: 'fairlead_news' | 'fairlead_signal', text: string): void => {
    client?.query('select pg_notify($1, $2)', [channel, text]).catch(parts.onError);
  };
  const hear = (mine: Client, { channel, processId, payload }: Notification): void => {
    // What this node said itself it knows already.
    if (processId === Reflect.get(mine, 'processID')) return;
    if (channel === 'fairlead_news') parts.onNews();
    else if (payload !== undefined) parts.onSignal(payload);
  };
  const connect = async (): Promise<void> => {
    const mine = await db.connect();
    const gone = new Promise<void>((done) => void mine.once('end', done));
    mine.on('notification', (message) => hear(mine, message));
    await mine.query('listen fairlead_news; listen fairlead_signal');
    await mine.query('select pg_advisory_lock_shared($1::int, $2::int)', [nodeLock.class, nodeLock.key]);
    if (isOver) {
      await mine.end();
      return;
    }
    client = mine;
    heard();
    // What was called while nobody listened.
    parts.onNews();
    await gone;
    client = null;
    listening = new Promise<void>((done) => {
      heard = done;
    });
  };
  const run = async (): Promise<void> => {
    for (let n = 0; !isOver; n += 1) {
      try {
        await connect();
        n = -1;
      } catch (error) {
        if (!isOver) parts.onError(error);
      }
      if (!isOver) await delay(clock, pausesMs[Math.min(n, pausesMs.length - 1)] ?? 0);
    }
  };
  void run();

  return {
    news() {
      isWanted = true;
      if (gap || isOver) return;
      const hint = (): void => {
        gap = null;
        if (!isWanted || isOver) return;
        isWanted = false;
        say('fairlead_news', '');
        gap = clock.setTimeout(hint, hintEveryMs);
      };
      hint();
    },
    signal(text) {
      if (Buffer.byteLength(text) <= longestSignal) say('fairlead_signal', text);
    },
    listening: () => listening,
    async stop() {
      isOver = true;
      gap?.cancel();
      await client?.end().catch(() => undefined);
      client = null;
    },
  };
}

/** Whether a node runs on this database. Takes the database for itself until `client` ends when none does. */
export async function isInUse(client: Client): Promise<boolean> {
  const answer = await client.query<{ got: boolean }>('select pg_try_advisory_lock($1::int, $2::int) as got', [
    nodeLock.class,
    nodeLock.key,
  ]);
  return answer.rows[0]?.got !== true;
}
