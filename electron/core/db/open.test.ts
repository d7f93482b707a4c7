import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { deskError } from '#shared/lib/errors.ts';
import { systemClock } from '#shared/lib/time.ts';
import { readById, readEntity } from './cache-reads.ts';
import { applyRows } from './cache-rows.ts';
import { completeScope, joinScope, readCursor, writeCursor } from './cache-scopes.ts';
import { openEncrypted } from './driver.ts';
import { entityMap, entityRows } from './entity-rows.ts';
import type { ReadDb, WriteDb } from './handles.ts';
import { cacheFile, openStore, quarantineFile, type Store, workFile } from './open.ts';
import { removeWork, salvageWork } from './salvage.ts';
import { codeOf, entities, head, keys, message, must, say, TestFolders } from './test-store.ts';
import { readMeta, writeMeta } from './work-meta.ts';

const folders = new TestFolders();
afterEach(() => folders.removeAll());

function fill(store: Store, count = 50): void {
  must(
    store.write((tx) => {
      joinScope(tx, 'team:a', 0);
      completeScope(tx, 'team:a');
      const rows = Array.from({ length: count }, (_, i) => say('team:a', `m${i}`, i + 1, `tent ${i}`));
      applyRows(tx, rows, { entities, clock: systemClock });
      writeCursor(tx, { seq: count, mark: 'm' });
    }),
  );
}

function damage(file: string, from: number, length: number): void {
  const bytes = readFileSync(file);
  bytes.fill(0x55, from, from + length);
  writeFileSync(file, bytes);
}

const insertItem = `insert into main.outbox(n, id, kind, args, subjects, at, offline, basis, after, sig, state)
  values(?, ?, 'conversation.reply', ?, '[]', 1, 0, '{}', '[]', 's', 'waiting')`;

test('what was written is there after closing and opening again', () => {
  const folder = folders.folder();
  const first = folders.open(folder);
  expect(first.cacheFound()).toBe('created');
  fill(first);
  must(first.write((tx) => writeMeta(tx, 'session.x', 'kept')));
  folders.closeAll();
  const again = folders.open(folder);
  expect(again.cacheFound()).toBe('kept');
  expect(
    must(again.read((db) => [readCursor(db), readMeta(db, 'session.x'), readById(db, message, 'm7')?.seq])),
  ).toEqual([{ seq: 50, mark: 'm' }, 'kept', 8]);
});

test('work.db is fully synchronous; cache.db is not, and overwrites what it deletes', () => {
  const store = folders.open();
  const pragma = (sql: string) => must(store.write((tx) => tx.value<number | string>(sql)));
  expect([pragma('pragma main.synchronous'), pragma('pragma cache.synchronous')]).toEqual([2, 1]);
  expect([pragma('pragma main.journal_mode'), pragma('pragma cache.journal_mode')]).toEqual(['wal', 'wal']);
  expect(pragma('pragma cache.secure_delete')).toBe(1);
});

test.each([
  ['at its beginning', 300],
  ['in the schema', 1500],
])('a cache damaged %s is put aside and replaced by an empty one, while the outbox stays', (_, from) => {
  const folder = folders.folder();
  const store = folders.open(folder);
  fill(store);
  must(store.write((tx) => tx.run(insertItem, 1, 'a', '{}')));
  folders.closeAll();
  damage(cacheFile(folder), from, 40);
  const again = folders.open(folder);
  expect(again.cacheFound()).toBe('rebuilt-damaged');
  expect(existsSync(quarantineFile(folder))).toBe(true);
  expect(must(again.read((db) => [readCursor(db), db.value('select count(*) from outbox')]))).toEqual([null, 1]);
  folders.closeAll();
  expect(folders.open(folder).cacheFound()).toBe('kept');
  expect(existsSync(quarantineFile(folder))).toBe(false);
});

test('damage that shows only while reading is an error value, is found by diagnosis, and a reset cures it', () => {
  const folder = folders.folder();
  fill(folders.open(folder), 600);
  folders.closeAll();
  const size = readFileSync(cacheFile(folder)).length;
  for (let page = 12; page * 4096 < size; page += 1) damage(cacheFile(folder), page * 4096 + 100, 10);
  const store = folders.open(folder);
  expect(codeOf(store.read((db) => readEntity(db, message)))).toBe('store/corrupt');
  expect(store.diagnose()).toEqual({ work: 'sound', cache: 'damaged' });
  must(store.resetCache());
  expect(store.cacheFound()).toBe('created');
  fill(store);
  expect(must(store.read((db) => readEntity(db, message).length))).toBe(50);
});

test('a missing cache is made anew, whatever its old log says', () => {
  const folder = folders.folder();
  fill(folders.open(folder));
  folders.closeAll();
  rmSync(cacheFile(folder));
  writeFileSync(`${cacheFile(folder)}-wal`, 'left over');
  const store = folders.open(folder);
  expect(store.cacheFound()).toBe('created');
  expect(must(store.read(readCursor))).toBeNull();
});

