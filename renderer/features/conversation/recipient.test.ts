import { expect, test } from 'vitest';
import { shortName } from './recipient.ts';

test('the send button names a customer by first name', () => {
  expect(shortName('Maya Lindqvist')).toBe('Maya');
  expect(shortName('سارة الحسن')).toBe('سارة');
});

test('a name whose first word names nobody is given whole', () => {
  expect(shortName('Guest 7f2c')).toBe('Guest 7f2c');
  expect(shortName('Dr. Weiss')).toBe('Dr. Weiss');
  expect(shortName('+49 151 2208')).toBe('+49 151 2208');
});

test('a very long name is cut, visibly', () => {
  expect(shortName('Maximiliane-Theodora-Wilhelmina')).toBe('Maximiliane-Theodora-Wi…');
});
