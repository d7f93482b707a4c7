import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { unzip } from './unzip.mjs';

const folder = mkdtempSync(join(tmpdir(), 'unzip-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Entry {
  readonly name: string;
  readonly text: string;
  readonly isDeflated?: boolean;
  readonly mode?: number;
}

/** A zip file of these entries, as small as the format allows. */
function zipOf(entries: readonly Entry[]): string {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, text, isDeflated = false, mode = 0o644 } of entries) {
    const data = isDeflated ? deflateRawSync(Buffer.from(text)) : Buffer.from(text);
    const header = Buffer.alloc(30);
    header.writeUInt16LE(name.length, 26);
    const central = Buffer.alloc(46);
    central.writeUInt16LE(isDeflated ? 8 : 0, 10);
    central.writeUInt32LE(data.length, 20);
    central.writeUInt16LE(name.length, 28);
    central.writeUInt32LE((0o100000 | mode) * 0x10000, 38);
    central.writeUInt32LE(offset, 42);
    locals.push(header, Buffer.from(name), data);
    directory.push(central, Buffer.from(name));
    offset += 30 + name.length + data.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32BE(0x504b0506, 0);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(offset, 16);
  const file = join(folder, 'some.zip');
  writeFileSync(file, Buffer.concat([...locals, ...directory, end]));
  return file;
}

test('the wanted files are unpacked under their new names, with their rights', () => {
  const file = zipOf([
    { name: 'App/', text: '' },
    { name: 'App/program', text: 'x'.repeat(1000), isDeflated: true, mode: 0o755 },
    { name: 'App/notes.txt', text: 'stored' },
    { name: 'App/resources/theirs', text: 'no' },
  ]);
  const out = join(folder, 'out');
  const place = (name: string): string | null => (name.includes('resources/') ? null : name.replace('App/', ''));
  expect(unzip(file, out, place)).toBe(2);
  expect(readFileSync(join(out, 'program'), 'utf8')).toBe('x'.repeat(1000));
  expect(statSync(join(out, 'program')).mode & 0o777).toBe(0o755);
  expect(readFileSync(join(out, 'notes.txt'), 'utf8')).toBe('stored');
  expect(existsSync(join(out, 'resources'))).toBe(false);
});

test('a name that leads outside the folder is refused', () => {
  const file = zipOf([{ name: '../evil', text: 'x' }]);
  expect(() => unzip(file, join(folder, 'safe'), (name) => name)).toThrow('outside its folder');
});

test('what is no zip file is refused', () => {
  const file = join(folder, 'not.zip');
  writeFileSync(file, 'this is something else altogether');
  expect(() => unzip(file, join(folder, 'none'), (name) => name)).toThrow('not a whole zip file');
});