test('another layout throws the cache away; so does another build, if the former could not read some rows', () => {
  const folder = folders.folder();
  const store = folders.open(folder, { build: '1' });
  fill(store);
  must(
    store.write((tx) =>
      applyRows(tx, [{ s: 'team:a', e: 'future', i: 'x', q: 99, b: '{}' }], { entities, clock: systemClock }),
    ),
  );
  folders.closeAll();
  expect(folders.open(folder, { build: '1' }).cacheFound()).toBe('kept');
  folders.closeAll();
  expect(folders.open(folder, { build: '2' }).cacheFound()).toBe('rebuilt-build');
  folders.closeAll();
  expect(folders.open(folder, { build: '3' }).cacheFound()).toBe('kept');
  folders.closeAll();
  const wider = entityMap([message, head, entityRows({ entity: 'future', schema: z.object({}), indexes: [] })]);
  expect(folders.open(folder, { build: '3', entities: wider }).cacheFound()).toBe('rebuilt-layout');
});

test('a damaged work.db is an error, never thrown away; salvage reads the outbox out and a new start is clean', () => {
  const folder = folders.folder();
  const store = folders.open(folder);
  must(
    store.write((tx) => {
      for (let n = 1; n <= 400; n += 1) tx.run(insertItem, n, `id${n}`, JSON.stringify({ text: 'x'.repeat(200) }));
    }),
  );
  folders.closeAll();
  const size = readFileSync(workFile(folder)).length;
  damage(workFile(folder), Math.floor(size / 8192) * 4096 + 50, 20);
  const before = readFileSync(workFile(folder));
  const salvaged = must(salvageWork({ folder, key: keys.work, at: 5 }));
  expect(readFileSync(salvaged.aside).equals(before)).toBe(true);
  expect(salvaged.isComplete).toBe(false);
  expect(salvaged.outbox.length).toBeGreaterThan(300);
  expect(salvaged.outbox.length).toBeLessThan(400);
  expect([salvaged.outbox[0]?.n, salvaged.outbox.at(-1)?.n]).toEqual([1, 400]);
  damage(workFile(folder), 100, 100);
  const opened = openStore({ folder, keys, entities, clock: systemClock });
  expect(opened).toMatchObject({ ok: false, error: { code: 'store/corrupt', params: { file: 'work' } } });
  must(removeWork(folder));
  expect(must(folders.open(folder).read((db) => db.value('select count(*) from outbox')))).toBe(0);
});

test('a work.db of a newer version is left alone', () => {
  const folder = folders.folder();
  folders.open(folder);
  folders.closeAll();
  const db = must(openEncrypted({ file: workFile(folder), key: keys.work }));
  db.pragma('user_version = 99');
  db.close();
  expect(codeOf(openStore({ folder, keys, entities, clock: systemClock }))).toBe('store/from-the-future');
});

test('a full disk is an error value, and nothing of that transaction is kept', () => {
  const store = folders.open();
  const pages = must(store.read((db) => db.value<number>('pragma main.page_count'))) ?? 0;
  must(store.read((db) => db.value(`pragma main.max_page_count = ${pages + 2}`)));
  const full = store.write((tx) => {
    writeMeta(tx, 'session.small', 'x');
    writeMeta(tx, 'session.big', 'x'.repeat(100_000));
  });
  expect(full).toMatchObject({ ok: false, error: { code: 'store/disk-full', retry: 'later' } });
  expect(must(store.read((db) => readMeta(db, 'session.small')))).toBeNull();
  must(store.write((tx) => writeMeta(tx, 'session.small', 'fits')));
});

test('an aborted or throwing write leaves nothing behind, and only a committed one has effects', () => {
  const store = folders.open();
  const effects: string[] = [];
  const aborted = store.write((tx) => {
    writeMeta(tx, 'session.a', '1');
    tx.afterCommit(() => effects.push('aborted'));
    return tx.abort(deskError('session/no'));
  });
  expect(aborted).toMatchObject({ ok: false, error: { code: 'session/no' } });
  const defect = () =>
    store.write((tx) => {
      writeMeta(tx, 'session.a', '2');
      throw new TypeError('a defect');
    });
  expect(defect).toThrow('a defect');
  must(
    store.write((tx) => {
      writeMeta(tx, 'session.b', '3');
      tx.afterCommit(() => effects.push(must(store.read((db) => readMeta(db, 'session.b'))) ?? 'nothing'));
    }),
  );
  expect(effects).toEqual(['3']);
  expect(must(store.read((db) => readMeta(db, 'session.a')))).toBeNull();
});

test('a handle is dead outside its call, a reader cannot write, a promise and a write inside a write are defects', () => {
  const store = folders.open();
  let reader: ReadDb | undefined;
  let writer: WriteDb | undefined;
  must(
    store.read((db) => {
      reader = db;
    }),
  );
  must(
    store.write((tx) => {
      writer = tx;
    }),
  );
  expect(() => reader?.all('select 1')).toThrow('is over');
  expect(() => writer?.run('delete from outbox')).toThrow('is over');
  expect(() => store.read((db) => db.all('delete from outbox returning n'))).toThrow('may not write');
  expect(() => store.write(async () => 1)).toThrow('synchronous');
  expect(() => store.write(() => store.write(() => 1))).toThrow('inside a write');
  must(store.write((tx) => writeMeta(tx, 'session.after', 'all that')));
});

test('a closed store answers an error value', () => {
  const store = folders.open();
  store.close();
  expect([codeOf(store.read(() => 1)), codeOf(store.write(() => 1))]).toEqual(['store/closed', 'store/closed']);
});
