import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import german from './locales/de/errors.json' with { type: 'json' };
import english from './locales/en/errors.json' with { type: 'json' };

const rooms = ['shared', 'server', 'electron/core', 'renderer/bridge'];

/** Codes that never reach a person at a desk: the hub's console and the visitor's widget have words of their own. */
const elsewhere = /^(database|hub|visitor|widget|backup|command)\//;

/** Slices whose input is refused in the same words (`session/bad-input`). */
const anyInput = /\/bad-input$/;

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$|test-|\.d\.ts$/.test(file))
    .map((file) => join(folder, file));
}

/** Every code that is made with deskError, hubError or outsideError. */
function codesMade(): Map<string, string> {
  const found = new Map<string, string>();
  for (const file of rooms.flatMap(sources)) {
    for (const [, code] of readFileSync(file, 'utf8').matchAll(
      /\b(?:desk|hub|outside)Error\(\s*'([a-z-]+\/[a-z0-9-]+)'/g,
    )) {
      if (code !== undefined) found.set(code, file);
    }
  }
  return found;
}

const made = codesMade();

test('codes were found on every floor', () => {
  expect(made.size).toBeGreaterThan(40);
  for (const room of rooms) expect([...made.values()].some((file) => file.startsWith(room))).toBe(true);
});

test.each([
  ['English', english as Record<string, Record<string, string>>],
  ['German', german as Record<string, Record<string, string>>],
])('every error a person at a desk can meet says in %s what happened, what it means and what to do', (_, texts) => {
  const wordless = [...made]
    .filter(([code]) => !elsewhere.test(code) && !anyInput.test(code))
    .filter(([code]) => ['what', 'means', 'todo'].some((part) => !texts[code]?.[part]));
  expect(wordless.map(([code, file]) => `${code} in ${file}`)).toEqual([]);
});
