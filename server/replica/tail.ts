import { sql } from '#server/db/sql.ts';
import type { Db } from '#server/db/tx.ts';
import type { Id } from '#shared/lib/ids.ts';
import { type Clock, every, type Timer } from '#shared/lib/time.ts';

/** What is new in an organisation's stream. null = too much to say: assume everything. */
export interface News {
  readonly org: Id;
  readonly head: number;
  readonly devices: ReadonlySet<Id> | null;
  readonly scopes: ReadonlySet<string> | null;
}

export interface Tail {
  /** tells this node at once that it committed itself */
  nudge(): void;
  onNews(take: (news: News) => void): void;
  /** looks once; resolves when what was found has been told */
  look(): Promise<void>;
  stop(): Promise<void>;
}

interface HeadRow {
  org: Id;
  seq: number;
}

/** Beyond this many new seqs everybody is woken instead of being looked up. */
const manyNews = 5_000;

async function newsOf(db: Db, org: Id, after: number, head: number): Promise<News> {
  if (head - after > manyNews) return { org, head, devices: null, scopes: null };
  const [scopes, devices] = await Promise.all([
    db.rows(
      sql<{
        scope: string;
      }>`select distinct scope from replica where org = ${org}::uuid and seq > ${after} and seq <= ${head}`,
    ),
    db.rows(sql<{ device: Id }>`
      select h.device from replica r join holdings h on h.org = r.org and h.scope = r.scope
        where r.org = ${org}::uuid and r.seq > ${after} and r.seq <= ${head}
      union select device from outcomes where org = ${org}::uuid and seq > ${after} and seq <= ${head}`),
  ]);
  return { org, head, devices: new Set(devices.map((d) => d.device)), scopes: new Set(scopes.map((s) => s.scope)) };
}

/**
 * Follows the database's stream for this node's own sockets. The database is asked every second whatever happens;
 * a nudge (own commit, or another node's notification) only makes it sooner, so a lost one costs a second and nothing else.
 */
export function startTail(db: Db, clock: Clock, onError: (error: unknown) => void): Tail {
  const known = new Map<Id, number>();
  const takers: ((news: News) => void)[] = [];
  let running: Promise<void> | null = null;
  let isWanted = false;
  let isOver = false;

  const once = async (): Promise<void> => {
    const heads = await db.rows(sql<HeadRow>`select org, seq from org_heads`);
    for (const { org, seq } of heads) {
      const before = known.get(org);
      if (before !== undefined && before !== seq) {
        const news =
          before > seq ? { org, head: seq, devices: null, scopes: null } : await newsOf(db, org, before, seq);
        for (const take of takers) take(news);
      }
      // Only now: news that could not be read are read again at the next turn.
      known.set(org, seq);
    }
  };
  const look = async (): Promise<void> => {
    isWanted = true;
    while (running) await running;
    if (!isWanted || isOver) return;
    isWanted = false;
    running = once().catch(onError);
    await running;
    running = null;
  };
  const poll: Timer = every(clock, 1000, () => void look());
  return {
    // In the next turn of the loop: the answer to whoever committed is on its way by then.
    nudge: () => void setImmediate(() => void look()),
    onNews: (take) => void takers.push(take),
    look,
    async stop() {
      isOver = true;
      poll.cancel();
      await running;
    },
  };
}
