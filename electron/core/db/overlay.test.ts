import { describe, expect, it } from 'vitest';
import { deskError } from '#shared/lib/errors.ts';
import { scopeOf } from '#shared/lib/scope.ts';
import { commands } from '#shared/registry.ts';
import { groupsOf, type OutboxItem } from './outbox-items.ts';
import { computeOverlay, type OverlayBase } from './overlay.ts';

const uuid = (n: number): string => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const me = { personId: uuid(1), role: 'agent', teamIds: [uuid(2)] };
const conversation = uuid(3);
const head = {
  id: conversation,
  teamId: uuid(2),
  customerId: uuid(4),
  customerName: 'Mia',
  channel: 'web',
  state: 'open',
  ownerId: uuid(1),
  createdAt: 0,
  lastOrder: 3,
  lastAt: 5,
  lastCustomerOrder: 3,
  waitingSince: 5,
  snippet: { from: 'customer', text: 'Hello' },
  resolution: null,
  resolvedAt: null,
};

function item(n: number, kind: string, args: Record<string, unknown>, part: Partial<OutboxItem> = {}): OutboxItem {
  return {
    n,
    id: uuid(100 + n),
    kind,
    args,
    subjects: [`conversation:${conversation}`],
    at: 1000 + n,
    hubAt: null,
    isOffline: true,
    basis: {},
    after: [],
    sig: '',
    state: 'waiting',
    error: null,
    seq: null,
    sentAt: null,
    settledAt: null,
    conversationId: conversation,
    ...part,
  };
}

function base(part: Partial<OverlayBase> = {}): OverlayBase {
  return {
    row: (entity, id) =>
      entity === 'head' && id === conversation ? head : entity === 'person' ? { name: 'Ada' } : null,
    writerOf: () => null,
    isShown: () => true,
    ...part,
  };
}

const context = { kinds: commands, actor: me };
const reply = (n: number, part: Partial<OutboxItem> = {}): OutboxItem =>
  item(n, 'conversation.reply', { conversationId: conversation, text: `answer ${n}` }, part);
const resolve = (n: number): OutboxItem =>
  item(n, 'conversation.resolve', { conversationId: conversation, resolution: 'answered', comment: '' });

describe('the overlay', () => {
  it('runs effects in order, each over what the ones before it did', () => {
    const overlay = computeOverlay([reply(1), resolve(2)], context, base());
    const seen = overlay.row('head', conversation);
    expect(seen).toMatchObject({ n: 2, body: { state: 'resolved', snippet: { text: 'answer 1' } } });
    expect(overlay.rows('message')).toMatchObject([
      { n: 1, body: { text: 'answer 1', authorName: 'Ada', order: null } },
    ]);
  });

  it('takes a resolved conversation off its team list and leaves it in the conversation itself', () => {
    const overlay = computeOverlay([resolve(1)], context, base());
    const heads = new Map(overlay.rows('head').map((r) => [r.scope, r.body]));
    expect(heads.get(scopeOf.team(uuid(2)))).toBeNull();
    expect(heads.get(scopeOf.conversation(conversation))).toMatchObject({ state: 'resolved' });
  });

  it('ignores a command as soon as the cache has a row written by it, and remembers what it touched', () => {
    const overlay = computeOverlay(
      [reply(1)],
      context,
      base({ writerOf: (_s, entity) => (entity === 'message' ? uuid(101) : null) }),
    );
    expect(overlay.isEmpty).toBe(true);
    expect(overlay.touchedBy(1)).toHaveLength(3);
  });

  it('shows nothing in scopes that are not shown', () => {
    const overlay = computeOverlay([reply(1)], context, base({ isShown: (scope) => scope.startsWith('team:') }));
    expect(overlay.rows('message')).toEqual([]);
    expect(overlay.row('head', conversation)).toMatchObject({ scope: scopeOf.team(uuid(2)) });
  });

  it('does nothing for a kind this program does not know', () => {
    expect(computeOverlay([item(1, 'future.kind', {})], context, base()).isEmpty).toBe(true);
  });
});

describe('groups of what was refused', () => {
  it('puts what is held with the first refused one it rests on, also through others', () => {
    const items = [
      reply(1, { state: 'refused', error: deskError('conversation/overtaken') }),
      reply(2, { state: 'held', after: [1] }),
      reply(3, { state: 'held', after: [2] }),
      reply(4, { state: 'failed' }),
      reply(5, { state: 'held', after: [3, 4] }),
      reply(6, { state: 'waiting', after: [1] }),
      reply(7, { state: 'held', after: [99] }),
    ];
    expect([...groupsOf(items)]).toEqual([
      [1, 1],
      [2, 1],
      [3, 1],
      [4, 4],
      [5, 1],
      [7, 7],
    ]);
  });
});
