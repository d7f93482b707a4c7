import type { Address } from '#server/db/launch.ts';
import { finish, type RunResult } from './finish.ts';
import type { History } from './history.ts';
import { RealStage } from './real-stage.ts';

/** Plays a history with real processes, lets it heal, and judges what is left. */
export async function runReal(server: Address, history: History): Promise<RunResult> {
  const stage = await RealStage.open(server, history);
  try {
    for (const action of history.actions) {
      if (history.messages !== undefined && stage.ledger.entries.length >= history.messages) break;
      await stage.act(action);
    }
    const findings = await finish(stage, history);
    return { findings, steps: history.actions.length, written: stage.ledger.entries.length };
  } finally {
    await stage.close();
  }
}
