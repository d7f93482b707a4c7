import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { joinScope } from '#core/db/cache-scopes.ts';
import { saveDraft } from '#core/db/drafts.ts';
import * as queries from '#shared/conversation/queries.ts';
import { deskError, hubError } from '#shared/lib/errors.ts';
import { scopeOf } from '#shared/lib/scope.ts';
import { DeskReading, headOf, idOf, me, messageOf } from '#tests/support/desk-reading.ts';

const here = idOf(10);
const elsewhere = idOf(11);
const mine = { from: 'agent', authorId: me.personId, authorName: 'Ada' } as const;
let desk: DeskReading;

beforeEach(() => {
  desk = new DeskReading();
  const person = { id: me.personId, name: 'Ada', role: 'agent', teamIds: me.teamIds, isDisabled: false };
  desk.put(scopeOf.org, 'person', [{ id: me.personId, body: person }]);
  desk.holdConversation(here);
  desk.putHead(headOf(here, { ownerId: me.personId, lastOrder: 2, lastCustomerOrder: 1 }));
  desk.putMessages(messageOf(here, 1), messageOf(here, 2, mine));
});
afterEach(() => desk.close());

function thread(before: number | null = null, limit = 50) {
  return desk.read(queries.thread, { conversationId: here, before, limit });
}

/** Each line in a few words. */
function lines(before: number | null = null, limit = 50): string[] {
  return thread(before, limit).items.map((item) => {
    if (item.kind === 'event') return `${item.event.what}${item.isWaiting ? ' waiting' : ''}`;
    return `${item.kind === 'message' ? item.message.text : item.note.text}: ${item.delivery}`;
  });
}

const reply = (text: string, part: Parameters<DeskReading['command']>[2] = {}) =>
  desk.command('conversation.reply', { conversationId: here, text }, { basis: { lastCustomerOrder: 1 }, ...part });

