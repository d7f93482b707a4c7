import { expect, test } from 'vitest';
import type { InboxRow } from '#shared/inbox/model.ts';
import { FakeClock } from '#shared/lib/time.ts';
import { FakeCore } from '#tests/support/fake-core/core.ts';
import { fakeWorld } from '#tests/support/fake-core/data.ts';
import { fakeRead } from '#tests/support/fake-core/reads.ts';
import { flagOf, neighbour } from './row-words.ts';

function row(change: Partial<InboxRow> = {}): InboxRow {
  const clock = new FakeClock();
  const core = new FakeCore(fakeWorld(clock.now()), clock);
  const list = fakeRead(core.world, core.rows(), 'inbox.list', { filter: '' }, clock.now()) as {
    sections: { rows: InboxRow[] }[];
  };
  const found = list.sections[0]?.rows[0];
  if (!found) throw new Error('the scene has no row');
  return { ...found, ...change };
}

test('refused work stands before waiting work, and that before the customer’s clock', () => {
  expect(flagOf(row({ attention: 1, waiting: 2 }), 'yours')).toEqual({ kind: 'attention', count: 1 });
  expect(flagOf(row({ waiting: 2 }), 'yours')).toEqual({ kind: 'waiting', count: 2 });
  expect(flagOf(row(), 'yours').kind).toBe('clock');
});

test('a colleague’s row says whose it is', () => {
  expect(flagOf(row({ ownerName: 'Ben' }), 'colleagues')).toEqual({ kind: 'owner', name: 'Ben' });
});

test('moving stops at the ends of the list', () => {
  expect(neighbour(['a', 'b'], 'b', 1)).toBe('b');
  expect(neighbour(['a', 'b'], 'a', -1)).toBe('a');
  expect(neighbour(['a', 'b'], null, 1)).toBe('a');
  expect(neighbour([], 'a', 1)).toBeNull();
});
