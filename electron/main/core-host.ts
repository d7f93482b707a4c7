import * as z from 'zod/mini';
import { type CoreInit, type FromCore, fromCoreSchema, type SecretAnswer, type ToCore } from '#shared/ipc/host.ts';
import { assertNever } from '#shared/lib/result.ts';
import type { Clock, Timer } from '#shared/lib/time.ts';
import type { Log } from './log.ts';

/** A running core process as the host sees it; `P` is the kind of port that can be handed over. */
export type CoreProcess<P> = {
  readonly pid: number | undefined;
  post(message: ToCore, ports?: P[]): void;
  onMessage(listener: (message: unknown) => void): void;
  onExit(listener: (code: number) => void): void;
  kill(): void;
};

/** A page that asked for a line to the core. */
export type CorePage<P> = {
  readonly key: string;
  isGone(): boolean;
  give(port: P): void;
  lost(): void;
};

export type CoreWishes = {
  secretWanted(profile: string, isNew: boolean): SecretAnswer;
  secretForgotten(profile: string): void;
  notify(message: Extract<FromCore, { t: 'notify' }>): void;
  badge(count: number): void;
};

export type CoreHostParts<P> = {
  readonly clock: Clock;
  readonly log: Log;
  readonly init: CoreInit;
  readonly wishes: CoreWishes;
  fork(): CoreProcess<P>;
  /** Two ends of a fresh channel. */
  channel(): { core: P; page: P };
};

export type CoreHost<P> = {
  start(): void;
  /** Gives the page a port now or as soon as a core runs, and a fresh one after each restart. */
  connect(page: CorePage<P>): void;
  power(state: 'suspend' | 'resume' | 'locked'): void;
  /** Asks the core to close its files; resolves when it has, when it is dead, or after `limitMs` (then it is killed). */
  close(limitMs: number): Promise<void>;
};

type State<P> =
  | { kind: 'idle' }
  | { kind: 'running'; core: CoreProcess<P>; since: number }
  | { kind: 'waiting'; timer: Timer }
  | { kind: 'closing'; core: CoreProcess<P>; end: () => void }
  | { kind: 'closed' };

/** A core that ran this long is taken for healthy: its next death is a first one again. */
const healthyMs = 30_000;

/** Pause before the restart after the n-th death in a row (n from 1): quick once, then ever slower up to 10 s. */
export function restartPause(deaths: number): number {
  return Math.min(10_000, 250 * 2 ** Math.min(deaths - 1, 10));
}

/** Keeps one core process alive and connects pages to it. Holds no data: what passes the ports is not seen here. */
export function createCoreHost<P>(parts: CoreHostParts<P>): CoreHost<P> {
  const { clock, log, wishes } = parts;
  const pages = new Map<string, CorePage<P>>();
  let state: State<P> = { kind: 'idle' };
  let deaths = 0;

  const join = (core: CoreProcess<P>, page: CorePage<P>): void => {
    const { core: coreEnd, page: pageEnd } = parts.channel();
    core.post({ t: 'connect' }, [coreEnd]);
    page.give(pageEnd);
  };

  const hear = (core: CoreProcess<P>, raw: unknown): void => {
    const read = z.safeParse(fromCoreSchema, raw);
    if (!read.success) {
      log('error', 'the core said something unknown', { path: read.error.issues[0]?.path.join('.') ?? '' });
      return;
    }
    const message = read.data;
    switch (message.t) {
      case 'ready':
        log('info', 'core ready', { pid: core.pid ?? 0 });
        return;
      case 'secretWanted':
        core.post({ t: 'secret', id: message.id, answer: wishes.secretWanted(message.profile, message.isNew) });
        return;
      case 'secretForgotten':
        wishes.secretForgotten(message.profile);
        return;
      case 'notify':
        wishes.notify(message);
        return;
      case 'badge':
        wishes.badge(message.count);
        return;
      case 'log':
        log(message.level, `core: ${message.text}`, message.facts);
        return;
      case 'closed':
        if (state.kind === 'closing' && state.core === core) state.end();
        return;
      default:
        assertNever(message);
    }
  };

  const died = (core: CoreProcess<P>, code: number): void => {
    if (state.kind === 'closing' && state.core === core) {
      state.end();
      return;
    }
    if (state.kind !== 'running' || state.core !== core) return;
    deaths = clock.monotonic() - state.since >= healthyMs ? 1 : deaths + 1;
    const pause = restartPause(deaths);
    log('error', 'the core ended and will be restarted', { code, deaths, pauseMs: pause });
    state = { kind: 'waiting', timer: clock.setTimeout(start, pause) };
    for (const page of livePages()) page.lost();
  };

  const livePages = (): CorePage<P>[] => {
    for (const [key, page] of pages) if (page.isGone()) pages.delete(key);
    return [...pages.values()];
  };

  function start(): void {
    const core = parts.fork();
    state = { kind: 'running', core, since: clock.monotonic() };
    core.onMessage((message) => hear(core, message));
    core.onExit((code) => died(core, code));
    core.post(parts.init);
    for (const page of livePages()) join(core, page);
  }

  return {
    start,
    connect(page) {
      pages.set(page.key, page);
      if (state.kind === 'running') join(state.core, page);
    },
    power(power) {
      if (state.kind === 'running') state.core.post({ t: 'power', state: power });
    },
    close(limitMs) {
      if (state.kind === 'waiting') state.timer.cancel();
      if (state.kind !== 'running') {
        if (state.kind !== 'closing') state = { kind: 'closed' };
        return Promise.resolve();
      }
      const { core } = state;
      return new Promise((done) => {
        const limit = clock.setTimeout(() => {
          log('warn', 'the core did not close in time and is killed', { limitMs });
          end();
        }, limitMs);
        const end = (): void => {
          limit.cancel();
          state = { kind: 'closed' };
          core.kill();
          done();
        };
        state = { kind: 'closing', core, end };
        core.post({ t: 'close' });
      });
    },
  };
}
