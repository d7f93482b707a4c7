import type { IpcMain, IpcMainInvokeEvent, WebFrameMain } from 'electron';
import { expect, test } from 'vitest';
import { isOurPage, type MainHandlers, serveCalls } from './calls.ts';

type Handler = (event: IpcMainInvokeEvent, raw: unknown) => unknown;

function served() {
  const doors = new Map<string, Handler>();
  const done: string[] = [];
  const lines: string[] = [];
  const handlers: MainHandlers = {
    about: () => ({
      appVersion: '1',
      runtimeKind: 'stand-in',
      electron: '33',
      chrome: '130',
      node: '20',
      platform: 'linux',
      arch: 'x64',
      isPackaged: true,
      hasKeychain: false,
      systemLanguage: 'en',
    }),
    setAppearance: ({ theme }) => {
      done.push(theme);
      return null;
    },
    zoom: () => ({ factor: 1 }),
    notify: () => {
      throw new Error('the system said no to maya@lindqvist.se');
    },
    setBadge: () => null,
    openLink: () => ({ isOpened: false }),
    showLog: () => null,
  };
  const ipc = { handle: (channel: string, handler: Handler) => doors.set(channel, handler) };
  serveCalls(
    ipc as unknown as IpcMain,
    handlers,
    (frame) => isOurPage(frame, ['app://bundle']),
    (_level, text, facts) => lines.push(`${text} ${JSON.stringify(facts)}`),
  );
  const call = async (channel: string, raw: unknown, frame: unknown): Promise<unknown> => {
    const door = doors.get(channel);
    if (!door) throw new Error(`no door ${channel}`);
    return door({ senderFrame: frame } as IpcMainInvokeEvent, raw);
  };
  return { call, done, lines };
}

const page = { parent: null, origin: 'app://bundle' } as unknown as WebFrameMain;

test('our page is served', async () => {
  const { call, done } = served();
  expect(await call('desk:about', null, page)).toMatchObject({ runtimeKind: 'stand-in' });
  await call('desk:setAppearance', { theme: 'dark', language: 'de' }, page);
  expect(done).toEqual(['dark']);
});

test.each([
  ['a frame inside our page', { parent: page, origin: 'app://bundle' }],
  ['another origin', { parent: null, origin: 'https://evil.example' }],
  ['an opaque origin', { parent: null, origin: 'null' }],
  ['a frame that is gone', null],
])('%s is refused and logged, and nothing happens', async (_what, frame) => {
  const { call, done, lines } = served();
  await expect(call('desk:setAppearance', { theme: 'dark', language: 'de' }, frame)).rejects.toThrow('refused');
  expect(done).toEqual([]);
  expect(lines).toEqual(['call refused {"call":"setAppearance","why":"sender"}']);
});

test.each([undefined, null, 'dark', { theme: 'pink', language: 'de' }, { theme: 'dark' }, [], 7])(
  'arguments of a wrong form are refused and logged: %j',
  async (raw) => {
    const { call, done, lines } = served();
    await expect(call('desk:setAppearance', raw, page)).rejects.toThrow('bad arguments');
    expect(done).toEqual([]);
    expect(lines).toHaveLength(1);
  },
);

test('a call that fails says so without the reason, and the log has it without names', async () => {
  const { call, lines } = served();
  const notice = { title: 'A', body: 'B', tag: 't', place: null };
  await expect(call('desk:notify', notice, page)).rejects.toThrow('notify: failed');
  expect(lines.join()).toContain('the system said no to <address>');
});
