import { expect, test } from 'vitest';
import { daysOver, stageState } from './order-stages.ts';

const day = 86_400_000;

test('an order under way is late by the whole days since its promised date', () => {
  expect(daysOver({ promisedAt: 0, stage: 'depot', stageAt: 0 }, 2 * day + 5)).toBe(2);
  expect(daysOver({ promisedAt: 5 * day, stage: 'depot', stageAt: 0 }, 2 * day)).toBe(0);
  expect(daysOver({ promisedAt: null, stage: 'depot', stageAt: 0 }, 2 * day)).toBe(0);
});

test('an order that arrived does not get later', () => {
  expect(daysOver({ promisedAt: 0, stage: 'delivered', stageAt: day }, 90 * day)).toBe(1);
});

test('what is behind is done, what is ahead is open, and trouble shows where it is', () => {
  const order = { stage: 'depot' as const, trouble: 'mis-sort' };
  expect(stageState('packed', order, false)).toBe('done');
  expect(stageState('depot', order, false)).toBe('late');
  expect(stageState('delivered', order, false)).toBe('ahead');
  expect(stageState('depot', { ...order, trouble: null }, false)).toBe('current');
  expect(stageState('delivered', { stage: 'delivered', trouble: null }, false)).toBe('done');
});
