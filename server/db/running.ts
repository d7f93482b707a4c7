import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { type Address, addressAt } from './launch.ts';
import { preparePlace, type Transport } from './place.ts';
import { readPostmaster, whoIs } from './postmaster.ts';
import { ownerOf } from './reach.ts';

/** Whether there is a database in a data folder at all. */
export async function hasDatabase(dataDir: string): Promise<boolean> {
  return (await fs.stat(join(dataDir, 'pgdata', 'PG_VERSION')).catch(() => null)) !== null;
}

/**
 * Where the server of a data folder answers while it runs, for a second program that only visits; null when it does not
 * run. The visitor owns nothing: it must not stop it.
 */
export async function addressOfRunning(dataDir: string): Promise<Address | null> {
  if (!(await hasDatabase(dataDir))) return null;
  const transport: Transport = process.platform === 'win32' ? 'loopback' : 'socket';
  const place = await preparePlace(dataDir, transport, await ownerOf(dataDir));
  if (!place.ok) return null;
  const postmaster = await readPostmaster(place.value.pgData);
  if ((await whoIs(place.value.pgData, postmaster)) !== 'server' || postmaster === null) return null;
  return addressAt(place.value, postmaster.port);
}
