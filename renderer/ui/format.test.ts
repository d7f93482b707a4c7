import { describe, expect, test } from 'vitest';
import { type AgeWords, ageInWords, clockDigits, moneyText } from './format.ts';

const words: AgeWords = {
  now: 'now',
  seconds: (n) => `${n} s`,
  minutes: (n) => `${n} min`,
  hours: (n) => `${n} h`,
  hoursMinutes: (hours, minutes) => `${hours} h ${minutes}`,
  days: (n) => `${n} d`,
};
const now = new Date(2026, 10, 22, 12).getTime();
const age = (seconds: number): string => ageInWords(now - seconds * 1000, now, 'en-GB', words);

describe('an age in words', () => {
  test.each([
    [0, 'now'],
    [9, 'now'],
    [44, '40 s'],
    [60, '1 min'],
    [3599, '59 min'],
    [3600, '1 h'],
    [11_400, '3 h 10'],
    [11_100, '3 h 05'],
    [86_400, '1 d'],
    [7 * 86_400, '15 Nov'],
    [400 * 86_400, '18 Oct 2025'],
  ])('of %i seconds reads "%s"', (seconds, text) => {
    expect(age(seconds)).toBe(text);
  });

  test('of a time ahead reads now, as clocks disagree a little', () => {
    expect(age(-30)).toBe('now');
  });
});

describe('a clock', () => {
  const digits = (ms: number): string => clockDigits(ms, 'en-GB', words.hoursMinutes);

  test.each([
    [72_000, '1:12'],
    [72_999, '1:12'],
    [-41_000, '0:41'],
    [3_599_000, '59:59'],
    [11_400_000, '3 h 10'],
  ])('of %i ms shows %s', (ms, text) => {
    expect(digits(ms)).toBe(text);
  });
});

describe('money', () => {
  test('is written by locale', () => {
    expect(moneyText(8000, 'EUR', 'de-DE')).toBe('80,00\u00a0€');
    expect(moneyText(8000, 'EUR', 'en-GB')).toBe('€80.00');
  });

  test('knows currencies without small units', () => {
    expect(moneyText(5000, 'JPY', 'en-US')).toBe('¥5,000');
  });
});
