import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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

const visible = (): Map<string, string> => hub.stream.visibleTo(desk.deviceId);
const cached = (): Map<string, string> => desk.rows();

describe('signing in', () => {
  it('enrols, makes a profile, fetches what the person may see and is live', async () => {
    const conversation = hub.converse(1);
    expect(desk.stage).toBe('closed');
    await desk.enter();
    expect(desk.stage).toBe('open');
    await pass(clock, 500);
    expect(cached()).toEqual(visible());
    expect(desk.thread(conversation)).toEqual(['Hello none']);
    expect(desk.status).toMatchObject({ clockOffset: 4999, waiting: 0, attention: 0 });
  });

  it('says what is wrong: code, password, address, and that the hub is not there', async () => {
    const code = async (call: Promise<unknown>): Promise<string> =>
      ((await call) as { error: { code: string } }).error.code;
    const { core } = desk;
    expect(await code(core.call('session.enrol', { address: 'localhost:7000', code: 'WRONG' }))).toBe(
      'session/wrong-code',
    );
    expect(await code(core.call('session.enrol', { address: 'http://hub.example', code: 'CODE-1' }))).toBe(
      'session/needs-tls',
    );
    const { stationId } = must(await core.call('session.enrol', { address: 'localhost:7000', code: 'CODE-1' })) as {
      stationId: string;
    };
    const asked = { stationId, email: 'agent3@x.example', password: 'wrong' };
    expect(await code(core.call('session.signIn', asked))).toBe('session/wrong-password');
    hub.reach = 'refused';
    expect(await code(core.call('session.signIn', asked))).toBe('session/hub-unreachable');
    expect(core.query('inbox.list', { filter: '' })).toMatchObject({ ok: false, error: { code: 'session/locked' } });
  });

  it('opens again offline by the password alone, within the time the hub allows, and not after', async () => {
    hub.offlineForMs = 600_000;
    await desk.enter();
    await desk.finish(desk.core.call('session.lock', {}));
    expect(desk.stage).toBe('closed');
    const lastMet = clock.now();
    hub.reach = 'refused';
    clock.advance(60_000);
    expect(await desk.unlock('wrong')).toMatchObject({ ok: false, error: { code: 'profile/wrong-password' } });
    must(await desk.unlock());
    expect(desk.stage).toBe('open');
    await until(clock, () => desk.link === 'unreachable');
    // How long it has been without the hub does not begin anew with each start.
    expect(desk.status.link).toMatchObject({ since: expect.toSatisfy((at: number) => at <= lastMet) });
    clock.advance(hub.offlineForMs + 120_000);
    expect(desk.stage).toBe('closed');
    expect(await desk.unlock()).toMatchObject({ ok: false, error: { code: 'profile/offline-over' } });
  });

  it('enters a demo hub by itself, and again as another device when the hub has forgotten it', async () => {
    hub.isDemo = true;
    desk.remove();
    desk = new FakeDesk(hub, clock, { demoHub: 'http://localhost:7000' });
    await until(clock, () => desk.link === 'live');
    const first = desk.deviceId;
    hub.devices.delete(first);
    hub.cut();
    await until(clock, () => desk.link === 'live' && desk.deviceId !== first);
    expect(desk.stage).toBe('open');
  });
});

