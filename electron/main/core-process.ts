import { mkdirSync } from 'node:fs';
import {
  MessageChannelMain,
  type MessagePortMain,
  utilityProcess,
  type WebContents,
  type WebFrameMain,
} from 'electron';
import { channels } from '#shared/ipc/window-desk.ts';
import type { CorePage, CoreProcess } from './core-host.ts';
import type { Log } from './log.ts';
import { redact } from './redact.ts';

/** What the core may know of our environment: language and time zone, certificates and proxies of its hub, our own settings. */
const passedOn =
  /^(FAIRLEAD_\w+|TZ|LANG|LC_\w+|HOME|USERPROFILE|SYSTEMROOT|TEMP|TMP|TMPDIR|NODE_EXTRA_CA_CERTS|SSL_CERT_(FILE|DIR))$/i;

/** The part of the environment that the core gets. */
export function coreEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const entries = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && passedOn.test(entry[0]),
  );
  return Object.fromEntries(entries);
}

/** Starts the core from its bundled file; `dir` (its own folder) is made first, open to this user alone. */
export function forkCore(file: string, dir: string, log: Log): CoreProcess<MessagePortMain> {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const child = utilityProcess.fork(file, [], {
    serviceName: 'Fairlead core',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: coreEnvironment(process.env),
  });
  const hear = (level: 'info' | 'error') => (chunk: Buffer) => {
    for (const line of chunk.toString('utf8').split('\n')) if (line.trim()) log(level, `core output: ${redact(line)}`);
  };
  child.stdout?.on('data', hear('info'));
  child.stderr?.on('data', hear('error'));
  return {
    get pid() {
      return child.pid;
    },
    post: (message, ports = []) => child.postMessage(message, ports),
    onMessage: (listener) => child.on('message', listener),
    onExit: (listener) => child.on('exit', listener),
    kill: () => {
      child.kill();
    },
  };
}

export function newChannel(): { core: MessagePortMain; page: MessagePortMain } {
  const { port1, port2 } = new MessageChannelMain();
  return { core: port1, page: port2 };
}

/** The page behind a frame that asked for the core. Keyed by window: after a reload the newer frame takes its place. */
export function pageOf(contents: WebContents, frame: WebFrameMain): CorePage<MessagePortMain> {
  const isGone = (): boolean => contents.isDestroyed() || contents.mainFrame !== frame;
  return {
    key: String(contents.id),
    isGone,
    give: (port) => {
      if (!isGone()) frame.postMessage(channels.corePort, null, [port]);
    },
    lost: () => {
      if (!isGone()) frame.postMessage(channels.coreLost, null);
    },
  };
}
