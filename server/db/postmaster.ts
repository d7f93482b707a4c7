import { execFile } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Clock } from '#shared/lib/time.ts';
import { delay } from '#shared/lib/time.ts';
import type { Binaries } from './binaries.ts';

const run = promisify(execFile);

/** What `postmaster.pid` says of the server that wrote it. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
}

/** Reads the server's own lock file; null when there is none, or it is not written to its end yet. */
export async function readPostmaster(pgData: string): Promise<Postmaster | null> {
  const text = await fs.readFile(join(pgData, 'postmaster.pid'), 'utf8').catch(() => '');
  const lines = text.split('\n');
  const pid = Number.parseInt(lines[0] ?? '', 10);
  const port = Number.parseInt(lines[3] ?? '', 10);
  return Number.isSafeInteger(pid) && pid > 1 && Number.isSafeInteger(port) ? { pid, port } : null;
}

/**
 * Says whether the process named in `postmaster.pid` is the server of this very folder:
 * `gone`, `server`, or `stranger` when the number now belongs to something else (a reboot, a container started again) or
 * to what is left of it (in a container no one may collect dead processes; the server would still take it for alive).
 */
export async function whoIs(pgData: string, postmaster: Postmaster | null): Promise<'gone' | 'server' | 'stranger'> {
  if (postmaster === null) return 'gone';
  if (!isAlive(postmaster.pid)) return 'gone';
  if (process.platform !== 'linux') return 'server';
  return (await worksIn(String(postmaster.pid), await fs.realpath(pgData))) ? 'server' : 'stranger';
}

/**
 * Removes the lock files a stranger's number keeps alive. A dead number is left to the server itself, which also
 * checks that no child of the old server still uses its memory; here the same is asked of the process list first.
 * False when such a child is still there.
 */
export async function removeStale(pgData: string, socketFile: string): Promise<boolean> {
  const real = await fs.realpath(pgData);
  for (const entry of await fs.readdir('/proc')) {
    if (/^\d+$/.test(entry) && (await worksIn(entry, real))) return false;
  }
  await fs.rm(join(pgData, 'postmaster.pid'), { force: true });
  await fs.rm(socketFile, { force: true });
  await fs.rm(`${socketFile}.lock`, { force: true });
  return true;
}

async function worksIn(pid: string, folder: string): Promise<boolean> {
  return (await fs.readlink(`/proc/${pid}/cwd`).catch(() => null)) === folder;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * Stops the server in good order (a fast shutdown: sessions are cut, data is written) and returns when its process has
 * gone. After 30 s it is stopped without a checkpoint: nothing is lost, the next start replays its log.
 */
export async function stopServer(pgData: string, binaries: Binaries, clock: Clock): Promise<void> {
  const postmaster = await readPostmaster(pgData);
  if (postmaster === null || (await whoIs(pgData, postmaster)) !== 'server') return;
  if (process.platform === 'win32') {
    // Windows knows no signals: its own tool passes the wish on.
    await run(binaries.pgCtl, ['stop', '-w', '-m', 'fast', '-D', pgData], { env: cleanEnv(binaries) });
    return;
  }
  const isGone = async (ms: number): Promise<boolean> => {
    const until = clock.monotonic() + ms;
    while (clock.monotonic() < until) {
      if ((await whoIs(pgData, postmaster)) !== 'server') return true;
      await delay(clock, 10);
    }
    return false;
  };
  signal(postmaster.pid, 'SIGINT');
  if (await isGone(30_000)) return;
  signal(postmaster.pid, 'SIGQUIT');
  await isGone(10_000);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // gone already
  }
}

/** The server needs nothing of the hub's environment, which may hold secrets. */
export function cleanEnv(binaries: Binaries): NodeJS.ProcessEnv {
  if (process.platform === 'win32') {
    const { PATH, SystemRoot, TEMP, TMP } = process.env;
    return { PATH, SystemRoot, TEMP, TMP };
  }
  return {
    PATH: '/usr/bin:/bin',
    LC_ALL: 'C',
    TZ: 'UTC',
    [process.platform === 'darwin' ? 'DYLD_LIBRARY_PATH' : 'LD_LIBRARY_PATH']: binaries.libraries,
  };
}
