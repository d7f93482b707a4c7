import { expect, test } from 'vitest';
import { sumOf } from './sum.mjs';

const fine = { numPassedTests: 5, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, success: true };

test('a run where everything passed counts what passed', () => {
  expect(sumOf(() => fine, false)).toEqual({ passed: 5, failed: 0, remarks: [] });
});

test('a run counts the tests that failed', () => {
  expect(sumOf(() => ({ ...fine, numFailedTests: 2, success: false }), true)).toMatchObject({ passed: 5, failed: 2 });
});

test('a run that failed without a failed test is one failure', () => {
  expect(sumOf(() => fine, true).failed).toBe(1);
  expect(sumOf(() => ({ ...fine, success: false }), false).failed).toBe(1);
});

test('a run without a report is a failure', () => {
  const missing = (): never => {
    throw new Error('no such file');
  };
  expect(sumOf(missing, false)).toMatchObject({ passed: 0, failed: 1 });
});

test('skipped tests and runs of no tests are failures', () => {
  expect(sumOf(() => ({ ...fine, numPendingTests: 2 }), false).failed).toBe(2);
  expect(sumOf(() => ({ ...fine, numPassedTests: 0 }), false).failed).toBe(1);
});
