import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, expect, test } from 'vitest';
import { openEncrypted, probeDriver, storeError } from './driver.ts';
import { codeOf, must, TestFolders } from './test-store.ts';

const folders = new TestFolders();
afterEach(() => folders.removeAll());
const key = new Uint8Array(32).fill(5);
const other = new Uint8Array(32).fill(6);

function filled(): string {
  const file = join(folders.folder(), 'some.db');
  const db = must(openEncrypted({ file, key }));
  db.exec(`create table note(text text); insert into note values('readable only with the key')`);
  db.close();
  return file;
}

function damage(file: string, from: number, length: number): void {
  const bytes = readFileSync(file);
  bytes.fill(0x55, from, from + length);
  writeFileSync(file, bytes);
}

test('the driver in use can encrypt', () => {
  expect(probeDriver()).toBe('chacha20');
});

test('a driver without ciphers is refused before anything is written, because it would write plain text', () => {
  const file = join(folders.folder(), 'some.db');
  expect(codeOf(openEncrypted({ file, key, probe: () => null }))).toBe('store/no-cipher');
  expect(existsSync(file)).toBe(false);
});

test('a file on disk holds neither the text nor the header of a plain database, and its log neither', () => {
  const file = join(folders.folder(), 'some.db');
  const db = must(openEncrypted({ file, key }));
  db.exec(`create table note(text text); insert into note values('readable only with the key')`);
  for (const part of ['', '-wal']) {
    const bytes = readFileSync(file + part);
    expect(bytes.length).toBeGreaterThan(0);
    expect(bytes.includes('readable')).toBe(false);
    expect(bytes.includes('SQLite format')).toBe(false);
  }
  db.close();
});

test('a wrong key and a damaged file are told apart, though SQLite says the same of both', () => {
  const file = filled();
  expect(codeOf(openEncrypted({ file, key: other }))).toBe('store/wrong-key');
  damage(file, 200, 50);
  expect(codeOf(openEncrypted({ file, key }))).toBe('store/corrupt');
});

test('a lost key check is written again when the key has opened the file, and only then', () => {
  const file = filled();
  const check = `${file}.key-check`;
  rmSync(check);
  expect(codeOf(openEncrypted({ file, key: other }))).toBe('store/wrong-key');
  expect(existsSync(check)).toBe(false);
  must(openEncrypted({ file, key })).close();
  expect(readFileSync(check, 'utf8')).toMatch(/^[0-9a-f]{32}$/);
});

test('a plain database is not opened as if it were an encrypted one', () => {
  const file = join(folders.folder(), 'some.db');
  const db = new Database(file);
  db.exec('create table note(text text)');
  db.close();
  expect(codeOf(openEncrypted({ file, key }))).toBe('store/not-encrypted');
});

test('a key of the wrong length and a missing file that must be there are refused', () => {
  const file = join(folders.folder(), 'some.db');
  expect(codeOf(openEncrypted({ file, key: key.subarray(1) }))).toBe('store/bad-key');
  expect(codeOf(openEncrypted({ file, key, mustExist: true }))).toBe('store/missing');
});

test('main is fully synchronous, keeps temporary data in memory and overwrites what it deletes', () => {
  const db = must(openEncrypted({ file: filled(), key }));
  const facts = ['journal_mode', 'synchronous', 'temp_store', 'secure_delete'].map((name) =>
    db.pragma(name, { simple: true }),
  );
  db.close();
  expect(facts).toEqual(['wal', 2, 2, 1]);
});

test('errors of SQLite and of the file system become values; a defect is thrown on', () => {
  const thrown = (code: string): Error => Object.assign(new Error(code), { code });
  const codes = [
    'SQLITE_FULL',
    'ENOSPC',
    'SQLITE_CORRUPT_VTAB',
    'SQLITE_BUSY_SNAPSHOT',
    'SQLITE_IOERR_WRITE',
    'EACCES',
  ];
  expect(codes.map((code) => storeError(thrown(code)).code)).toEqual([
    'store/disk-full',
    'store/disk-full',
    'store/corrupt',
    'store/busy',
    'store/io',
    'store/read-only',
  ]);
  expect(() => storeError(new TypeError('a defect'))).toThrow('a defect');
  expect(() => storeError(thrown('SQLITE_ERROR'))).toThrow('SQLITE_ERROR');
});
