import type { Address } from '#server/db/launch.ts';
import type { History } from './history.ts';
import type { RunResult } from './sim-run.ts';
export function runReal(_server: Address, _history: History): Promise<RunResult> {
  throw new Error('not yet');
}
