import fc from 'fast-check';
import { expect, inject, test } from 'vitest';
import { type Action, historyOf, rights } from '#tests/faults/history.ts';
import { runSim } from '#tests/faults/sim-run.ts';

/** One action with everything random in it, made from one number; a list of them shrinks by leaving some out. */
const anyAction: fc.Arbitrary<Action> = fc
  .nat()
  .map((seed) => historyOf(seed, { actions: 1, mix: rights }).actions)
  .map(([action]) => action as Action);

test('whatever is written, granted, revoked, cut and restarted: at rest every cache is exactly the rows its device may hold', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), fc.array(anyAction, { minLength: 25, maxLength: 70 }), async (seed, actions) => {
      const history = { seed, nodes: 1 + (seed % 2), desks: 5, pages: 3, actions };
      const { findings } = await runSim(inject('postgres'), history);
      expect(findings.words).toEqual([]);
    }),
    { numRuns: 10, seed: 20_261_122, interruptAfterTimeLimit: 45_000, markInterruptAsFailure: false },
  );
});

test('one seed gives one history, event for event', async () => {
  const history = historyOf(77, { actions: 40, desks: 4, nodes: 2 });
  const [first, second] = [await runSim(inject('postgres'), history), await runSim(inject('postgres'), history)];
  expect({ steps: second.steps, trace: second.trace, written: second.written }).toEqual({
    steps: first.steps,
    trace: first.trace,
    written: first.written,
  });
});
