import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { applyRows, type IncomingRow } from '#core/db/cache-rows.ts';
import { completeScope, evictScope, joinScope } from '#core/db/cache-scopes.ts';
import { entityMap, entityRows } from '#core/db/entity-rows.ts';
import { cacheFile, openStore, type Store } from '#core/db/open.ts';
import type { Result } from '#shared/lib/result.ts';
import { systemClock } from '#shared/lib/time.ts';
import { plainCopy } from './plain-copy.ts';

const entities = entityMap([
  entityRows({
    entity: 'message',
    schema: z.object({ conversation: z.string(), text: z.string() }),
    indexes: [{ name: 'thread', fields: ['conversation'] }],
    searchText: (body) => body.text,
  }),
]);
const keys = { work: new Uint8Array(32).fill(7), cache: new Uint8Array(32).fill(9) };
let folder = '';
let store: Store;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'leak-'));
  store = must(openStore({ folder, keys, entities, clock: systemClock }));
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.error.code);
  return result.value;
}

const scan = () => plainCopy({ file: cacheFile(folder), key: keys.cache });

/** Words nobody else has, written together with other people's rows, so that they share pages and index segments. */
function fill(): void {
  const rows: IncomingRow[] = Array.from({ length: 400 }, (_, i) => {
    const isSecret = i % 9 === 0;
    const scope = isSecret ? 'conversation:lost' : 'conversation:kept';
    const text = isSecret
      ? `Zanzibarian quetzal ${i} in the pantry`
      : `ordinary words ${i} about a tent and zany zanthoxylum`;
    return {
      s: scope,
      e: 'message',
      i: `m${i}`,
      q: i + 1,
      b: JSON.stringify({ conversation: scope, text }),
      c: `cmd-${scope}-${i}`,
    };
  });
  must(
    store.write((tx) => {
      joinScope(tx, 'conversation:lost', 0);
      joinScope(tx, 'conversation:kept', 0);
      completeScope(tx, 'conversation:lost');
      completeScope(tx, 'conversation:kept');
    }),
  );
  for (let at = 0; at < rows.length; at += 50) {
    must(store.write((tx) => applyRows(tx, rows.slice(at, at + 50), { entities, clock: systemClock })));
  }
}

const traces = ['Zanzibarian', 'anzibarian', 'zibarian', 'quetzal', 'uetzal', 'conversation:lost', 'pantry'];

test('the control copy finds rows, index terms and log frames of a scope that is still held', () => {
  fill();
  const inLog = scan();
  expect(inLog.find('Zanzibarian').frames).toBeGreaterThan(0);
  must(store.checkpointTruncate());
  const found = scan();
  expect(found.frames.length).toBe(0);
  expect(found.find('Zanzibarian').pages).toBeGreaterThan(0);
  // Lower case stands only in the search index; the first letters are shared with the word before it.
  expect(found.find('zibarian').pages).toBeGreaterThan(found.find('Zanzibarian').pages);
  expect(found.find('conversation:lost').pages).toBeGreaterThan(0);
});

test('after an eviction and its upkeep nothing of the scope is left in rows, search index, free pages or log', () => {
  fill();
  must(store.write((tx) => evictScope(tx, 'conversation:lost')));
  for (let more = true; more; ) more = must(store.tidy(8)).hasMore;
  const left = scan();
  expect(Object.fromEntries(traces.map((text) => [text, left.find(text)]))).toEqual(
    Object.fromEntries(traces.map((text) => [text, { pages: 0, frames: 0 }])),
  );
  expect(left.find('zanthoxylum').pages + left.find('ordinary').pages).toBeGreaterThan(0);
});

test('before the upkeep the bytes are still there: the scan is not blind', () => {
  fill();
  must(store.write((tx) => evictScope(tx, 'conversation:lost')));
  expect(scan().find('Zanzibarian').frames).toBeGreaterThan(0);
});

test('a corrected text leaves no trace of the former one once the log is emptied', () => {
  fill();
  const body = JSON.stringify({ conversation: 'conversation:lost', text: 'nothing to see' });
  const rows = Array.from({ length: 45 }, (_, i) => ({
    s: 'conversation:lost',
    e: 'message',
    i: `m${i * 9}`,
    q: 1000 + i,
    b: body,
  }));
  must(store.write((tx) => applyRows(tx, rows, { entities, clock: systemClock })));
  expect(scan().find('uetzal').frames).toBeGreaterThan(0);
  must(store.checkpointTruncate());
  expect(scan().find('uetzal')).toEqual({ pages: 0, frames: 0 });
});

test('the copy is the database itself, page for page: plain SQLite opens it, finds it sound and reads every row', () => {
  fill();
  must(store.checkpointTruncate());
  const plain = join(folder, 'plain.db');
  writeFileSync(plain, scan().pages);
  const db = new Database(plain);
  try {
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(db.prepare('select count(*) from row').pluck().get()).toBe(400);
    expect(db.prepare(`select count(*) from search where search match 'quetzal'`).pluck().get()).toBe(45);
  } finally {
    db.close();
  }
  expect(statSync(plain).size).toBe(statSync(cacheFile(folder)).size);
});
