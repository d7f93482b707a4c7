import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '#shared/lib/time.ts';
import { FakeDesk, must, pass } from '#tests/support/fake-desk.ts';
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

/** Signs in again at the hub, whose password was reset meanwhile. */
async function again(here?: { kind: 'earlier'; password: string } | { kind: 'forget' }): Promise<string> {
  const { stationId } = must(await desk.core.call('session.enrol', { address: 'localhost:7000', code: 'CODE-1' })) as {
    stationId: string;
  };
  const asked = { stationId, email: 'agent3@x.example', password: hub.password, ...(here ? { here } : {}) };
  const result = await desk.settle(desk.core.call('session.signIn', asked));
  return result.ok ? 'in' : `${result.error.code} ${result.error.field ?? ''}`;
}

describe('a password that was reset at the hub', () => {
  beforeEach(async () => {
    const conversation = hub.converse(1);
    await desk.enter();
    await pass(clock, 500);
    hub.reach = 'refused';
    hub.cut();
    await pass(clock, 100);
    must(desk.core.command('conversation.note', { conversationId: conversation, text: 'never sent yet' }, {}));
    await desk.finish(desk.core.call('session.lock', {}));
    hub.reach = 'open';
    hub.password = 'one time password';
  });

  it('does not open what is here under the earlier one, until that one is given; then nothing is lost', async () => {
    expect(await again()).toBe('session/local-password password');
    expect(await again({ kind: 'earlier', password: 'not it either' })).toBe('profile/wrong-password here.password');
    expect(await again({ kind: 'earlier', password: 'correct horse' })).toBe('in');
    await pass(clock, 2_000);
    expect(desk.status).toMatchObject({ waiting: 0, attention: 0 });
    await desk.finish(desk.core.call('session.lock', {}));
    expect(must(await desk.unlock('one time password'))).toEqual({});
  });

  it('lets in who has forgotten the earlier one, at the price of what was here', async () => {
    expect(await again({ kind: 'forget' })).toBe('in');
    await pass(clock, 2_000);
    expect(desk.status).toMatchObject({ waiting: 0, attention: 0 });
    expect(must(desk.core.query('session.outbox', {}))).toEqual({ items: [] });
  });
});
