import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Core, createCore } from '#core/core.ts';
import { fetchHttp } from '#core/session/hub-http.ts';
import { slices } from '#core/slices.ts';
import { connectSocket } from '#core/sync/socket.ts';
import { secureRandom } from '#shared/lib/ids.ts';
import { systemClock } from '#shared/lib/time.ts';
import type { Link } from '#shared/wire/link.ts';
import type { Up } from '#shared/wire/messages.ts';
import { type BenchHub, benchPassword } from './bench-hub.ts';

/** Looks at what passes between a core and its hub, without changing it. */
export interface Watch {
  /** a message to the hub, before it is sent */
  up?(message: Up): void;
  /** a message of the hub; `taken` runs the core's own work with it, to its end */
  down?(message: unknown, taken: () => void): void;
}

/** A real core in this process, with a folder of its own. */
export interface BenchDesk {
  readonly core: Core;
  readonly dir: string;
  signIn(email: string): Promise<void>;
  close(): void;
}

/** Makes a core that knows nothing yet. */
export function makeDesk(hub: BenchHub, watch: Watch): BenchDesk {
  const dir = mkdtempSync(join(tmpdir(), 'bench-desk-'));
  const core = createCore({
    dir,
    build: 'bench',
    label: 'bench',
    slices,
    clock: systemClock,
    random: secureRandom,
    connect: async (address) => {
      const made = await connectSocket(address);
      return made.ok ? { ok: true, value: watched(made.value, watch) } : made;
    },
    http: fetchHttp(systemClock),
    log: (level, text, facts) => {
      if (level === 'warn' || level === 'error')
        process.stderr.write(`desk ${level}: ${text} ${JSON.stringify(facts ?? {})}\n`);
    },
    secret: () => Promise.resolve({ kind: 'none' }),
    secretForgotten: () => undefined,
    demoHub: null,
  });
  const call = async (name: string, args: unknown): Promise<unknown> => {
    const answer = await core.call(name, args);
    if (!answer.ok) throw new Error(`${name}: ${JSON.stringify(answer.error)}`);
    return answer.value;
  };
  return {
    core,
    dir,
    async signIn(email) {
      const enrolled = (await call('session.enrol', { address: hub.address, code: await hub.code() })) as {
        stationId: string;
      };
      await call('session.signIn', { stationId: enrolled.stationId, email, password: benchPassword });
    },
    close() {
      core.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function watched(link: Link<Up>, watch: Watch): Link<Up> {
  return {
    ...link,
    send: (message) => {
      watch.up?.(message);
      link.send(message);
    },
    onMessage: (take) => {
      link.onMessage((message) => {
        if (watch.down) watch.down(message, () => take(message));
        else take(message);
      });
    },
  };
}
