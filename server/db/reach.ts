import * as fs from 'node:fs/promises';
import { dirname, parse, resolve } from 'node:path';

/** The user the database runs as: `null` is whoever runs the hub. PostgreSQL refuses to be root. */
export type Owner = { readonly uid: number; readonly gid: number } | null;

/** `nobody` on every Linux: no rights of its own. */
const unprivileged = 65_534;

/** Who shall own and run the database: an unprivileged user when the hub is root, else the hub's own user. */
export function databaseOwner(): Owner {
  return process.getuid?.() === 0 ? { uid: unprivileged, gid: unprivileged } : null;
}

/**
 * Who shall own and run the database in `dataDir`: for root the user the folder already belongs to (it was made by a hub
 * that was not root), if that is not root.
 */
export async function ownerOf(dataDir: string): Promise<Owner> {
  const owner = databaseOwner();
  if (owner === null) return null;
  const found = await fs.stat(dataDir).catch(() => null);
  return found === null || found.uid === 0 ? owner : { uid: found.uid, gid: found.gid };
}

/** True when `owner` may walk through every folder above `path`. */
export async function canReach(owner: Owner, path: string): Promise<boolean> {
  return (await blockedAt(owner, path)) === null;
}

/** True when `owner` can reach and run the program at `path`. */
export async function canUse(owner: Owner, path: string): Promise<boolean> {
  if (owner === null) {
    return fs.access(path, fs.constants.R_OK | fs.constants.X_OK).then(
      () => true,
      () => false,
    );
  }
  const found = await fs.stat(path).catch(() => null);
  return found !== null && mayPass(found, owner, 0o5) && (await canReach(owner, path));
}

/** The folder above `path` that `owner` may not walk through, or null when all may be. Folders not made yet count as free. */
export async function blockedAt(owner: Owner, path: string): Promise<string | null> {
  if (owner === null) return null;
  const top = parse(resolve(path)).root;
  for (let folder = dirname(resolve(path)); ; folder = dirname(folder)) {
    const found = await fs.stat(folder).catch(() => null);
    if (found !== null && !mayPass(found, owner, 0o1)) return folder;
    if (folder === top) return null;
  }
}

function mayPass(found: { mode: number; uid: number; gid: number }, owner: NonNullable<Owner>, need: number): boolean {
  const shift = found.uid === owner.uid ? 6 : found.gid === owner.gid ? 3 : 0;
  return ((found.mode >> shift) & need) === need;
}
