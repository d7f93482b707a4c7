import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countAttempt, delayAfter, noAttempts, readAttempts, waitBefore, writeAttempts } from './attempts.ts';

test('two slips cost nothing, then the delay doubles from five seconds to a quarter of an hour', () => {
  expect([0, 1, 2, 3, 4, 5, 6].map(delayAfter)).toEqual([0, 0, 0, 5000, 10_000, 20_000, 40_000]);
  expect(delayAfter(1000)).toBe(900_000);
});

test('the delay never shrinks with more failures', () => {
  fc.assert(fc.property(fc.nat(100), (n) => delayAfter(n + 1) >= delayAfter(n)));
});

test('waiting ends when the delay has passed; a clock set back waits the full delay and not longer', () => {
  const attempts = { failures: 4, lastAt: 100_000 };
  expect([100_000, 104_000, 110_000, 200_000, 5].map((now) => waitBefore(attempts, now))).toEqual([
    10_000, 6000, 0, 0, 10_000,
  ]);
});

test('the count survives on disk, is cleared by a good attempt, and a spoilt file counts as failures', () => {
  const folder = mkdtempSync(join(tmpdir(), 'attempts-'));
  try {
    expect(readAttempts(folder, 1)).toEqual(noAttempts);
    writeAttempts(folder, countAttempt(countAttempt(noAttempts, 5), 6));
    expect(readAttempts(folder, 9)).toEqual({ failures: 2, lastAt: 6 });
    writeFileSync(join(folder, 'attempts.json'), '{"failures":-1}');
    expect(waitBefore(readAttempts(folder, 9), 9)).toBeGreaterThan(0);
    writeAttempts(folder, noAttempts);
    expect(readAttempts(folder, 9)).toEqual(noAttempts);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
