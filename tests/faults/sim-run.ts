import type { Address } from '#server/db/launch.ts';
import { finish, type RunResult } from './finish.ts';
import type { History } from './history.ts';
import { SimStage } from './sim-stage.ts';

/** Plays a history in a simulated world, lets it heal, and judges what is left. */
export async function runSim(server: Address, history: History): Promise<RunResult> {
  const stage = await SimStage.open(server, history);
  try {
    for (const action of history.actions) {
      if (history.messages !== undefined && stage.ledger.entries.length >= history.messages) break;
      await stage.act(action);
    }
    const findings = await finish(stage, history);
    return { findings, steps: stage.world.steps, written: stage.ledger.entries.length, trace: stage.world.net.trace };
  } finally {
    await stage.close();
  }
}
