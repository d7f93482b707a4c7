import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { hubError } from '#shared/lib/errors.ts';
import type { Result } from '#shared/lib/result.ts';
import { fail } from '#shared/lib/result.ts';
import type { Clock } from '#shared/lib/time.ts';
import { delay } from '#shared/lib/time.ts';

/** A start takes a second; a lock this old was left by a hub that died (where its process cannot be told apart). */
const staleMs = 120_000;
const waitMs = 45_000;

/**
 * Runs `work` while no other hub starts a server on the same folder: a file made with O_EXCL that names its process.
 * It guards only the seconds of starting; afterwards the owner's lock is inside the database.
 * Errors: `database/in-use` when the other start does not end in time; whatever `work` answers.
 */
export async function withStartLock<T>(
  folder: string,
  clock: Clock,
  work: () => Promise<Result<T>>,
): Promise<Result<T>> {
  const file = join(folder, 'starting.lock');
  const mine = await identity(process.pid);
  const until = clock.monotonic() + waitMs;
  while (!(await take(file, mine))) {
    if (await isLeftOver(file, clock)) await setAside(file);
    else if (clock.monotonic() > until) {
      return fail(
        hubError('database/in-use', {
          retry: 'later',
          params: { why: `another hub is starting its database in ${folder}` },
        }),
      );
    } else await delay(clock, 50);
  }
  try {
    return await work();
  } finally {
    await fs.rm(file, { force: true });
  }
}

/** Names a process so that a later one with the same number is not taken for it (on Linux; elsewhere only its number). */
async function identity(pid: number): Promise<string> {
  try {
    const stat = await fs.readFile(`/proc/${pid}/stat`, 'utf8');
    const boot = await fs.readFile('/proc/sys/kernel/random/boot_id', 'utf8');
    return `${pid} ${stat.slice(stat.lastIndexOf(')')).split(' ')[20] ?? ''} ${boot.trim()}`;
  } catch {
    return `${pid}`;
  }
}

async function take(file: string, text: string): Promise<boolean> {
  try {
    await fs.writeFile(file, text, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

async function isLeftOver(file: string, clock: Clock): Promise<boolean> {
  const [text, found] = await Promise.all([fs.readFile(file, 'utf8').catch(() => ''), fs.stat(file).catch(() => null)]);
  if (found === null) return false; // just released: try again
  if (clock.now() - found.mtimeMs > staleMs) return true;
  if (text === '') return false; // being written
  const pid = Number.parseInt(text, 10);
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return true;
  }
  return (await identity(pid)) !== text;
}

/** Renames before removing, so that of two hubs that see the same left-over only one removes it. */
async function setAside(file: string): Promise<void> {
  const aside = `${file}.${process.pid}`;
  try {
    await fs.rename(file, aside);
    await fs.rm(aside, { force: true });
  } catch {
    // the other one was quicker
  }
}
