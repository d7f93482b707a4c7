import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach, expect, test } from 'vitest';
import { readCursor } from './cache-scopes.ts';
import { must, TestFolders } from './test-store.ts';
import { lastCommandNumber } from './work-meta.ts';

const folders = new TestFolders();
afterEach(() => folders.removeAll());

/** Writes a command, a page of rows, its cursor and now and then an eviction per transaction, and says each one that is on disk. */
const writer = `
import { applyRows } from '#core/db/cache-rows.ts';
import { completeScope, evictScope, joinScope, writeCursor } from '#core/db/cache-scopes.ts';
import { openStore } from '#core/db/open.ts';
import { entities, keys, say } from '#core/db/test-store.ts';
import { nextCommandNumber } from '#core/db/work-meta.ts';
import { systemClock } from '#shared/lib/time.ts';
const opened = openStore({ folder: process.env.FOLDER, keys, entities, clock: systemClock });
const store = opened.value;
for (let page = 1; ; page += 1) {
  const scope = 'team:' + (page % 3);
  store.write((tx) => {
    const n = nextCommandNumber(tx);
    tx.run("insert into main.outbox(n, id, kind, args, subjects, at, offline, basis, after, sig, state) values(?, ?, 'k', '{}', '[]', 1, 0, '{}', '[]', 's', 'waiting')", n, 'id' + n);
    if (page % 10 === 0) evictScope(tx, scope);
    joinScope(tx, scope, 0);
    completeScope(tx, scope);
    applyRows(tx, Array.from({ length: 20 }, (_, i) => say(scope, page + '-' + i, page * 20 + i, 'words of page ' + page)), { entities, clock: systemClock });
    writeCursor(tx, { seq: page, mark: 'm' });
  });
  process.stdout.write(page + '\\n');
  store.tidy(4);
}`;

test.each([5, 23, 60])(
  'killed after %i pages, the store has every command and page it said it had, and is sound',
  async (pages) => {
    const folder = folders.folder();
    const child = spawn(process.execPath, ['--input-type=module', '-e', writer], {
      env: { ...process.env, FOLDER: folder },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      said = Number(line);
      if (said === pages) child.kill('SIGKILL');
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    expect(child.signalCode).toBe('SIGKILL');
    const store = folders.open(folder);
    expect(store.cacheFound()).toBe('kept');
    expect(store.diagnose()).toEqual({ work: 'sound', cache: 'sound' });
    const seq = must(store.read(readCursor))?.seq ?? 0;
    expect(seq).toBeGreaterThanOrEqual(said);
    expect(must(store.read(lastCommandNumber))).toBeGreaterThanOrEqual(seq);
    expect(must(store.read((db) => db.value('select count(*) from outbox')))).toBe(must(store.read(lastCommandNumber)));
    for (let more = true; more; ) more = must(store.tidy(8)).hasMore;
    const words = must(store.read((db) => db.value(`select count(*) from cache.search where search match 'words'`)));
    expect(words).toBe(must(store.read((db) => db.value('select count(*) from cache.row'))));
    expect(must(store.read((db) => db.value('select max(seq) / 20 from cache.row')))).toBe(seq);
  },
);
