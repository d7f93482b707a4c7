import { expect, inject, test } from 'vitest';
import { verdictLine } from '#tests/faults/findings.ts';
import { historyOf } from '#tests/faults/history.ts';
import { runReal } from '#tests/faults/real-run.ts';
import { runSim } from '#tests/faults/sim-run.ts';

// The long form is `npm run faults`; this keeps a few histories of fixed seeds beside every change.
test.each([3, 14, 159, 265, 358])(
  'history %i, simulated: nothing lost, doubled, leaked, diverged or broken',
  async (seed) => {
    const { findings, written } = await runSim(inject('postgres'), historyOf(seed, { actions: 60, desks: 5 }));
    expect(findings.words).toEqual([]);
    expect(written).toBeGreaterThan(5);
  },
);

test('a history with real processes: nothing lost, doubled, leaked, diverged or broken', async () => {
  const { findings, written } = await runReal(inject('postgres'), historyOf(92, { actions: 45, desks: 4, nodes: 1 }));
  expect(findings.words).toEqual([]);
  expect(written).toBeGreaterThan(2);
});

test('the last line counts every kind of fault', () => {
  const counts = { lost: 1, duplicated: 2, overspent: 0, leaked: 3, diverged: 4, broken: 5 };
  expect(verdictLine({ sim: 7, real: 1 }, counts)).toBe(
    'runs 7 sim 1 real lost 1 duplicated 2 overspent 0 leaked 3 diverged 4 broken 5',
  );
});
