import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { FakeClock, systemClock } from '#shared/lib/time.ts';
import { readById, readEntity, search } from './cache-reads.ts';
import { applyRows, type IncomingRow } from './cache-rows.ts';
import { completeScope, evictScope, joinScope } from './cache-scopes.ts';
import type { Store } from './open.ts';
import { entities, head, message, must, say, TestFolders } from './test-store.ts';

const folders = new TestFolders();
afterEach(() => folders.removeAll());
const newStore = (): Store => folders.open();

function apply(store: Store, rows: readonly IncomingRow[]) {
  return must(store.write((tx) => applyRows(tx, rows, { entities, clock: systemClock })));
}

function held(store: Store, ...scopes: string[]): void {
  must(
    store.write((tx) => {
      for (const scope of scopes) {
        joinScope(tx, scope, 1);
        completeScope(tx, scope);
      }
    }),
  );
}

const dump = (store: Store): unknown =>
  must(
    store.read((db) => ({
      rows: db.all(`select s.scope, r.entity, r.id, r.seq, r.body, r.cmd from cache.row r join cache.scope_state s on s.n = r.scope_n
      order by s.scope, r.entity, r.id`),
      words: db.all(`select s.scope, r.entity, r.id, f.text from cache.search f join cache.row r on r.n = f.rowid
      join cache.scope_state s on s.n = r.scope_n order by s.scope, r.entity, r.id`),
    })),
  );

test('any order and repetition of the same rows ends in the same cache as their sorted, unique application', () => {
  const anyRow = fc.record({
    s: fc.constantFrom('team:a', 'team:b'),
    e: fc.constantFrom('message', 'head', 'unknown'),
    i: fc.constantFrom('1', '2', '3'),
    text: fc.option(fc.constantFrom('tent', 'kettle blue', ''), { nil: null }),
    isBroken: fc.boolean(),
  });
  const histories = fc.array(anyRow, { maxLength: 30 }).chain((made) => {
    const rows: IncomingRow[] = made.map((one, index) => {
      const body = one.e === 'head' ? { status: one.text } : { conversation: 'c', order: index, text: one.text };
      const whole = one.isBroken ? '{' : JSON.stringify(body);
      return { s: one.s, e: one.e, i: one.i, q: index + 1, b: one.text === null ? null : whole, c: `cmd${index}` };
    });
    const again = fc.shuffledSubarray(rows, { minLength: 0 });
    return fc.tuple(
      fc.constant(rows),
      fc.shuffledSubarray(rows, { minLength: rows.length, maxLength: rows.length }),
      again,
    );
  });
  fc.assert(
    fc.property(histories, ([sorted, shuffled, again]) => {
      const one = newStore();
      const other = newStore();
      apply(one, sorted);
      for (const row of [...shuffled, ...again]) apply(other, [row]);
      expect(dump(other)).toEqual(dump(one));
      folders.closeAll();
    }),
    { numRuns: 40 },
  );
});

test('only rows that changed something are reported as touched', () => {
  const store = newStore();
  const first = apply(store, [
    say('team:a', '1', 5, 'new'),
    say('team:a', '1', 4, 'old'),
    say('team:a', '1', 5, 'new'),
  ]);
  expect(first.touched).toEqual([{ scope: 'team:a', entity: 'message', id: '1' }]);
  expect(apply(store, [say('team:a', '1', 5, 'new')]).touched).toEqual([]);
});

test('a tombstone is remembered: an older body that arrives later does not bring the row back', () => {
  const store = newStore();
  held(store, 'team:a');
  apply(store, [{ s: 'team:a', e: 'message', i: '1', q: 9, b: null }, say('team:a', '1', 8, 'late')]);
  expect(must(store.read((db) => readById(db, message, '1')))).toBeNull();
});

test('a scope is invisible to every read until it is complete', () => {
  const store = newStore();
  must(store.write((tx) => joinScope(tx, 'team:a', 10)));
  apply(store, [say('team:a', '1', 5, 'hidden tent')]);
  const look = () =>
    must(
      store.read((db) => [
        readById(db, message, '1'),
        readEntity(db, message).length,
        search(db, 'tent', { limit: 9 }).length,
      ]),
    );
  expect(look()).toEqual([null, 0, 0]);
  must(store.write((tx) => completeScope(tx, 'team:a')));
  expect(look()).toMatchObject([{ body: { text: 'hidden tent' } }, 1, 1]);
});