describe('writing', () => {
  it('sends a reply at once and shows it before and after the hub has it, never both', async () => {
    const conversation = hub.converse(1);
    await desk.enter();
    await pass(clock, 500);
    must(desk.reply(conversation, 'One moment'));
    expect(desk.thread(conversation)).toEqual(['Hello none', 'One moment sending']);
    for (let i = 0; i < 30; i += 1) {
      clock.advance(1);
      expect(desk.thread(conversation).filter((t) => t.startsWith('One moment'))).toHaveLength(1);
    }
    await pass(clock, 100);
    expect(desk.thread(conversation)).toEqual(['Hello none', 'One moment sent']);
    expect(hub.delivered).toEqual(['One moment']);
    expect(desk.status.waiting).toBe(0);
  });

  it('keeps what was written offline over a crash and delivers it once, in order', async () => {
    const one = hub.converse(1);
    const two = hub.converse(2);
    await desk.enter();
    await pass(clock, 500);
    hub.reach = 'refused';
    hub.cut();
    await pass(clock, 50);
    expect(desk.link).toBe('unreachable');
    must(desk.reply(one, 'a'));
    must(desk.reply(two, 'b'));
    must(desk.reply(one, 'c'));
    must(
      desk.core.command(
        'conversation.resolve',
        { conversationId: two, resolution: 'answered', comment: '' },
        { lastCustomerOrder: 1 },
      ),
    );
    desk.crash();
    await desk.restart();
    expect(desk.thread(one)).toEqual(['Hello none', 'a waiting', 'c waiting']);
    expect(desk.thread(two)).toEqual(['Hello none', 'b waiting', 'resolved waiting']);
    expect(desk.status.waiting).toBe(4);
    hub.reach = 'open';
    await until(clock, () => desk.link === 'live' && desk.status.waiting === 0);
    await pass(clock, 100);
    expect(hub.delivered).toEqual(['a', 'b', 'c']);
    expect(hub.head(two).state).toBe('resolved');
    expect(cached()).toEqual(visible());
  });

  it('stores a command once though the page asks again, because the crash came before the answer', async () => {
    const conversation = hub.converse(1);
    await desk.enter();
    await pass(clock, 500);
    hub.reach = 'refused';
    hub.cut();
    await pass(clock, 50);
    const ask = () =>
      desk.core.command(
        'conversation.reply',
        { conversationId: conversation, text: 'once' },
        { lastCustomerOrder: 1 },
        fakeId(4711),
      );
    const first = must(ask());
    desk.crash();
    await desk.restart();
    expect(must(ask())).toEqual(first);
    hub.reach = 'open';
    await until(clock, () => desk.link === 'live' && desk.status.waiting === 0);
    expect(must(ask())).toEqual(first);
    await pass(clock, 100);
    expect(hub.delivered).toEqual(['once']);
  });

  it('refuses at once, and stores nothing, what the rule refuses', async () => {
    const conversation = hub.converse(1, fakeId(77));
    await desk.enter();
    expect(desk.reply(conversation, 'Hi')).toMatchObject({ ok: false, error: { code: 'conversation/not-yours' } });
    expect(desk.core.command('conversation.reply', { conversationId: 'x' }, {})).toMatchObject({
      error: { code: 'conversation/bad-input' },
    });
    expect(desk.core.command('session.rule-the-world', {}, {})).toMatchObject({
      error: { code: 'session/unknown-command' },
    });
    expect(desk.outbox()).toEqual([]);
  });

  it('holds what rests on a reply that was overtaken, as one group, and sends it again on what is seen now', async () => {
    const conversation = hub.converse(1);
    await desk.enter();
    await pass(clock, 500);
    hub.reach = 'refused';
    hub.cut();
    await pass(clock, 50);
    const reply = must(desk.reply(conversation, 'late'));
    const resolve = must(
      desk.core.command(
        'conversation.resolve',
        { conversationId: conversation, resolution: 'answered', comment: '' },
        { lastCustomerOrder: 1 },
      ),
    );
    hub.customerSays(conversation, 'Wait!');
    hub.reach = 'open';
    await until(clock, () => desk.status.attention === 2);
    expect(desk.outbox()).toMatchObject([
      { n: reply.n, state: 'refused', group: reply.n },
      { n: resolve.n, state: 'held', group: reply.n },
    ]);
    expect(hub.head(conversation).state).toBe('open');
    expect(desk.events.filter((e) => e.op === 'notice')).toHaveLength(1);
    await desk.finish(desk.core.call('session.sendAgain', { ns: [reply.n, resolve.n] }));
    await until(clock, () => desk.status.waiting === 0 && desk.status.attention === 0);
    expect(hub.delivered).toEqual(['late']);
    expect(hub.head(conversation).state).toBe('resolved');
  });

  it('gives up what was never sent as a void under its number, and reports what was refused', async () => {
    const conversation = hub.converse(1);
    await desk.enter();
    await pass(clock, 500);
    hub.reach = 'refused';
    hub.cut();
    await pass(clock, 50);
    must(desk.reply(conversation, 'never'));
    const stale = must(desk.reply(conversation, 'stale', 0));
    await desk.finish(desk.core.call('session.giveUp', { ns: [1], reason: 'not needed' }));
    expect(desk.thread(conversation)).toEqual(['Hello none', 'stale waiting']);
    hub.reach = 'open';
    await until(clock, () => desk.status.attention === 1);
    await desk.finish(desk.core.call('session.giveUp', { ns: [stale.n], reason: 'answered by phone' }));
    await until(clock, () => desk.status.waiting === 0 && desk.status.attention === 0);
    const sent = hub.messages.flatMap((m) => (m.t === 'command' ? [`${m.command.n} ${m.command.kind}`] : []));
    expect(sent).toEqual(['1 session.void', '2 conversation.reply', '3 session.discard']);
    expect(hub.delivered).toEqual([]);
  });

  it('goes on in order when the hub is busy', async () => {
    const conversation = hub.converse(1);
    await desk.enter();
    await pass(clock, 500);
    hub.busyTimes = 3;
    for (const text of ['a', 'b', 'c', 'd']) must(desk.reply(conversation, text));
    await until(clock, () => desk.status.waiting === 0);
    expect(hub.delivered).toEqual(['a', 'b', 'c', 'd']);
  });

  it('saves a draft with its history and ends it with the reply that was written from it', async () => {
    const conversation = hub.converse(1);
    await desk.enter();
    await pass(clock, 500);
    await desk.finish(
      desk.core.call('conversation.saveDraft', { conversationId: conversation, kind: 'reply', text: 'Dear Mia' }),
    );
    desk.crash();
    await desk.restart();
    expect(desk.core.query('conversation.draft', { conversationId: conversation })).toMatchObject({
      value: { draft: { text: 'Dear Mia' } },
    });
    must(desk.reply(conversation, 'Dear Mia'));
    expect(desk.core.query('conversation.draft', { conversationId: conversation })).toMatchObject({
      value: { draft: null, history: [{ text: 'Dear Mia' }] },
    });
  });
});

describe('losing the hub', () => {
  it('says so within 5 s when the line goes dead without a word', async () => {
    await desk.enter();
    hub.swallow();
    const at = clock.now();
    await until(clock, () => desk.link === 'unreachable');
    expect(clock.now() - at).toBeLessThan(5000);
    expect(desk.status.link).toMatchObject({ why: 'silent' });
    expect(await desk.core.call('conversation.open', { conversationId: fakeId(1) })).toMatchObject({
      error: { code: 'session/needs-hub', params: { why: 'silent' } },
    });
  });

  it('hangs up on a message it cannot read, and comes back', async () => {
    await desk.enter();
    hub.shout({ t: 'page', rows: 'nonsense' });
    await until(clock, () => desk.link === 'unreachable');
    await until(clock, () => desk.link === 'live');
    expect(desk.logs.some((l) => l.includes('no message'))).toBe(true);
  });

  it('renews its token when the hub says it is over', async () => {
    await desk.enter();
    for (const device of hub.devices.values()) device.serial += 1;
    hub.cut();
    await until(clock, () => desk.link === 'live');
  });
});
