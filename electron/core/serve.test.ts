import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FromCore } from '#shared/ipc/core.ts';
import { FakeClock } from '#shared/lib/time.ts';
import { FakeDesk, must, pass, until } from '#tests/support/fake-desk.ts';
import { FakeHub } from '#tests/support/fake-hub.ts';
import type { Core } from './core.ts';
import { servePage } from './serve.ts';

let clock: FakeClock;
let hub: FakeHub;
let desk: FakeDesk;
let told: FromCore[];
let logged: string[];
let ask: (message: unknown) => void;
let leave: () => void;

function open(core: Core): void {
  told = [];
  logged = [];
  servePage(
    core,
    {
      post: (message) => told.push(message),
      onMessage: (take) => {
        ask = take;
      },
      onClose: (take) => {
        leave = take;
      },
    },
    (level, text) => logged.push(`${level} ${text}`),
  );
}

beforeEach(() => {
  clock = new FakeClock();
  hub = new FakeHub(clock);
  desk = new FakeDesk(hub, clock);
  open(desk.core);
});
afterEach(() => desk.remove());

const codes = (): string[] => told.flatMap((m) => (m.op === 'answer' && !m.ok ? [m.error.code] : []));

describe('what a page may send', () => {
  it('refuses what is no request, with its id when it has one, and lives on', () => {
    for (const raw of [
      null,
      1,
      'x',
      [],
      {},
      { op: 'query' },
      { op: 'launch', id: 7 },
      { op: 'query', id: 8, name: 'x'.repeat(90) },
    ])
      ask(raw);
    const circle: { id: number; self?: unknown } = { id: 9 };
    circle.self = circle;
    ask(circle);
    expect(told.map((m) => (m.op === 'answer' ? m.id : null))).toEqual([7, 8, 9]);
    expect(codes()).toEqual(['session/bad-input', 'session/bad-input', 'session/too-large']);
    expect(logged).toHaveLength(9);
    ask({ op: 'query', id: 10, name: 'session.stage', args: {} });
    expect(told.at(-1)).toMatchObject({ op: 'answer', id: 10, ok: true });
  });

  it('refuses what is too large, unknown, or asked before anybody is signed in', async () => {
    ask({ op: 'query', id: 1, name: 'session.stage', args: { much: 'x'.repeat(2_000_000) } });
    ask({ op: 'query', id: 2, name: 'session.secrets', args: {} });
    ask({ op: 'query', id: 3, name: 'inbox.list', args: { filter: 5 } });
    ask({ op: 'query', id: 4, name: 'inbox.list', args: { filter: '' } });
    ask({ op: 'command', id: 5, kind: 'conversation.reply', args: {}, basis: {} });
    ask({ op: 'call', id: 6, name: 'session.signOut', args: { isLossConfirmed: true } });
    ask({ op: 'call', id: 7, name: 'session.destroy', args: {} });
    await pass(clock, 20);
    expect(codes()).toEqual([
      'session/too-large',
      'session/unknown-query',
      'inbox/bad-input',
      'session/locked',
      'session/locked',
      'session/locked',
      'session/unknown-call',
    ]);
  });

  it('keeps a person within the rights of their role', async () => {
    await desk.enter();
    ask({ op: 'call', id: 1, name: 'session.issueCode', args: { codeId: '00000000-0000-7000-8000-000000000009' } });
    await pass(clock, 20);
    expect(codes()).toEqual(['session/not-allowed']);
    expect(hub.messages.some((m) => m.t === 'ask')).toBe(false);
  });

  it('answers a command as soon as it is on disk, tells what changed, and stops telling a page that is gone', async () => {
    const conversationId = hub.converse(1);
    await desk.enter();
    await pass(clock, 500);
    told.length = 0;
    ask({
      op: 'command',
      id: 1,
      kind: 'conversation.reply',
      args: { conversationId, text: 'Hi' },
      basis: { lastCustomerOrder: 1 },
    });
    expect(told).toMatchObject([{ op: 'answer', id: 1, ok: true, value: { n: 1 } }]);
    await until(clock, () => told.some((m) => m.op === 'changed' && m.changes.some((c) => c.entity === 'message')));
    leave();
    told.length = 0;
    must(desk.reply(conversationId, 'again'));
    await pass(clock, 300);
    expect(told).toEqual([]);
  });

  it('forwards a call to the hub and answers what it answered', async () => {
    const conversationId = hub.converse(1, null);
    await desk.enter();
    ask({ op: 'call', id: 3, name: 'conversation.open', args: { conversationId } });
    await until(clock, () => told.some((m) => m.op === 'answer' && m.id === 3));
    expect(told.find((m) => m.op === 'answer' && m.id === 3)).toEqual({ op: 'answer', id: 3, ok: true, value: {} });
  });
});
