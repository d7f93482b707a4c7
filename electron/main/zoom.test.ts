import { expect, test } from 'vitest';
import { nextZoom } from './zoom.ts';

test.each([
  [1, 'in', 1.1],
  [1, 'out', 0.9],
  [1.3, 'in', 1.5],
  [1.3, 'out', 1.25],
  [2, 'in', 2],
  [0.5, 'out', 0.5],
  [1.75, 'reset', 1],
] as const)('from %d one step %s leads to %d', (from, direction, to) => {
  expect(nextZoom(from, direction)).toBe(to);
});
