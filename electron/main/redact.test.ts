import { expect, test } from 'vitest';
import { redact } from './redact.ts';

test.each([
  ['mail from maya.l@lindqvist.se failed', 'mail from <address> failed'],
  ['called +49 151 555 2208 twice', 'called <number> twice'],
  ['card 4111 1111 1111 1111', 'card <number>'],
  ['Unexpected token in "I want to talk to a person"', 'Unexpected token in "<text>"'],
  ['bad row `where is my parcel`', 'bad row `<text>`'],
])('what could name a person leaves the line: %s', (line, safe) => {
  expect(redact(line)).toBe(safe);
});

test('what a developer needs stays', () => {
  const line = 'TypeError: x is undefined at app://bundle/assets/index-B2c.js:12:3456';
  expect(redact(line)).toBe(line);
});

test('a line is bounded', () => {
  expect(redact('a'.repeat(100_000)).length).toBeLessThan(2_100);
});