describe('the thread', () => {
  it('merges messages, notes and events by their order', () => {
    const note = {
      id: idOf(20),
      conversationId: here,
      order: 4,
      authorId: idOf(9),
      authorName: 'Bo',
      text: 'hm',
      at: 4,
    };
    const event = {
      id: 'e1',
      conversationId: here,
      order: 3,
      what: 'taken',
      byId: null,
      byName: '',
      at: 3,
      detail: '',
    };
    desk.put(scopeOf.conversation(here), 'note', [{ id: note.id, body: note }]);
    desk.put(scopeOf.conversation(here), 'event', [{ id: event.id, body: event }]);
    desk.putMessages(messageOf(here, 5), messageOf(elsewhere, 6));
    expect(lines()).toEqual(['message 1: none', 'message 2: sent', 'taken', 'hm: none', 'message 5: none']);
  });

  it('tells how far a message of ours has got from what the customer received and read', () => {
    desk.putMessages(messageOf(here, 3, mine), messageOf(here, 4, mine));
    desk.putReceipt(here, 'customer', 3, 2);
    desk.putReceipt(here, 'agent', 4, 4);
    expect(lines()).toEqual(['message 1: none', 'message 2: read', 'message 3: delivered', 'message 4: sent']);
  });

  it('shows what waits last, in the order written, also when other lines came after it', () => {
    reply('first');
    desk.command('conversation.note', { conversationId: here, text: 'aside' });
    reply('second');
    desk.command('conversation.resolve', { conversationId: here, resolution: 'answered', comment: '' });
    desk.putMessages(messageOf(here, 3));
    expect(lines().slice(2)).toEqual([
      'message 3: none',
      'first: waiting',
      'aside: waiting',
      'second: waiting',
      'resolved waiting',
    ]);
    expect(thread().items[3]).toMatchObject({ n: 1, message: { order: null, authorName: 'Ada' } });
  });

  it('takes a reply from waiting over sending to sent without showing it twice or not at all', () => {
    const item = reply('on its way');
    desk.settle(item, 'sent');
    expect(lines().slice(2)).toEqual(['on its way: sending']);
    desk.settle(item, 'done', 1_000_000);
    expect(lines().slice(2)).toEqual(['on its way: sent']);
    const body = messageOf(here, 3, { ...mine, id: item.id, text: 'on its way' });
    desk.put(scopeOf.publicOf(here), 'message', [{ id: item.id, body, cmd: item.id }]);
    expect(lines().slice(2)).toEqual(['on its way: sent']);
    expect(thread().items[2]).toMatchObject({ n: null, message: { order: 3 } });
  });

  it('shows a refused reply and what it holds after what the writer had seen, with the reason', () => {
    const error = hubError('conversation/overtaken');
    reply('too late', { state: 'refused', error });
    reply('and more', { state: 'held', after: [1] });
    desk.command(
      'conversation.resolve',
      { conversationId: here, resolution: 'answered', comment: '' },
      { state: 'held' },
    );
    desk.putMessages(messageOf(here, 3), messageOf(here, 4));
    reply('new answer', { basis: { lastCustomerOrder: 4 } });
    expect(lines()).toEqual([
      'message 1: none',
      'message 2: sent',
      'too late: not-sent',
      'and more: held',
      'message 3: none',
      'message 4: none',
      'new answer: waiting',
    ]);
    expect(thread().items[2]).toMatchObject({ n: 1, error, message: { order: null, authorName: 'Ada' } });
    expect(thread().items[3]).toMatchObject({ n: 2, error: null });
  });

  it('shows a note that failed with its text, and shows what was given up nowhere', () => {
    const error = deskError('conversation/not-found');
    desk.command('conversation.note', { conversationId: here, text: 'lost note' }, { state: 'failed', error });
    reply('given up', { state: 'discarded' });
    expect(lines().slice(2)).toEqual(['lost note: not-sent']);
  });

  it('keeps refused words on the newest page however old they are, and off earlier ones', () => {
    reply('too late', { state: 'refused' });
    desk.putMessages(...[3, 4, 5, 6, 7, 8].map((order) => messageOf(here, order)));
    expect(lines(null, 2)).toEqual(['too late: not-sent', 'message 7: none', 'message 8: none']);
    expect(lines(7, 2)).toEqual(['message 5: none', 'message 6: none']);
  });

  it('pages backwards without gaps and says whether there is more', () => {
    desk.putMessages(...[3, 4, 5].map((order) => messageOf(here, order)));
    reply('waits');
    expect(thread(null, 2)).toMatchObject({ hasEarlier: true, items: { length: 3 } });
    expect(lines(4, 2)).toEqual(['message 2: sent', 'message 3: none']);
    expect(thread(2, 2)).toMatchObject({ hasEarlier: false, items: [{ message: { order: 1 } }] });
    expect(thread(null, 5)).toMatchObject({ hasEarlier: false });
  });

  it.each([scopeOf.conversation(here), scopeOf.publicOf(here)])('is not here while %s is not whole', (half) => {
    desk.write((tx) => joinScope(tx, half, 5));
    reply('waits');
    expect(thread()).toEqual({ items: [], isHeld: false, hasEarlier: false });
  });

  it('is gone with all that was said, waiting words too, when the conversation moved away', () => {
    reply('waits');
    reply('refused', { state: 'refused' });
    desk.lose(scopeOf.conversation(here), scopeOf.publicOf(here));
    desk.put(scopeOf.team(me.teamIds[0] ?? ''), 'head', [{ id: here, body: null }]);
    expect(thread()).toEqual({ items: [], isHeld: false, hasEarlier: false });
    expect(desk.read(queries.head, { conversationId: here })).toBeNull();
  });
});

describe('the head', () => {
  it('shows what waiting commands do to it', () => {
    reply('an answer');
    desk.command('conversation.resolve', { conversationId: here, resolution: 'answered', comment: '' });
    expect(desk.read(queries.head, { conversationId: here })).toMatchObject({
      state: 'resolved',
      resolution: 'answered',
      snippet: { from: 'agent', text: 'an answer' },
    });
  });

  it('goes back to what the hub says when a command is refused', () => {
    const item = desk.command('conversation.resolve', { conversationId: here, resolution: 'answered', comment: '' });
    desk.settle(item, 'refused');
    expect(desk.read(queries.head, { conversationId: here })).toMatchObject({ state: 'open' });
  });
});

describe('the draft', () => {
  it('comes with its earlier texts, newest first', () => {
    const save = (text: string, kind: string, updatedAt: number) =>
      desk.write((tx) => saveDraft(tx, { conversation: here, text, kind, basis: '{}', updatedAt }));
    save('a long first thought about this', 'reply', 1000);
    save('for the team', 'note', 2000);
    save('short', 'reply', 3000);
    expect(desk.read(queries.draft, { conversationId: here })).toEqual({
      draft: { conversationId: here, kind: 'reply', text: 'short', updatedAt: 3000 },
      history: [
        { conversationId: here, kind: 'note', text: 'for the team', updatedAt: 2000 },
        { conversationId: here, kind: 'reply', text: 'a long first thought about this', updatedAt: 1000 },
      ],
    });
    expect(desk.read(queries.draft, { conversationId: elsewhere })).toEqual({ draft: null, history: [] });
  });
});
