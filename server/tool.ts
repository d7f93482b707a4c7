import { join } from 'node:path';
import { heldConversations } from '#server/conversation/handle.ts';
import { type Id, IdMint, type RandomBytes, secureRandom } from '#shared/lib/ids.ts';
import { ok, type Result } from '#shared/lib/result.ts';
import type { Clock } from '#shared/lib/time.ts';
import type { Config } from './config.ts';
import { migrate } from './db/migrations.ts';
import { openDb } from './db/open.ts';
import { addressOfRunning } from './db/running.ts';
import { sql } from './db/sql.ts';
import { type Db, inTransaction, type WriteTx } from './db/tx.ts';
import { type Commit, makeCommit } from './replica/commit.ts';
import { databaseOf } from './serve.ts';
import { holders } from './session/handle.ts';

/** What an act of the command line works with. */
export interface Tool {
  readonly db: Db;
  readonly org: Id;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly mint: IdMint;
  readonly commit: Commit;
  /** one transaction; a refusal undoes it, and running nodes look at once at what was done */
  write(work: (tx: WriteTx) => Promise<Result<string[]>>): Promise<Result<string[]>>;
}

class Undo extends Error {}

/**
 * Opens the hub's database for a moment: as a visitor while a hub runs on it, else as its owner (and then its schema is
 * brought up to date first).
 */
export async function openForTool(config: Config, clock: Clock): Promise<Result<Db>> {
  if (!config.databaseUrl) {
    const address = await addressOfRunning(join(config.dataDir, 'postgres'));
    if (address) return openDb({ address, limits: { most: 3 } });
  }
  const opened = await openDb({ ...databaseOf(config, clock), limits: { most: 3 } });
  if (!opened.ok || config.databaseUrl) return opened;
  const migrated = await migrate(opened.value, clock);
  if (migrated.ok) return opened;
  await opened.value.close();
  return migrated;
}

/** The tool of one organisation. */
export function toolOf(db: Db, org: Id, clock: Clock): Tool {
  return {
    db,
    org,
    clock,
    random: secureRandom,
    mint: new IdMint(clock, secureRandom),
    commit: makeCommit({ holders, conversations: heldConversations }, secureRandom),
    async write(work) {
      let refused: Result<string[]> = ok([]);
      try {
        return await inTransaction(db, async (tx) => {
          const done = await work(tx);
          if (!done.ok) {
            refused = done;
            throw new Undo();
          }
          tx.later(sql`select pg_notify('fairlead_news', '')`);
          return done;
        });
      } catch (error) {
        if (error instanceof Undo) return refused;
        throw error;
      }
    },
  };
}

/** Lines of a table, columns as wide as their widest cell. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [heads, ...rows];
  const widths = heads.map((_, i) => Math.max(...all.map((row) => Array.from(row[i] ?? '').length)));
  const pad = (cell: string, width: number): string => cell + ' '.repeat(Math.max(0, width - Array.from(cell).length));
  return all.map((row) =>
    row
      .map((cell, i) => pad(cell, widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
