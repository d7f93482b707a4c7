import { lstatSync, mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { makeLinks } from './postgres.mjs';

const folder = mkdtempSync(join(tmpdir(), 'links-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('the links of the libraries are made once, relative, so that the folder can move', () => {
  mkdirSync(join(folder, 'native', 'lib'), { recursive: true });
  writeFileSync(join(folder, 'native', 'lib', 'libpq.so.5.18'), 'library');
  const list = [{ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' }];
  writeFileSync(join(folder, 'native', 'pg-symlinks.json'), JSON.stringify(list));

  expect(makeLinks(folder)).toBe(1);
  const link = join(folder, 'native', 'lib', 'libpq.so.5');
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect(readlinkSync(link)).toBe('libpq.so.5.18');
  expect(readFileSync(link, 'utf8')).toBe('library');
  expect(makeLinks(folder)).toBe(0);
});

test('a package without links needs none', () => {
  expect(makeLinks(join(folder, 'nowhere'))).toBe(0);
});
