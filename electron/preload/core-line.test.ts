import { expect, test } from 'vitest';
import { type CoreMessage, longestCoreMessage } from '#shared/ipc/window-desk.ts';
import { createCoreLine, type LinePort } from './core-line.ts';

type FakePort = LinePort & { sent: CoreMessage[]; isClosed: boolean; say(data: unknown): void };

function fakePort(): FakePort {
  let listener = (_data: unknown): void => undefined;
  const port: FakePort = {
    sent: [],
    isClosed: false,
    listen: (next) => {
      listener = next;
    },
    postMessage: (message) => port.sent.push(message),
    close: () => {
      port.isClosed = true;
    },
    say: (data) => listener(data),
  };
  return port;
}

function ear() {
  const heard: unknown[] = [];
  return {
    heard,
    listener: {
      onMessage: (message: CoreMessage) => heard.push(message),
      onState: (state: string) => heard.push(state),
    },
  };
}

test('what is posted before the first port waits for it, in order', () => {
  const line = createCoreLine();
  const { heard, listener } = ear();
  const { post } = line.connect(listener);
  post({ id: 1 });
  post({ id: 2 });
  const port = fakePort();
  line.attach(port);
  post({ id: 3 });
  expect(port.sent).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }]);
  expect(heard).toEqual(['open']);
});

test('a port that came before the page asked is used when it asks', () => {
  const line = createCoreLine();
  const port = fakePort();
  line.attach(port);
  const { heard, listener } = ear();
  line.connect(listener).post({ id: 1 });
  port.say({ id: 1, ok: true });
  expect(port.sent).toEqual([{ id: 1 }]);
  expect(heard).toEqual(['open', { id: 1, ok: true }]);
});

test('a restarted core opens the line again, the dead port is not heard and nothing is sent twice', () => {
  const line = createCoreLine();
  const { heard, listener } = ear();
  const { post } = line.connect(listener);
  const first = fakePort();
  line.attach(first);
  post({ id: 1 });
  line.lost();
  post({ id: 2 });
  const second = fakePort();
  line.attach(second);
  first.say({ late: true });
  second.say({ fresh: true });
  expect(first.isClosed).toBe(true);
  expect(second.sent).toEqual([]);
  expect(heard).toEqual(['open', 'closed', 'open', { fresh: true }]);
});

test.each([
  ['nothing', undefined],
  ['a text', 'select 1'],
  ['a list', [1]],
  ['a map', new Map()],
  ['a circle', Object.assign({}, { toJSON: undefined }, circle())],
  ['a long message', { text: 'a'.repeat(longestCoreMessage) }],
])('%s is refused and does not reach the core', (_what, message) => {
  const line = createCoreLine();
  const port = fakePort();
  line.attach(port);
  const { post } = line.connect(ear().listener);
  expect(() => post(message as CoreMessage)).toThrow(TypeError);
  expect(port.sent).toEqual([]);
});

test('what is no plain object does not reach the page', () => {
  const line = createCoreLine();
  const port = fakePort();
  line.attach(port);
  const { heard, listener } = ear();
  line.connect(listener);
  port.say('text');
  port.say(null);
  port.say([1]);
  expect(heard).toEqual(['open']);
});

test('a page that connects anew silences its earlier line', () => {
  const line = createCoreLine();
  const port = fakePort();
  line.attach(port);
  const old = ear();
  const { post } = line.connect(old.listener);
  const fresh = ear();
  line.connect(fresh.listener);
  post({ id: 1 });
  port.say({ id: 2 });
  expect(port.sent).toEqual([]);
  expect([old.heard, fresh.heard]).toEqual([['open'], ['open', { id: 2 }]]);
});

function circle(): CoreMessage {
  const it: { self?: unknown } = {};
  it.self = it;
  return it;
}