test('of an entity in several complete scopes the highest seq is shown, once; a tombstone counts only in its own scope', () => {
  const store = newStore();
  held(store, 'team:a', 'team:b');
  const open = (s: string, q: number, status: string | null): IncomingRow => ({
    s,
    e: 'head',
    i: 'x',
    q,
    b: status === null ? null : JSON.stringify({ status }),
  });
  apply(store, [open('team:a', 1, 'old'), open('team:b', 2, 'new')]);
  const shown = () => must(store.read((db) => readEntity(db, head).map((row) => row.body.status)));
  expect(shown()).toEqual(['new']);
  apply(store, [open('team:a', 3, null)]);
  expect(shown()).toEqual(['new']);
  apply(store, [open('team:b', 4, null)]);
  expect(shown()).toEqual([]);
});

test('a body that its schema refuses is reported and replaces what was shown by nothing', () => {
  const store = newStore();
  held(store, 'team:a');
  apply(store, [say('team:a', '1', 1, 'fine')]);
  const applied = apply(store, [{ s: 'team:a', e: 'message', i: '1', q: 2, b: '{"text":5}' }]);
  expect(applied.rejected).toMatchObject([{ id: '1', seq: 2 }]);
  expect(must(store.read((db) => readById(db, message, '1')))).toBeNull();
});

test('a used-up budget ends the batch early and the rest goes on from there', () => {
  const store = newStore();
  const clock = new FakeClock();
  const rows = Array.from({ length: 100 }, (_, i) => say('team:a', String(i), i + 1, 'tent'));
  const monotonic = clock.monotonic.bind(clock);
  clock.monotonic = () => {
    clock.advance(3);
    return monotonic();
  };
  const slices: number[] = [];
  for (let from = 0; from < rows.length; ) {
    const done = must(store.write((tx) => applyRows(tx, rows, { entities, clock, from, budgetMs: 8 })));
    slices.push(done.next - from);
    from = done.next;
  }
  expect(slices.length).toBeGreaterThan(1);
  expect(slices.reduce((a, b) => a + b, 0)).toBe(100);
  expect(must(store.read((db) => db.value('select count(*) from cache.row')))).toBe(100);
});

test('an evicted scope is gone from reads at once, and taking it in again meets none of its old rows', () => {
  const store = newStore();
  held(store, 'team:a');
  apply(store, [say('team:a', '1', 7, 'secret tent')]);
  must(store.write((tx) => evictScope(tx, 'team:a')));
  expect(must(store.read((db) => search(db, 'secret', { limit: 5 })))).toEqual([]);
  held(store, 'team:a');
  expect(must(store.read((db) => readById(db, message, '1')))).toBeNull();
  apply(store, [say('team:a', '1', 6, 'earlier')]);
  while (must(store.tidy(5)).hasMore);
  expect(must(store.read((db) => readById(db, message, '1')))?.body.text).toBe('earlier');
  expect(must(store.read((db) => db.value('select count(*) from cache.row')))).toBe(1);
});

test('what a person types is never search syntax, and words match by their beginning without regard to accents', () => {
  const store = newStore();
  held(store, 'team:a');
  apply(store, [say('team:a', '1', 1, 'Der grüne Rucksack "XL" NOT in stock')]);
  const hits = (typed: string) => must(store.read((db) => search(db, typed, { limit: 5 }))).length;
  expect([hits('ruck grun'), hits('"XL'), hits('NOT zelt'), hits('a:b*'), hits('  "* ')]).toEqual([1, 1, 0, 0, 0]);
});

test('a query by a declared field uses its index, one by scope the scope’s, also while the cache is still empty', () => {
  const store = folders.open();
  const plan = (where: string): string =>
    must(
      store.read((db) =>
        db.all<{ detail: string }>(`explain query plan select body from cache.visible_row where ${where}`),
      ),
    )
      .map((step) => step.detail)
      .join('; ');
  expect(plan(`entity = 'message' and message_conversation = 'c' order by message_order`)).toContain(
    'row_message_thread',
  );
  expect(plan(`entity = 'message' and message_conversation = 'c' order by message_order`)).not.toContain('TEMP B-TREE');
  expect(plan(`entity = 'message' and scope = 'team:a'`)).toContain('row_scope');
  expect(plan(`entity = 'head' and id = 'x'`)).toContain('row_key (entity=? AND id=?)');
});
