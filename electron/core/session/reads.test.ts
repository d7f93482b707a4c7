import { afterEach, describe, expect, it } from 'vitest';
import { hubError } from '#shared/lib/errors.ts';
import type { Id } from '#shared/lib/ids.ts';
import { scopeOf } from '#shared/lib/scope.ts';
import { devices, outbox, people } from '#shared/session/queries.ts';
import { DeskReading, headOf, idOf, me, myTeam } from '#tests/support/desk-reading.ts';

let desk: DeskReading;
afterEach(() => desk.close());

const items = () => desk.read(outbox, {}).items;
const note = (text: string, part: Parameters<DeskReading['command']>[2] = {}) =>
  desk.command('conversation.note', { conversationId: idOf(10), text }, part);

describe('the outbox', () => {
  it('tells of every command that is not settled what it says and for whom, oldest first', () => {
    desk = new DeskReading();
    desk.putHead(headOf(idOf(10)));
    note('one');
    note('done', { state: 'done', seq: 1 });
    note('given up', { state: 'discarded' });
    desk.command('conversation.resolve', { conversationId: idOf(11), resolution: 'answered', comment: 'all well' });
    desk.command('inbox.take', { conversationId: idOf(10) });
    expect(items()).toMatchObject([
      { n: 1, kind: 'conversation.note', state: 'waiting', customerName: 'Mia Berg', text: 'one', group: null },
      { n: 4, customerName: null, text: 'all well', conversationId: idOf(11) },
      { n: 5, customerName: 'Mia Berg', text: null },
    ]);
  });

  it('lets be discarded what the hub has never seen or has turned down, nothing in between', () => {
    desk = new DeskReading();
    note('new');
    note('on its way', { state: 'sent', sentAt: 5 });
    note('was on its way', { sentAt: 5 });
    note('refused', { state: 'refused', sentAt: 5 });
    note('held', { state: 'held', sentAt: 5 });
    note('failed', { state: 'failed', sentAt: 5 });
    desk.command('session.void', { kind: 'conversation.note', reason: 'typo' });
    expect(items().map((item) => item.isDiscardable)).toEqual([true, false, false, true, true, true, false]);
  });

  it('keeps what stands or falls together in one place, with the reason on the first', () => {
    desk = new DeskReading();
    const error = hubError('conversation/overtaken');
    note('a', { state: 'refused', error });
    note('b', { state: 'waiting' });
    note('c', { state: 'failed' });
    note('d', { state: 'held', after: [1] });
    note('e', { state: 'held', after: [4] });
    expect(items().map(({ text, group }) => [text, group])).toEqual([
      ['a', 1],
      ['d', 1],
      ['e', 1],
      ['b', null],
      ['c', 3],
    ]);
    expect(items()[0]?.error).toEqual(error);
  });

  it('keeps the words and drops the name when the conversation has moved away', () => {
    desk = new DeskReading();
    desk.putHead(headOf(idOf(10)));
    note('what I wrote', { state: 'refused', error: hubError('conversation/not-found') });
    desk.lose(scopeOf.team(myTeam));
    expect(items()).toMatchObject([{ text: 'what I wrote', customerName: null, conversationId: idOf(10) }]);
  });
});

function company(): void {
  const person = (id: Id, name: string) => ({ id, name, role: 'agent', teamIds: [myTeam], isDisabled: false });
  desk.put(scopeOf.org, 'person', [
    { id: idOf(1), body: person(idOf(1), 'Zoe') },
    { id: idOf(7), body: person(idOf(7), 'Ella') },
  ]);
  desk.put(scopeOf.org, 'team', [{ id: myTeam, body: { id: myTeam, name: 'Orders', region: 'EU' } }]);
  const presence = (team: Id, state: string, since: number) => ({ personId: idOf(7), teamId: team, state, since });
  desk.put(scopeOf.team(myTeam), 'presence', [
    { id: `${myTeam}|${idOf(7)}`, body: presence(myTeam, 'away', 9) },
    { id: `${idOf(6)}|${idOf(7)}`, body: presence(idOf(6), 'available', 5) },
  ]);
  const account = { email: 'ella@example.com', isDisabled: false, mustChangePassword: false, createdAt: 1 };
  desk.put(scopeOf.admin, 'account', [{ id: idOf(7), body: { id: idOf(7), ...account, lastSignInAt: null } }]);
  const device = (n: number, personId: Id, enrolledAt: number) => ({
    id: idOf(n),
    personId,
    label: 'PC',
    state: 'active',
    enrolledAt,
    lastSeenAt: null,
  });
  desk.put(scopeOf.admin, 'device', [
    { id: idOf(50), body: device(50, idOf(1), 1) },
    { id: idOf(51), body: device(51, idOf(7), 1) },
    { id: idOf(52), body: device(52, idOf(7), 2) },
  ]);
}

describe('people and devices', () => {
  it('are who works here by name, with presence, and with accounts for administrators', () => {
    desk = new DeskReading({ role: 'admin' });
    desk.hold(scopeOf.admin);
    company();
    expect(desk.read(people, {})).toMatchObject({
      people: [
        { person: { name: 'Ella' }, presence: 'away', account: { email: 'ella@example.com' } },
        { person: { name: 'Zoe' }, presence: null, account: null },
      ],
      teams: [{ name: 'Orders' }],
    });
    const lines = desk.read(devices, {}).devices.map(({ device, personName }) => [device.id, personName]);
    expect(lines).toEqual([
      [idOf(52), 'Ella'],
      [idOf(51), 'Ella'],
      [idOf(50), 'Zoe'],
    ]);
  });

  it('show an agent neither accounts nor devices', () => {
    desk = new DeskReading({ personId: me.personId });
    desk.hold(scopeOf.admin);
    company();
    expect(desk.read(people, {}).people.map((line) => line.account)).toEqual([null, null]);
    expect(desk.read(devices, {})).toEqual({ devices: [] });
  });
});
