import { expect, test } from 'vitest';
import type { OutboxItem } from '#shared/session/model.ts';
import { outboxParts } from './outbox-groups.ts';

function item(n: number, state: OutboxItem['state'], group: number | null = null): OutboxItem {
  return {
    n,
    id: String(n),
    kind: 'conversation.reply',
    state,
    at: n,
    sentAt: null,
    error: null,
    conversationId: null,
    customerName: null,
    text: null,
    group,
    isDiscardable: true,
  };
}

test('what was refused stands with what it holds, and what waits stands apart, both in the order written', () => {
  const parts = outboxParts([
    item(4, 'waiting'),
    item(3, 'held', 2),
    item(2, 'refused', 2),
    item(1, 'sent'),
    item(5, 'failed'),
    item(6, 'done'),
  ]);
  expect(parts.stuck.map((g) => g.items.map((i) => i.n))).toEqual([[2, 3], [5]]);
  expect(parts.onItsWay.map((i) => i.n)).toEqual([1, 4]);
});
