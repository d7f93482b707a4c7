import { expect, test } from 'vitest';
import { byUrgency, mayMove, mayRelease, mayTake } from './rules.ts';

const me = '00000000-0000-7000-8000-000000000001';
const other = '00000000-0000-7000-8000-000000000002';
const team = '00000000-0000-7000-8000-00000000000a';
const elsewhere = '00000000-0000-7000-8000-00000000000b';
const actor = { personId: me, role: 'agent', teamIds: [team] };
const free = { id: '00000000-0000-7000-8000-0000000000c1', teamId: team, ownerId: null, state: 'open' as const };

test('one takes what is free in one of one’s teams; the second is told who was first', () => {
  expect(mayTake(free, actor, '')).toBeNull();
  expect(mayTake({ ...free, ownerId: me }, actor, '')).toBeNull();
  expect(mayTake({ ...free, ownerId: other }, actor, 'Ben')).toMatchObject({
    code: 'inbox/taken',
    params: { name: 'Ben' },
  });
  expect(mayTake({ ...free, state: 'resolved' }, actor, '')?.code).toBe('conversation/resolved');
  expect(mayTake({ ...free, teamId: elsewhere }, actor, '')?.code).toBe('conversation/not-found');
});

test('one gives back only what is one’s own', () => {
  expect(mayRelease({ ...free, ownerId: me }, actor)).toBeNull();
  expect(mayRelease({ ...free, ownerId: other }, actor)?.code).toBe('conversation/not-yours');
});

test('a colleague’s conversation is moved by a supervisor only, and not to where it is', () => {
  expect(mayMove({ ...free, ownerId: me }, actor, elsewhere, false)).toBeNull();
  expect(mayMove({ ...free, ownerId: other }, actor, elsewhere, false)?.code).toBe('conversation/not-yours');
  expect(mayMove({ ...free, ownerId: other }, actor, elsewhere, true)).toBeNull();
  expect(mayMove(free, actor, team, false)).toMatchObject({ code: 'inbox/already-there', field: 'teamId' });
});

test('who waits longest comes first, then what moved last', () => {
  const rows = [
    { waitingSince: null, lastAt: 5 },
    { waitingSince: 20, lastAt: 1 },
    { waitingSince: null, lastAt: 9 },
    { waitingSince: 10, lastAt: 2 },
  ];
  expect([...rows].sort(byUrgency).map((r) => r.waitingSince ?? -r.lastAt)).toEqual([10, 20, -9, -5]);
});
