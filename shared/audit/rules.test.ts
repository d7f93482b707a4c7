import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AuditEntry } from './model.ts';
import { chainStart, hashOf, verifyChain } from './rules.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

function chain(length: number): AuditEntry[] {
  const entries: AuditEntry[] = [];
  let prev = chainStart;
  for (let chainNo = 1; chainNo <= length; chainNo += 1) {
    const content = {
      chainNo,
      at: 1_000 + chainNo,
      deviceAt: null,
      wasOffline: false,
      actorId: null,
      deviceId: null,
      act: 'conversation.reply',
      ref: `command ${chainNo}`,
      status: 'done' as const,
      reason: null,
      subjects: [],
      detail: { order: chainNo },
      prev,
    };
    const hash = hashOf(content, sha256);
    entries.push({ ...content, hash });
    prev = hash;
  }
  return entries;
}

test('an untouched chain has no fault, whole or in parts', () => {
  const entries = chain(20);
  expect(verifyChain(entries, sha256).faults).toEqual([]);
  const first = verifyChain(entries.slice(0, 7), sha256);
  expect(verifyChain(entries.slice(7), sha256, first).faults).toEqual([]);
});

test('any edit, deletion or exchange inside the chain is found at its place', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 3, max: 25 }),
      fc.nat(),
      fc.constantFrom('edit', 'delete', 'swap'),
      (length, where, how) => {
        const entries = chain(length);
        const at = where % (length - 1);
        const chosen = entries[at];
        const next = entries[at + 1];
        if (!chosen || !next) throw new Error('out of range');
        if (how === 'edit') entries[at] = { ...chosen, act: 'something else' };
        if (how === 'delete') entries.splice(at, 1);
        if (how === 'swap') entries.splice(at, 2, next, chosen);
        const { faults } = verifyChain(entries, sha256);
        expect(faults.length).toBeGreaterThan(0);
        expect(faults[0]?.chainNo).toBe(at + 1);
      },
    ),
  );
});

test('an edit that is hashed again still breaks the entry behind it', () => {
  const entries = chain(5);
  const second = entries[1];
  if (!second) throw new Error('out of range');
  const { hash: _old, ...content } = { ...second, act: 'something else' };
  entries[1] = { ...content, hash: hashOf(content, sha256) };
  expect(verifyChain(entries, sha256).faults).toEqual([{ chainNo: 3, fault: 'edited' }]);
});
