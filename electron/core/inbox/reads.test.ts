import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { joinScope } from '#core/db/cache-scopes.ts';
import { saveDraft } from '#core/db/drafts.ts';
import type { Head } from '#shared/conversation/model.ts';
import type { InboxRow } from '#shared/inbox/model.ts';
import { list } from '#shared/inbox/queries.ts';
import type { Id } from '#shared/lib/ids.ts';
import { scopeOf } from '#shared/lib/scope.ts';
import { DeskReading, headOf, hubNow, idOf, me, myTeam } from '#tests/support/desk-reading.ts';

const otherTeam = idOf(6);
const bo = idOf(7);
let desk: DeskReading;

beforeEach(() => {
  desk = new DeskReading({ teamIds: [myTeam, otherTeam] });
  const person = (id: Id, name: string) => ({ id, name, role: 'agent', teamIds: [myTeam], isDisabled: false });
  desk.put(scopeOf.org, 'person', [
    { id: me.personId, body: person(me.personId, 'Ada') },
    { id: bo, body: person(bo, 'Bo') },
  ]);
  desk.put(scopeOf.org, 'team', [
    { id: myTeam, body: { id: myTeam, name: 'Orders', region: 'EU' } },
    { id: otherTeam, body: { id: otherTeam, name: 'Returns', region: 'EU' } },
  ]);
});
afterEach(() => desk.close());

/** A conversation this desk holds. */
function held(n: number, part: Partial<Head> = {}): Id {
  desk.holdConversation(idOf(n));
  desk.putHead(headOf(idOf(n), part));
  return idOf(n);
}

/** A conversation of which only the head is here. */
function listed(n: number, part: Partial<Head> = {}): Id {
  desk.putHead(headOf(idOf(n), part));
  return idOf(n);
}

/** Each section as its kind, team and the numbers of its conversations. */
function sections(filter = ''): [string, string | null, number[]][] {
  return desk
    .read(list, { filter })
    .sections.map(({ kind, teamName, rows }) => [kind, teamName, rows.map(({ head }) => Number(head.id.slice(-12)))]);
}

function rowOf(id: Id): InboxRow | undefined {
  return desk
    .read(list, { filter: '' })
    .sections.flatMap((section) => section.rows)
    .find((row) => row.head.id === id);
}

