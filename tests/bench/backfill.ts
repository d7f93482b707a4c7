import { heldScopes } from '#core/db/cache-scopes.ts';
import type { Store } from '#core/db/open.ts';
import { delay, systemClock } from '#shared/lib/time.ts';
import { type Bench, median, short, takeTurns } from './bench.ts';
import { makeDesk } from './bench-desk.ts';
import { type BenchHub, benchPassword, startBenchHub } from './bench-hub.ts';
import { fill } from './fill.ts';
import { type CacheRows, insertRaw, readCache } from './raw-cache.ts';

const conversations = 250;
const messagesEach = 200;
const rounds = 5;
const email = 'ana@example.org';
const longestMs = 180_000;

interface Filled {
  readonly perSecond: number;
  readonly rows: number;
  readonly answers: number;
}

function isWhole(store: Store): boolean {
  const held = store.read(heldScopes);
  return held.ok && held.value.length > conversations && held.value.every((scope) => scope.isComplete);
}

/** Signs a person in on a computer that knows nothing yet, and waits until it holds everything they may see. */
async function fetchAll(hub: BenchHub, keep: (rows: CacheRows) => void): Promise<Filled> {
  let began = 0;
  let waiting = 0;
  let answers = 0;
  const desk = makeDesk(hub, {
    up: (message) => {
      if (message.t === 'hello') began = performance.now();
      if (message.t === 'backfill') waiting += 1;
    },
    down: (raw, taken) => {
      if (typeof raw === 'object' && raw !== null && 't' in raw && raw.t === 'backfilled') {
        waiting -= 1;
        answers += 1;
      }
      taken();
    },
  });
  // A window is open, as it is when somebody has just signed in: no transaction may last long.
  desk.core.onEvent(() => undefined);
  try {
    await desk.signIn(email);
    const store = desk.core.desk?.opened.store;
    if (!store) throw new Error('nobody is signed in');
    while (waiting > 0 || !isWhole(store)) {
      if (performance.now() - began > longestMs) throw new Error(`not whole after ${longestMs} ms`);
      await delay(systemClock, waiting > 0 ? 5 : 1);
    }
    const took = performance.now() - began;
    const rows = readCache(store);
    keep(rows);
    return { perSecond: (rows.rows.length * 1_000) / took, rows: rows.rows.length, answers };
  } finally {
    desk.close();
  }
}

/** How fast a new desk is whole: hub, wire, parsing and storing against storing alone. */
export const backfill: Bench = {
  divides:
    'rows per second from a hub process into a fresh desk’s cache, a window being open / raw better-sqlite3 batch inserts of the same rows into an equally encrypted and indexed file',
  aim: { is: 'at least', ratio: 0.5 },
  async run() {
    const hub = await startBenchHub(async (world) => {
      const id = await world.person('Ana', 'agent', [world.teams[0]], benchPassword);
      await fill(world, { person: { id, name: 'Ana' }, conversations, messagesEach });
    });
    try {
      let same: CacheRows | null = null;
      // The first desk also says which rows the other side has to insert.
      await fetchAll(hub, (rows) => {
        same = rows;
      });
      const turns = await takeTurns(
        {
          ours: () => fetchAll(hub, () => undefined),
          bare: async () => {
            if (!same) throw new Error('no rows');
            return { perSecond: insertRaw(same), rows: same.rows.length, answers: 0 };
          },
        },
        { rounds, skip: 0 },
      );
      const ratios = turns.map((t) => t.ours.perSecond / t.bare.perSecond);
      const { rows = 0, answers = 0 } = turns[0]?.ours ?? {};
      return {
        ratio: median(ratios),
        table: [
          ['rows/s', ...turns.map((_, i) => `#${i + 1}`), 'median'],
          [
            'hub to cache',
            ...turns.map((t) => short(t.ours.perSecond)),
            short(median(turns.map((t) => t.ours.perSecond))),
          ],
          [
            'raw inserts',
            ...turns.map((t) => short(t.bare.perSecond)),
            short(median(turns.map((t) => t.bare.perSecond))),
          ],
          ['ratio', ...ratios.map(short), short(median(ratios))],
        ],
        notes: [
          `${rows} rows: ${conversations} conversations of ${messagesEach} messages with customer and head, in ${answers} answers; from hello until every scope is shown`,
          'raw: same schema, indexes, search table, cipher, secure_delete and log settings, 500 rows a transaction, in the order the desk wrote them',
        ],
      };
    } finally {
      await hub.close();
    }
  },
};
