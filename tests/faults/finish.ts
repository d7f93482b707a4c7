import { sql } from '#server/db/sql.ts';
import type { ReadDb } from '#server/db/tx.ts';
import type { Id } from '#shared/lib/ids.ts';
import { companyPassword } from '#tests/support/sim-company.ts';
import { judge } from './checks.ts';
import type { Deeds } from './deeds.ts';
import type { Findings } from './findings.ts';
import type { Stage } from './hands.ts';
import type { History } from './history.ts';
import { openAll, readAll } from './play.ts';

export interface RunResult {
  readonly findings: Findings;
  /** events that happened (sim), actions played (real) */
  readonly steps: number;
  readonly written: number;
  /** a sign of everything that was said over the net, in whatever order what happens at once came (sim) */
  readonly trace: string;
}

/** A stage whose history has been played. */
export interface PlayedStage extends Stage {
  readonly deeds: Deeds;
  readonly db: ReadDb;
  readonly leaks: readonly string[];
  /** mends everything and waits for rest; `isLast`: also until what has its own slow pace is done */
  heal(isLast: boolean): Promise<string>;
}

/** Lets everything heal and come to rest, then judges what is left. */
export async function finish(stage: PlayedStage, history: History): Promise<Findings> {
  let unrest = await stage.heal(false);
  // Where every message counts, whoever was refused says it again.
  for (let round = 0; history.messages !== undefined && round < 20; round += 1) {
    let sent = 0;
    for (const desk of stage.desks) sent += await stage.deeds.settleRefused(desk, 'sendAgain', 100);
    if (sent === 0) break;
    unrest = await stage.heal(false);
  }
  const { org } = stage.company;
  const ids = await stage.db.rows(sql<{ id: Id }>`select id from conversations where org = ${org}::uuid order by id`);
  const conversations = ids.map((row) => row.id);
  await openAll(stage, conversations);
  unrest = (await stage.heal(true)) || unrest;
  return judge({
    db: stage.db,
    org,
    password: companyPassword,
    desks: stage.desks,
    ledger: stage.ledger,
    pages: stage.pages,
    shown: await readAll(stage, conversations),
    leaks: stage.leaks,
    unrest,
  });
}