describe('the inbox list', () => {
  it('puts what is mine, what waits in my teams, what colleagues have and what I resolved into sections', () => {
    held(10, { ownerId: me.personId });
    listed(11);
    listed(12, { teamId: otherTeam });
    listed(13, { ownerId: bo });
    held(14, { ownerId: me.personId, state: 'resolved', resolution: 'answered', resolvedAt: hubNow - 1000 });
    held(15, { teamId: idOf(8), ownerId: bo });
    expect(sections()).toEqual([
      ['yours', null, [10]],
      ['waiting', 'Orders', [11]],
      ['waiting', 'Returns', [12]],
      ['colleagues', 'Orders', [13]],
      ['resolved', null, [14]],
    ]);
    expect(rowOf(idOf(13))?.ownerName).toBe('Bo');
  });

  it('always has the section of what is mine', () => {
    expect(desk.read(list, { filter: '' })).toEqual({
      sections: [{ kind: 'yours', teamId: null, teamName: null, rows: [], total: 0 }],
    });
  });

  it('has who waits longest first, then what moved last', () => {
    listed(10, { lastAt: 50 });
    listed(11, { lastAt: 60 });
    listed(12, { waitingSince: 30 });
    listed(13, { waitingSince: 20 });
    expect(sections()[1]).toEqual(['waiting', 'Orders', [13, 12, 11, 10]]);
  });

  it('lists the 100 most urgent of a team, counts all, and finds the others by filter', () => {
    for (let n = 0; n < 130; n += 1) listed(100 + n, { customerName: `Guest no${n}x`, waitingSince: 5000 - n });
    const waiting = desk.read(list, { filter: '' }).sections.find((section) => section.kind === 'waiting');
    expect(waiting).toMatchObject({ total: 130, rows: { length: 100 } });
    expect(waiting?.rows[0]?.head.customerName).toBe('Guest no129x');
    expect(sections('no3x')[1]).toEqual(['waiting', 'Orders', [103]]);
  });

  it('lists the 20 latest of what I resolved in the last 24 hours, and counts all of them', () => {
    const hour = 3_600_000;
    for (let n = 0; n < 25; n += 1) {
      held(100 + n, { ownerId: me.personId, state: 'resolved', resolution: 'answered', resolvedAt: hubNow - n * hour });
    }
    held(130, { ownerId: bo, state: 'resolved', resolution: 'answered', resolvedAt: hubNow });
    const resolved = desk.read(list, { filter: '' }).sections.find((section) => section.kind === 'resolved');
    expect(resolved?.rows.map((row) => Number(row.head.id.slice(-12)))).toEqual(
      Array.from({ length: 20 }, (_, n) => 100 + n),
    );
    expect(resolved?.total).toBe(25);
    held(131, { ownerId: me.personId, state: 'resolved', resolution: 'answered', resolvedAt: hubNow - 25 * hour });
    expect(desk.read(list, { filter: '' }).sections.find((s) => s.kind === 'resolved')?.total).toBe(25);
  });

  it('marks what the agents have not read, and who waits unanswered where that is not known', () => {
    const unread = held(10, { ownerId: me.personId, lastCustomerOrder: 5 });
    desk.putReceipt(unread, 'agent', 5, 4);
    desk.putReceipt(unread, 'customer', 9, 9);
    const read = held(11, { ownerId: me.personId, lastCustomerOrder: 5, waitingSince: 9 });
    desk.putReceipt(read, 'agent', 5, 5);
    const waits = listed(12, { lastCustomerOrder: 1, waitingSince: 9 });
    const answered = listed(13, { lastCustomerOrder: 1 });
    const theirs = listed(14, { ownerId: bo, lastCustomerOrder: 1, waitingSince: 9 });
    expect([unread, read, waits, answered, theirs].map((id) => rowOf(id)?.isUnread)).toEqual([
      true,
      false,
      true,
      false,
      false,
    ]);
  });

  it('shows the draft in one line, what waits, and what needs the person', () => {
    const id = held(10, { ownerId: me.personId });
    const other = held(11, { ownerId: me.personId });
    const text = `dear  Mia,\n\n${'long '.repeat(100)}`;
    desk.write((tx) => saveDraft(tx, { conversation: id, text, kind: 'reply', basis: '{}', updatedAt: 1 }));
    desk.write((tx) => saveDraft(tx, { conversation: other, text: '  ', kind: 'reply', basis: '{}', updatedAt: 1 }));
    const args = { conversationId: id, text: 'x' };
    for (const state of ['waiting', 'sent', 'refused', 'held', 'failed', 'done', 'discarded'] as const) {
      desk.command('conversation.note', args, { state, ...(state === 'done' ? { seq: 1 } : {}) });
    }
    expect(rowOf(id)).toMatchObject({ hasDraft: true, waiting: 2, attention: 3 });
    expect(rowOf(id)?.draft).toMatch(/^dear Mia, long long .*…$/);
    expect(rowOf(other)).toMatchObject({ hasDraft: false, draft: '', waiting: 0, attention: 0 });
  });

  it('finds all the words typed in name or snippet, without minding case or accents', () => {
    held(10, {
      ownerId: me.personId,
      customerName: 'Zoë Müller',
      snippet: { from: 'customer', text: 'Where is my tent?' },
    });
    listed(11, { customerName: 'Zoe Miller' });
    expect(sections('zoe TENT')).toEqual([['yours', null, [10]]]);
    expect(sections(' zoe ').flatMap(([, , found]) => found)).toEqual([10, 11]);
    expect(sections('tent boots')).toEqual([['yours', null, []]]);
  });

  it('moves a conversation at once when it is taken, answered and resolved, and back when that is refused', () => {
    held(10, { waitingSince: 9 });
    const take = desk.command('inbox.take', { conversationId: idOf(10) });
    expect(sections()).toEqual([['yours', null, [10]]]);
    desk.command('conversation.reply', { conversationId: idOf(10), text: 'an answer' });
    expect(rowOf(idOf(10))).toMatchObject({ head: { waitingSince: null, snippet: { text: 'an answer' } }, waiting: 2 });
    const at = { at: hubNow };
    desk.command('conversation.resolve', { conversationId: idOf(10), resolution: 'answered', comment: '' }, at);
    expect(sections()).toEqual([
      ['yours', null, []],
      ['resolved', null, [10]],
    ]);
    desk.write((tx) => tx.run(`update main.outbox set state = 'held' where n > ?`, take.n));
    desk.settle(take, 'refused');
    expect(sections()).toEqual([
      ['yours', null, []],
      ['waiting', 'Orders', [10]],
    ]);
    expect(rowOf(idOf(10))).toMatchObject({ waiting: 0, attention: 3 });
  });

  it('drops a conversation that is moved to a team I am not in, at once', () => {
    held(10, { ownerId: me.personId });
    desk.command('inbox.move', { conversationId: idOf(10), teamId: idOf(8), reason: '' });
    expect(sections()).toEqual([['yours', null, []]]);
  });

  it('shows nothing of a team whose list is not whole', () => {
    listed(10);
    desk.write((tx) => joinScope(tx, scopeOf.team(myTeam), 9));
    expect(sections()).toEqual([['yours', null, []]]);
  });
});
