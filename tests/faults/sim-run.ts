import type { Address } from '#server/db/launch.ts';
import { sql } from '#server/db/sql.ts';
import type { Id } from '#shared/lib/ids.ts';
import { companyPassword } from '#tests/support/sim-company.ts';
import { judge } from './checks.ts';
import type { Findings } from './findings.ts';
import type { History } from './history.ts';
import { openAll, readAll } from './play.ts';
import { SimStage } from './sim-stage.ts';

export interface RunResult {
  readonly findings: Findings;
  /** events that happened (sim) */
  readonly steps: number;
  readonly written: number;
}

/** Plays a history in a simulated world, lets it heal, and judges what is left. */
export async function runSim(server: Address, history: History): Promise<RunResult> {
  const stage = await SimStage.open(server, history);
  try {
    for (const action of history.actions) {
      if (history.messages !== undefined && stage.ledger.entries.length >= history.messages) break;
      await stage.act(action);
    }
    const findings = await finish(stage, history);
    return { findings, steps: stage.world.steps, written: stage.ledger.entries.length };
  } finally {
    await stage.close();
  }
}

async function finish(stage: SimStage, history: History): Promise<Findings> {
  const { world, deeds } = stage;
  let unrest = await stage.heal();
  // Where every message counts, whoever was refused says it again.
  for (let round = 0; history.messages !== undefined && round < 20; round += 1) {
    let sent = 0;
    for (const desk of stage.desks) sent += await deeds.settleRefused(desk, 'sendAgain', 100);
    if (sent === 0) break;
    unrest = await stage.heal();
  }
  const node = world.upNodes[0];
  if (!node) throw new Error('no hub is up');
  const { org } = world.company;
  const ids = await node.db.rows(sql<{ id: Id }>`select id from conversations where org = ${org}::uuid order by id`);
  const conversations = ids.map((row) => row.id);
  await openAll(stage, conversations);
  unrest = (await stage.heal()) || unrest;
  return judge({
    db: node.db,
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
