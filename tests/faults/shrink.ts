import { systemClock } from '#shared/lib/time.ts';
import { type Counts, type FaultKind, faultKinds } from './findings.ts';
import type { Action, History } from './history.ts';

/** The kinds of fault a run shows. */
export function kindsOf(counts: Counts): FaultKind[] {
  return faultKinds.filter((kind) => counts[kind] > 0);
}

/**
 * Looks for a shorter history that still fails in one of the same ways: leaves out halves, then quarters, down to single
 * actions, until nothing more can go or the time is over. `fails` plays a history and answers what it shows.
 */
export async function shrink(
  history: History,
  kinds: readonly FaultKind[],
  fails: (shorter: History) => Promise<readonly FaultKind[]>,
  budgetMs: number,
): Promise<History> {
  const end = systemClock.monotonic() + budgetMs;
  const isSame = async (actions: readonly Action[]): Promise<boolean> =>
    (await fails({ ...history, actions })).some((kind) => kinds.includes(kind));
  let actions = history.actions;
  for (let size = Math.ceil(actions.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < actions.length; ) {
      if (systemClock.monotonic() >= end) return { ...history, actions };
      const without = [...actions.slice(0, at), ...actions.slice(at + size)];
      if (await isSame(without)) actions = without;
      else at += size;
    }
  }
  return { ...history, actions };
}
