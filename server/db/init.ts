import { execFile } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { hubError } from '#shared/lib/errors.ts';
import type { Result } from '#shared/lib/result.ts';
import { fail, ok } from '#shared/lib/result.ts';
import type { Binaries } from './binaries.ts';
import type { Place } from './place.ts';
import { readPassword } from './place.ts';
import { cleanEnv } from './postmaster.ts';

const run = promisify(execFile);

/** The one role of an embedded server. */
export const embeddedUser = 'fairlead';

/**
 * Says whether the data folder is still empty or holds data of the server we have.
 * Errors: `database/wrong-major` when another major version wrote it.
 */
export async function checkMajor(place: Place, binaries: Binaries): Promise<Result<'empty' | 'data'>> {
  const text = await fs.readFile(join(place.pgData, 'PG_VERSION'), 'utf8').catch(() => null);
  if (text === null) return ok('empty');
  const found = text.trim();
  if (found === String(binaries.major)) return ok('data');
  return fail(
    hubError('database/wrong-major', {
      params: {
        found,
        wanted: binaries.major,
        why: `${place.pgData} was written by PostgreSQL ${found}, this hub brings ${binaries.major}: make a backup with the release that wrote it, then restore it into a new data folder`,
      },
    }),
  );
}

/**
 * Makes a new, empty cluster: beside, then moved into place, so that a start cut in the middle leaves nothing half made.
 * Text sorts by code point and knows upper and lower case of every script, on every system the same.
 * Errors: `database/init-failed`.
 */
export async function initialise(place: Place, binaries: Binaries): Promise<Result<void>> {
  for (const left of await fs.readdir(place.dataDir)) {
    if (left.startsWith('pgdata.part-')) await fs.rm(join(place.dataDir, left), { recursive: true, force: true });
  }
  const half = join(place.dataDir, `pgdata.part-${process.pid}`);
  const auth =
    place.transport === 'socket'
      ? ['--auth-local=trust', '--auth-host=reject'] // the socket's folder is the lock
      : ['--auth=scram-sha-256', `--pwfile=${place.passwordFile}`];
  if (place.transport === 'loopback') await readPassword(place);
  try {
    await run(
      binaries.initdb,
      [
        '-D',
        half,
        '-U',
        embeddedUser,
        '-E',
        'UTF8',
        '--locale=C',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        ...auth,
      ],
      { cwd: place.dataDir, env: cleanEnv(binaries), ...place.owner },
    );
    await fs.rename(half, place.pgData);
    return ok(undefined);
  } catch (error) {
    await fs.rm(half, { recursive: true, force: true });
    const words = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
    return fail(
      hubError('database/init-failed', {
        params: {
          why: `a new database could not be made in ${place.pgData}: ${words.trim().split('\n').at(-1) ?? ''}`,
        },
      }),
    );
  }
}
