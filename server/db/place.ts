import { createHash, randomBytes } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { hubError } from '#shared/lib/errors.ts';
import type { Result } from '#shared/lib/result.ts';
import { fail, ok } from '#shared/lib/result.ts';
import type { Owner } from './reach.ts';
import { blockedAt } from './reach.ts';

/** How the hub reaches its own server: a private socket, or (Windows has none) the loopback with a password. */
export type Transport = 'socket' | 'loopback';

/** The folders and files of one embedded server. */
export interface Place {
  readonly dataDir: string;
  readonly pgData: string;
  readonly logFile: string;
  readonly passwordFile: string;
  readonly socketDir: string;
  readonly owner: Owner;
  readonly transport: Transport;
}

/** The kernel takes 104 to 108 bytes for a socket's path; the longest name in it is `/.s.PGSQL.5432`. */
const longestSocketPath = 100;

/**
 * Makes the data folder (private to the database's user) and finds a folder for the socket: the data folder itself, or
 * one with a stable name under the system's temporary folder when the path would be too long.
 * Errors: `database/data-unreachable`, `database/data-not-ours`, `database/socket-unsafe`.
 */
export async function preparePlace(dataDir: string, transport: Transport, owner: Owner): Promise<Result<Place>> {
  const folder = resolve(dataDir);
  const blocked = await blockedAt(owner, folder);
  if (blocked !== null) {
    return fail(
      hubError('database/data-unreachable', {
        params: {
          why: `run as root, the database runs as an unprivileged user (${owner?.uid ?? ''}), who may not enter ${blocked}: choose a data folder elsewhere, for example under /var/lib`,
        },
      }),
    );
  }
  await fs.mkdir(dirname(folder), { recursive: true, mode: 0o755 });
  const taken = await takeFolder(folder, owner);
  if (!taken.ok) return taken;
  let socketDir = folder;
  if (transport === 'socket' && Buffer.byteLength(`${folder}/.s.PGSQL.5432`) > longestSocketPath) {
    const name = createHash('sha256').update(folder).digest('hex').slice(0, 16);
    socketDir = join(tmpdir(), `fairlead-${name}`);
    await makePrivate(socketDir, owner);
    if (!(await isOurs(socketDir, owner))) {
      return fail(
        hubError('database/socket-unsafe', {
          params: {
            why: `${socketDir} belongs to someone else: remove it, or choose a data folder with a shorter path`,
          },
        }),
      );
    }
  }
  return ok({
    dataDir: folder,
    pgData: join(folder, 'pgdata'),
    logFile: join(folder, 'postgres.log'),
    passwordFile: join(folder, 'password'),
    socketDir,
    owner,
    transport,
  });
}

/** Makes the data folder, or takes one that is ours or still empty (a volume just mounted). */
async function takeFolder(folder: string, owner: Owner): Promise<Result<void>> {
  await makePrivate(folder, owner);
  const found = await fs.stat(folder);
  const uid = owner?.uid ?? process.getuid?.() ?? found.uid;
  if (found.uid !== uid) {
    if (owner === null || (await fs.readdir(folder)).length > 0) {
      return fail(
        hubError('database/data-not-ours', {
          params: {
            why: `${folder} belongs to user ${found.uid}, the database would run as ${uid}: run the hub as before, or give the folder to that user`,
          },
        }),
      );
    }
    await fs.chown(folder, owner.uid, owner.gid);
  }
  if ((found.mode & 0o077) !== 0) await fs.chmod(folder, 0o700);
  return ok(undefined);
}

async function makePrivate(folder: string, owner: Owner): Promise<void> {
  try {
    await fs.mkdir(folder, { mode: 0o700 });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    return;
  }
  if (owner !== null) await fs.lchown(folder, owner.uid, owner.gid);
}

/** A folder in a place where everyone may write is only used when no one else made it. */
async function isOurs(folder: string, owner: Owner): Promise<boolean> {
  const found = await fs.lstat(folder);
  return found.isDirectory() && found.uid === (owner?.uid ?? process.getuid?.()) && (found.mode & 0o077) === 0;
}

/** The password of the loopback connection, made at first use and kept beside the data. */
export async function readPassword(place: Place): Promise<string> {
  const kept = await fs.readFile(place.passwordFile, 'utf8').catch(() => null);
  if (kept !== null) return kept.trim();
  const made = randomBytes(32).toString('base64url');
  await fs.writeFile(place.passwordFile, `${made}\n`, { mode: 0o600, flag: 'wx' });
  if (place.owner !== null) await fs.lchown(place.passwordFile, place.owner.uid, place.owner.gid);
  return made;
}
