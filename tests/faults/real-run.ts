import type { Address } from '#server/db/launch.ts';
import { finish, type RunResult } from './finish.ts';
import type { History } from './history.ts';
import { RealStage } from './real-stage.ts';

/** Plays a history with real processes, lets it heal, and judges what is left. */
export async function runReal(server: Address, history: History): Promise<RunResult> {
  const stage = await RealStage.open(server, history);
  try {
    let steps = 0;
    for (const action of history.actions) {
      if (history.messages !== undefined && stage.ledger.entries.length >= history.messages) break;
      await stage.act(action);
      steps += 1;
    }
    const findings = await finish(stage, history);
    return { findings, steps, written: stage.ledger.entries.length, trace: '' };
  } finally {
    await stage.close();
  }
}
