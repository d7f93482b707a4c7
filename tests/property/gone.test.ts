import { afterEach, expect, test } from 'vitest';
import { applyRows } from '#core/db/cache-rows.ts';
import { completeScope, joinScope } from '#core/db/cache-scopes.ts';
import { cacheFile } from '#core/db/open.ts';
import { entities, keys, must, say, TestFolders } from '#core/db/test-store.ts';
import { systemClock } from '#shared/lib/time.ts';
import { plainCopy } from '#tests/support/plain-copy.ts';

const folders = new TestFolders();
afterEach(() => folders.removeAll());

test('a row that was taken away leaves no bytes in pages, index or log, though its scope stays', () => {
  const folder = folders.folder();
  const store = folders.open(folder);
  const find = () => plainCopy({ file: cacheFile(folder), key: keys.cache }).find('quixotic');
  must(
    store.write((tx) => {
      joinScope(tx, 'team:a', 0);
      completeScope(tx, 'team:a');
      applyRows(tx, [say('team:a', 'm1', 1, 'a quixotic tent')], { entities, clock: systemClock });
    }),
  );
  const before = find();
  expect(before.pages + before.frames).toBeGreaterThan(0);
  const gone = { s: 'team:a', e: 'message', i: 'm1', q: 2, b: null };
  must(store.write((tx) => applyRows(tx, [gone], { entities, clock: systemClock })));
  while (must(store.tidy(5)).hasMore);
  expect(find()).toEqual({ pages: 0, frames: 0 });
});
