import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scopeOf } from '#shared/lib/scope.ts';
import { FakeClock } from '#shared/lib/time.ts';
import { fakeId } from '#tests/support/fake-company.ts';
import { FakeDesk, must, pass, until } from '#tests/support/fake-desk.ts';
import { FakeHub } from '#tests/support/fake-hub.ts';

let clock: FakeClock;
let hub: FakeHub;
let desk: FakeDesk;

beforeEach(() => {
  clock = new FakeClock();
  hub = new FakeHub(clock, 5000);
  desk = new FakeDesk(hub, clock);
});
afterEach(() => desk.remove());

/** The desk takes a conversation offline while a colleague takes it at the hub. */
async function takenMeanwhile(alsoSays: string | null): Promise<void> {
  const conversation = hub.converse(1, null);
  await desk.enter();
  await pass(clock, 500);
  hub.reach = 'refused';
  hub.cut();
  await pass(clock, 50);
  must(desk.core.command('inbox.take', { conversationId: conversation }, {}));
  if (alsoSays !== null) must(desk.reply(conversation, alsoSays));
  const head = { ...hub.head(conversation), ownerId: fakeId(77) };
  const scopes = [scopeOf.team(head.teamId), scopeOf.conversation(conversation)];
  hub.commit(scopes.map((s) => ({ s, e: 'head', i: conversation, b: head })));
  hub.reach = 'open';
  await until(clock, () => desk.link === 'live' && desk.status.waiting === 0);
}

describe('a conversation somebody else took first', () => {
  it('is told once and then off one’s hands, for there is nothing to send again', async () => {
    await takenMeanwhile(null);
    expect(desk.status.attention).toBe(0);
    expect(desk.outbox()).toEqual([]);
    expect(desk.events.filter((e) => e.op === 'notice')).toHaveLength(1);
  });

  it('stays with the words that were written to the customer, which rest on it', async () => {
    await takenMeanwhile('I am on it');
    expect(desk.status.attention).toBe(2);
    expect(desk.outbox()).toMatchObject([
      { kind: 'inbox.take', state: 'refused' },
      { kind: 'conversation.reply', state: 'held' },
    ]);
  });
});
