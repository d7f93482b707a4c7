import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { writeFileAtomic } from '#core/db/files.ts';

/** Failed attempts to open a profile since the last good one; kept on disk so that a restart does not forget them. */
const attemptsSchema = z.object({ failures: z.int().check(z.gte(0)), lastAt: z.int() });
export type Attempts = z.infer<typeof attemptsSchema>;

export const noAttempts: Attempts = { failures: 0, lastAt: 0 };

const longestWaitMs = 15 * 60_000;

/** How long to wait after so many failures in a row: nothing for the first two, then 5 s, doubling, at most 15 minutes. */
export function delayAfter(failures: number): number {
  if (failures < 3) return 0;
  return Math.min(longestWaitMs, 5000 * 2 ** Math.min(failures - 3, 20));
}

/** Milliseconds until the next attempt is allowed. A clock set back before the last failure waits the full delay, not longer. */
export function waitBefore(attempts: Attempts, now: number): number {
  const passed = Math.max(0, now - attempts.lastAt);
  return Math.max(0, delayAfter(attempts.failures) - passed);
}

/** One more attempt at `now`; counted before the password is looked at, so that killing the program does not undo it. */
export function countAttempt(attempts: Attempts, now: number): Attempts {
  return { failures: attempts.failures + 1, lastAt: now };
}

/** Reads the count; a file that cannot be understood counts as many failures now rather than none. */
export function readAttempts(folder: string, now: number): Attempts {
  const file = attemptsFile(folder);
  if (!existsSync(file)) return noAttempts;
  try {
    return z.parse(attemptsSchema, JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return { failures: 5, lastAt: now };
  }
}

/** Writes the count; none removes the file. Throws what the file system throws. */
export function writeAttempts(folder: string, attempts: Attempts): void {
  if (attempts.failures === 0) rmSync(attemptsFile(folder), { force: true });
  else writeFileAtomic(attemptsFile(folder), JSON.stringify(attempts));
}

const attemptsFile = (folder: string): string => join(folder, 'attempts.json');
