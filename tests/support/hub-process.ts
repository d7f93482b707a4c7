import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import * as z from 'zod/mini';
import { findBinaries } from '#server/db/binaries.ts';
import { stopServer } from '#server/db/postmaster.ts';
import { databaseOwner } from '#server/db/reach.ts';
import { systemClock } from '#shared/lib/time.ts';
import { cacheDir, must } from './postgres-server.ts';

/** How to run the hub as a process of its own. */
export interface HubOptions {
  /** By default the real hub. */
  readonly entry?: string;
  readonly args?: readonly string[];
  /** Added to the environment of the test. */
  readonly env?: Readonly<Record<string, string>>;
  /** The folder of its embedded database, if it has one: what a killed hub leaves running there is stopped by `dispose`. */
  readonly databaseDir?: string;
  readonly readyMs?: number;
}

const readySchema = z.object({ ready: z.literal(true), address: z.string(), demo: z.optional(z.unknown()) });

/** The line a hub prints when it serves. */
export type HubReady = z.infer<typeof readySchema>;

/** A hub that can be killed, frozen and started again on the same data. */
export interface HubProcess {
  /** The last ready line. */
  readonly ready: HubReady;
  readonly pid: number;
  /** What it wrote to stdout and stderr since its last start. */
  output(): string;
  /** Starts it again after `kill9` or `stop`, with the same arguments and environment. */
  restart(): Promise<HubReady>;
  /** Kills it at once, frozen or not. */
  kill9(): Promise<void>;
  /** Asks it to end (SIGTERM) and answers its exit code. */
  stop(): Promise<number | null>;
  /** Stops it in its tracks (SIGSTOP): its sockets stay open and silent. */
  freeze(): void;
  thaw(): void;
  /** Ends it however it is, and the database it may have left. */
  dispose(): Promise<void>;
}

const root = resolve(import.meta.dirname, '../..');

/** Starts a hub and waits for its ready line. Throws with its output when it ends or stays silent. */
export async function startHub(options: HubOptions = {}): Promise<HubProcess> {
  let run = await launch(options);
  // The child must not outlive a test run that ends early.
  const last = (): void => void run.child.kill('SIGKILL');
  process.once('exit', last);

  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    const { child } = run;
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const gone = once(child, 'exit');
    child.kill(signal);
    if (signal !== 'SIGKILL') child.kill('SIGCONT');
    await gone;
    return child.exitCode;
  };

  return {
    get ready() {
      return run.ready;
    },
    get pid() {
      return run.child.pid ?? 0;
    },
    output: () => run.output(),
    async restart() {
      if (run.child.exitCode === null && run.child.signalCode === null) throw new Error('the hub still runs');
      run = await launch(options);
      return run.ready;
    },
    kill9: async () => void (await end('SIGKILL')),
    stop: () => end('SIGTERM'),
    freeze: () => void run.child.kill('SIGSTOP'),
    thaw: () => void run.child.kill('SIGCONT'),
    async dispose() {
      await end('SIGKILL');
      process.off('exit', last);
      if (options.databaseDir === undefined) return;
      const binaries = must(await findBinaries(cacheDir(), databaseOwner()));
      await stopServer(join(options.databaseDir, 'pgdata'), binaries, systemClock);
    },
  };
}

interface Run {
  readonly child: ChildProcess;
  readonly ready: HubReady;
  output(): string;
}

async function launch({
  entry = join(root, 'server/index.ts'),
  args = [],
  env = {},
  readyMs = 30_000,
}: HubOptions): Promise<Run> {
  const child = spawn(process.execPath, [entry, ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  const keep = (bytes: Buffer): void => {
    text = (text + bytes.toString()).slice(-200_000);
  };
  child.stderr.on('data', keep);
  child.stdout.on('data', keep);
  const ready = await new Promise<HubReady>((done, refuse) => {
    const give = (why: string): void => {
      timer.cancel();
      child.kill('SIGKILL');
      refuse(new Error(`${why}:\n${text.slice(-4_000)}`));
    };
    const timer = systemClock.setTimeout(() => give(`the hub was not ready within ${readyMs} ms`), readyMs);
    child.once('error', (error) => give(error.message));
    child.once('exit', (code, signal) => give(`the hub ended (${signal ?? code}) before it was ready`));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const found = parseReady(line);
      if (found === null) return;
      timer.cancel();
      child.removeAllListeners('exit');
      done(found);
    });
  });
  return { child, ready, output: () => text };
}

/** Null for any other line a hub may print. */
function parseReady(line: string): HubReady | null {
  if (!line.startsWith('{')) return null;
  try {
    const found = z.safeParse(readySchema, JSON.parse(line));
    return found.success ? found.data : null;
  } catch {
    return null;
  }
}
