import { expect, test } from 'vitest';
import type { ToCore } from '#shared/ipc/host.ts';
import { FakeClock } from '#shared/lib/time.ts';
import { type CorePage, createCoreHost, restartPause } from './core-host.ts';

type Born = {
  heard: { message: ToCore; ports: string[] }[];
  isKilled: boolean;
  say(message: unknown): void;
  die(code: number): void;
};

function world() {
  const clock = new FakeClock();
  const cores: Born[] = [];
  const lines: string[] = [];
  const wishes: string[] = [];
  let channels = 0;
  const host = createCoreHost<string>({
    clock,
    log: (level, text) => lines.push(`${level} ${text}`),
    init: { t: 'init', dir: '/d', appVersion: '1', runtimeKind: 'official', demoHub: null, platform: 'linux' },
    wishes: {
      secretWanted: (profile, isNew) => {
        wishes.push(`secret ${profile} ${isNew}`);
        return { kind: 'kept', secret: 'c2VjcmV0' };
      },
      secretForgotten: (profile) => wishes.push(`forget ${profile}`),
      notify: ({ notice }) => wishes.push(`notify ${notice.title}`),
      badge: (count) => wishes.push(`badge ${count}`),
    },
    channel: () => {
      channels += 1;
      return { core: `core-end ${channels}`, page: `page-end ${channels}` };
    },
    fork: () => {
      let onMessage = (_message: unknown): void => undefined;
      let onExit = (_code: number): void => undefined;
      const born: Born = {
        heard: [],
        isKilled: false,
        say: (message) => onMessage(message),
        die: (code) => onExit(code),
      };
      cores.push(born);
      return {
        pid: cores.length,
        post: (message, ports = []) => born.heard.push({ message, ports }),
        onMessage: (listener) => {
          onMessage = listener;
        },
        onExit: (listener) => {
          onExit = listener;
        },
        kill: () => {
          born.isKilled = true;
        },
      };
    },
  });
  const page = (key: string): CorePage<string> & { got: string[]; gone: boolean } => {
    const it = {
      key,
      got: [] as string[],
      gone: false,
      isGone: () => it.gone,
      give: (port: string) => it.got.push(port),
      lost: () => it.got.push('lost'),
    };
    return it;
  };
  const core = (n: number): Born => {
    const found = cores[n];
    if (!found) throw new Error(`core ${n} was never started`);
    return found;
  };
  return { clock, host, cores, core, lines, wishes, page };
}

test('a core is told its folder first, then gets one end of a channel for each page', () => {
  const { host, core, page } = world();
  const window = page('w');
  host.start();
  host.connect(window);
  expect(core(0).heard.map(({ message, ports }) => [message.t, ...ports])).toEqual([
    ['init'],
    ['connect', 'core-end 1'],
  ]);
  expect(window.got).toEqual(['page-end 1']);
});

test('when the core dies the page is told, and gets a fresh port from the next core', () => {
  const { clock, host, core, cores, page } = world();
  const window = page('w');
  host.start();
  host.connect(window);
  core(0).die(9);
  expect(window.got).toEqual(['page-end 1', 'lost']);
  clock.advance(restartPause(1));
  expect(cores).toHaveLength(2);
  expect(window.got).toEqual(['page-end 1', 'lost', 'page-end 2']);
  expect(core(1).heard.map(({ message }) => message.t)).toEqual(['init', 'connect']);
});

test('a page that connects between two cores waits for the next one', () => {
  const { clock, host, core, page } = world();
  host.start();
  core(0).die(1);
  const window = page('w');
  host.connect(window);
  expect(window.got).toEqual([]);
  clock.advance(restartPause(1));
  expect(window.got).toEqual(['page-end 1']);
});

test('a page that is gone gets nothing more', () => {
  const { clock, host, core, page } = world();
  const window = page('w');
  host.start();
  host.connect(window);
  window.gone = true;
  core(0).die(1);
  clock.advance(restartPause(1));
  expect(window.got).toEqual(['page-end 1']);
});

test('a core that keeps dying is restarted ever more slowly, and quickly again once it has run well', () => {
  const { clock, host, core, cores } = world();
  host.start();
  for (let n = 0; n < 8; n += 1) {
    core(n).die(1);
    clock.advance(restartPause(n + 1) - 1);
    expect(cores).toHaveLength(n + 1);
    clock.advance(1);
    expect(cores).toHaveLength(n + 2);
  }
  expect(restartPause(8)).toBe(10_000);
  clock.advance(30_000);
  core(8).die(1);
  clock.advance(restartPause(1));
  expect(cores).toHaveLength(10);
});

test('closing asks the core and waits for its word', async () => {
  const { host, core, cores, clock } = world();
  host.start();
  let isClosed = false;
  const closing = host.close(3_000).then(() => {
    isClosed = true;
  });
  await Promise.resolve();
  expect(core(0).heard.at(-1)?.message).toEqual({ t: 'close' });
  expect(isClosed).toBe(false);
  core(0).say({ t: 'closed' });
  await closing;
  core(0).die(0);
  clock.advance(60_000);
  expect(cores).toHaveLength(1);
});

test('a core that does not close in time is killed', async () => {
  const { host, core, clock } = world();
  host.start();
  const closing = host.close(3_000);
  clock.advance(3_000);
  await closing;
  expect(core(0).isKilled).toBe(true);
});

test('a core that dies while closing ends the wait, and a core that waits for its restart is not restarted', async () => {
  const one = world();
  one.host.start();
  const closing = one.host.close(3_000);
  one.core(0).die(1);
  await closing;
  const two = world();
  two.host.start();
  two.core(0).die(1);
  await two.host.close(3_000);
  two.clock.advance(60_000);
  expect(two.cores).toHaveLength(1);
});

test('the wishes of a core reach the system, and a secret goes back to the core that asked', () => {
  const { host, core, wishes } = world();
  host.start();
  core(0).say({ t: 'secretWanted', id: 7, profile: 'p-1', isNew: true });
  core(0).say({ t: 'secretForgotten', profile: 'p-1' });
  core(0).say({ t: 'badge', count: 3 });
  core(0).say({ t: 'notify', notice: { title: 'A', body: '', tag: 't', place: null } });
  expect(wishes).toEqual(['secret p-1 true', 'forget p-1', 'badge 3', 'notify A']);
  expect(core(0).heard.at(-1)?.message).toEqual({
    t: 'secret',
    id: 7,
    answer: { kind: 'kept', secret: 'c2VjcmV0' },
  });
});

test('what a core may not say is logged and does nothing', () => {
  const { host, core, wishes, lines } = world();
  host.start();
  core(0).say({ t: 'secretWanted', id: 1, profile: '../../etc', isNew: true });
  core(0).say({ t: 'openShell' });
  core(0).say('badge');
  expect(wishes).toEqual([]);
  expect(lines.filter((line) => line.startsWith('error'))).toHaveLength(3);
});
