import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Head } from './model.ts';
import {
  deliveryOf,
  headAfterMessage,
  mayReply,
  mayResolve,
  onCustomerMessage,
  reopenWithinMs,
  snippetOf,
} from './rules.ts';

const me = '00000000-0000-7000-8000-000000000001';
const other = '00000000-0000-7000-8000-000000000002';
const team = '00000000-0000-7000-8000-00000000000a';
const actor = { personId: me, role: 'agent', teamIds: [team] };
const head: Head = {
  id: '00000000-0000-7000-8000-0000000000c1',
  teamId: team,
  customerId: other,
  customerName: 'Maya',
  channel: 'web',
  state: 'open',
  ownerId: me,
  createdAt: 0,
  lastOrder: 4,
  lastAt: 1_000,
  lastCustomerOrder: 4,
  waitingSince: 900,
  snippet: { from: 'customer', text: 'hi' },
  resolution: null,
  resolvedAt: null,
};

describe('a reply', () => {
  test('goes out only from the owner of an open conversation', () => {
    expect(mayReply(head, actor, {}, false)).toBeNull();
    expect(mayReply({ ...head, ownerId: null }, actor, {}, false)?.code).toBe('conversation/not-taken');
    expect(mayReply({ ...head, ownerId: other }, actor, {}, false)?.code).toBe('conversation/not-yours');
    expect(mayReply({ ...head, state: 'resolved' }, actor, {}, false)?.code).toBe('conversation/resolved');
    expect(mayReply({ ...head, ownerId: other }, { ...actor, teamIds: [] }, {}, false)?.code).toBe(
      'conversation/not-found',
    );
  });

  test('written while the hub was away asks again when the customer has said more since', () => {
    expect(mayReply(head, actor, { lastCustomerOrder: 3 }, true)?.code).toBe('conversation/overtaken');
    expect(mayReply(head, actor, {}, true)?.code).toBe('conversation/overtaken');
    expect(mayReply(head, actor, { lastCustomerOrder: 4 }, true)).toBeNull();
    expect(mayReply(head, actor, { lastCustomerOrder: 3 }, false)).toBeNull();
  });
});

test('resolving asks the same, and one that nobody owns may be resolved from its team', () => {
  expect(mayResolve(head, actor, { lastCustomerOrder: 3 }, true)?.code).toBe('conversation/overtaken');
  expect(mayResolve({ ...head, ownerId: null }, actor, {}, false)).toBeNull();
  expect(mayResolve({ ...head, ownerId: other }, actor, {}, false)?.code).toBe('conversation/not-yours');
});

describe('the head after a message', () => {
  test('waits from the first unanswered message of the customer until somebody answers', () => {
    const asked = headAfterMessage(
      { ...head, waitingSince: null },
      { from: 'customer', text: 'a', at: 2_000, order: 5 },
    );
    const again = headAfterMessage(asked, { from: 'customer', text: 'b', at: 3_000, order: 6 });
    expect(again).toMatchObject({ waitingSince: 2_000, lastCustomerOrder: 6, lastOrder: 6, lastAt: 3_000 });
    expect(headAfterMessage(again, { from: 'agent', text: 'c', at: 4_000, order: 7 })).toMatchObject({
      waitingSince: null,
      lastCustomerOrder: 6,
      snippet: { from: 'agent', text: 'c' },
    });
  });

  test('counts nothing for a message the hub does not have yet, and never runs back in time', () => {
    const after = headAfterMessage(head, { from: 'agent', text: 'late', at: 10, order: null });
    expect(after).toMatchObject({ lastOrder: 4, lastCustomerOrder: 4, lastAt: 1_000 });
  });
});

test('a customer message goes into an open conversation, wakes a recent one, and starts anew after that', () => {
  expect(onCustomerMessage(null, 0)).toBe('start');
  expect(onCustomerMessage({ state: 'open', resolvedAt: null }, 0)).toBe('append');
  expect(onCustomerMessage({ state: 'resolved', resolvedAt: 0 }, reopenWithinMs)).toBe('reopen');
  expect(onCustomerMessage({ state: 'resolved', resolvedAt: 0 }, reopenWithinMs + 1)).toBe('start');
});

test('a snippet is one short line that never cuts a character in two', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (text) => {
      const line = snippetOf(text);
      expect(Array.from(line).length).toBeLessThanOrEqual(140);
      expect(line).not.toMatch(/[\r\n\t]/);
      if (text.isWellFormed()) expect(line.isWellFormed()).toBe(true);
    }),
  );
  expect(snippetOf(`${'😀'.repeat(200)}`).endsWith('😀…')).toBe(true);
});

test('a message of ours is sent, then delivered, then read, never the other way', () => {
  const at = (deliveredUpTo: number, readUpTo: number) => deliveryOf(5, { deliveredUpTo, readUpTo });
  expect([at(4, 4), at(5, 4), at(5, 5), at(9, 9)]).toEqual(['sent', 'delivered', 'read', 'read']);
  expect(deliveryOf(5, null)).toBe('sent');
});
