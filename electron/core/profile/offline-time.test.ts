import fc from 'fast-check';
import { expect, test } from 'vitest';
import { confirmedByHub, isOfflineTimeOver, offlineUntil, reckonedNow, seenLater } from './offline-time.ts';

const day = 86_400_000;

test('the allowed time ends a fixed length after the hub last confirmed', () => {
  const facts = confirmedByHub(1000, day);
  expect(offlineUntil(facts)).toBe(1000 + day);
  expect([isOfflineTimeOver(facts, 999 + day, 0), isOfflineTimeOver(facts, 1000 + day, 0)]).toEqual([false, true]);
});

test('setting the clock back after a day has been seen does not bring the day back', () => {
  const facts = seenLater(confirmedByHub(0, day), day, 0);
  expect(isOfflineTimeOver(facts, 5, 0)).toBe(true);
});

test('time that really passed counts under a clock that was set back', () => {
  const facts = seenLater(confirmedByHub(1_000_000, day), 1_000_000, 0);
  expect(isOfflineTimeOver(facts, 0, day - 1)).toBe(false);
  expect(isOfflineTimeOver(facts, 0, day)).toBe(true);
});

test('however the clock is set, reckoned time never goes back and at least the running time is used up', () => {
  const steps = fc.array(fc.record({ now: fc.integer({ min: -10 * day, max: 10 * day }), ranMs: fc.nat(day) }), {
    maxLength: 30,
  });
  fc.assert(
    fc.property(steps, (moves) => {
      let facts = confirmedByHub(0, 3 * day);
      let ran = 0;
      for (const { now, ranMs } of moves) {
        const before = facts.seenAt;
        facts = seenLater(facts, now, ranMs);
        ran += ranMs;
        expect(facts.seenAt).toBeGreaterThanOrEqual(before + ranMs);
        expect(reckonedNow(facts, now, 0)).toBe(facts.seenAt);
      }
      expect(facts.seenAt).toBeGreaterThanOrEqual(ran);
      if (ran >= 3 * day) expect(isOfflineTimeOver(facts, Number.MIN_SAFE_INTEGER, 0)).toBe(true);
    }),
  );
});
