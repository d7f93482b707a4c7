import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { firstSettings, openSettings, parseSettings } from './settings.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'settings-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true });
});

function noFailure(error: unknown): never {
  throw error;
}

test('what was set is there at the next start', () => {
  const file = join(dir, 'desk.json');
  const window = { x: 10, y: 20, width: 1000, height: 700, isMaximized: false };
  openSettings(file, noFailure).set({ theme: 'dark', window });
  expect(openSettings(file, noFailure).now()).toEqual({ ...firstSettings, theme: 'dark', window });
});

test.each(['', '{"theme":', '[]', '{"theme":"pink","window":null,"language":"en","zoom":1}'])(
  'a damaged file counts as none: %j',
  (text) => {
    expect(parseSettings(text)).toEqual(firstSettings);
  },
);

test('a file that cannot be written is told and the settings still hold for this run', () => {
  const failures: unknown[] = [];
  const settings = openSettings(join(dir, 'missing', 'desk.json'), (error) => failures.push(error));
  settings.set({ zoom: 1.25 });
  expect(failures).toHaveLength(1);
  expect(settings.now().zoom).toBe(1.25);
});

test('setting what already holds leaves the file alone', () => {
  const file = join(dir, 'desk.json');
  const settings = openSettings(file, noFailure);
  settings.set({ zoom: 1.25 });
  writeFileSync(file, 'touched');
  settings.set({ zoom: 1.25 });
  expect(readFileSync(file, 'utf8')).toBe('touched');
});
