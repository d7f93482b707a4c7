import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDb } from '#server/db/open.ts';
import { sql } from '#server/db/sql.ts';
import { type Db, inTransaction } from '#server/db/tx.ts';
import { issueCodeIn } from '#server/session/accounts.ts';
import { secureRandom } from '#shared/lib/ids.ts';
import { systemClock } from '#shared/lib/time.ts';
import { startHub } from '#tests/support/hub-process.ts';
import { createDatabase, must, startTestServer, urlOf } from '#tests/support/postgres-server.ts';
import { World } from '#tests/support/world.ts';

/** A hub as a process of its own on a durable PostgreSQL, and a way to put things into its database beside it. */
export interface BenchHub {
  readonly address: string;
  readonly db: Db;
  /** An organisation with two teams. Its own hub node is stopped: only the process serves. */
  readonly world: World;
  /** A one-time code with which a desk is enrolled. */
  code(): Promise<string>;
  close(): Promise<void>;
}

/** The password of every person a benchmark adds. */
export const benchPassword = 'a password for measuring';

/**
 * Starts one; `fill` puts in what must be there before the process starts. `isDemo`: as the demo company's, so that a packaged
 * desk signs in by itself.
 */
export async function startBenchHub(
  fill: (world: World) => Promise<void>,
  { isDemo = false }: { readonly isDemo?: boolean } = {},
): Promise<BenchHub> {
  const server = await startTestServer();
  const folder = await mkdtemp(join(tmpdir(), 'bench-hub-'));
  const address = await createDatabase(server.address);
  const db = must(await openDb({ address, limits: { statementMs: 120_000 } }));
  const undo = async (): Promise<void> => {
    await db.close();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const world = await World.create(db, systemClock);
    // A hub refuses to serve the demo company as if it were real.
    if (!isDemo) await inTransaction(db, (tx) => tx.run(sql`update orgs set is_demo = false`));
    await fill(world);
    await world.hub.stop();
    const hub = await startHub({
      args: isDemo ? ['--demo'] : [],
      env: {
        FAIRLEAD_DATABASE_URL: urlOf(address),
        FAIRLEAD_DATA_DIR: folder,
        FAIRLEAD_PORT: '0',
        FAIRLEAD_LOG_LEVEL: 'error',
      },
    });
    return {
      address: hub.ready.address,
      db,
      world,
      async code() {
        return inTransaction(db, async (tx) => {
          const issued = await issueCodeIn(tx, world.org, world.mint.next(), systemClock.now(), secureRandom);
          return issued.code;
        });
      },
      async close() {
        await hub.dispose();
        await undo();
      },
    };
  } catch (error) {
    await undo();
    throw error;
  }
}
