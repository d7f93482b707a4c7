import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { findBinaries } from '#server/db/binaries.ts';
import { startEmbedded } from '#server/db/embedded.ts';
import type { Address } from '#server/db/launch.ts';
import { migrate, migrationsDir } from '#server/db/migrations.ts';
import { openDb } from '#server/db/open.ts';
import { stopServer } from '#server/db/postmaster.ts';
import { databaseOwner } from '#server/db/reach.ts';
import type { Result } from '#shared/lib/result.ts';
import { systemClock } from '#shared/lib/time.ts';

/** A PostgreSQL for tests: the very server a hub starts, with a migrated database to copy from. */
export interface TestServer {
  readonly address: Address;
  stop(): Promise<void>;
}

const template = 'fairlead_template';
const prefix = 'fairlead-test-';

/**
 * Starts a server of its own under the system's temporary folder and migrates the template database.
 * `isDurable: false` leaves out fsync: no test pulls the plug, and kill -9 loses nothing either way. Benchmarks keep it.
 * Also stops and removes servers that killed test runs left behind.
 */
export async function startTestServer({ isDurable = true, migrations = migrationsDir } = {}): Promise<TestServer> {
  await sweep();
  const folder = await fs.mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`));
  await fs.chmod(folder, 0o755);
  const server = must(
    await startEmbedded({
      dataDir: join(folder, 'db'),
      cacheDir: cacheDir(),
      clock: systemClock,
      settings: {
        max_connections: '200',
        ...(isDurable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
      },
    }),
  );
  await asAdmin(server.address, `create database ${template}`);
  const db = must(await openDb({ address: { ...server.address, database: template } }));
  must(await migrate(db, systemClock, migrations));
  await db.close();
  return {
    address: server.address,
    async stop() {
      await server.stop();
      await fs.rm(folder, { recursive: true, force: true });
    },
  };
}

/** A new database, a copy of the migrated template (or empty); tens of milliseconds. */
export async function createDatabase(server: Address, { isEmpty = false } = {}): Promise<Address> {
  const database = `t${process.pid}_${randomBytes(6).toString('hex')}`;
  await asAdmin(server, `create database ${database} template ${isEmpty ? 'template0' : template}`);
  return { ...server, database };
}

/** Removes a database, cutting whoever is still connected. */
export async function dropDatabase(address: Address): Promise<void> {
  await asAdmin(address, `drop database if exists ${address.database} with (force)`);
}

/** The same as a URL, for what takes one (a hub process). */
export function urlOf({ host, port, user, database, password }: Address): string {
  const login = password === undefined ? user : `${user}:${encodeURIComponent(password)}`;
  if (host.startsWith('/')) return `postgresql://${login}@/${database}?host=${encodeURIComponent(host)}&port=${port}`;
  return `postgresql://${login}@${host}:${port}/${database}`;
}

/** The value of a result that must be one; throws its error's words. */
export function must<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new Error(`${result.error.code}: ${result.error.params?.why ?? ''}`);
}

/** Where copies of the server's programs go in tests. */
export function cacheDir(): string {
  return join(tmpdir(), 'fairlead-test-cache');
}

async function asAdmin(server: Address, statement: string): Promise<void> {
  const client = new Client({ ...server, database: 'postgres' });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** Servers whose test run is gone; only folders of the name this file gives. */
async function sweep(): Promise<void> {
  for (const entry of await fs.readdir(tmpdir())) {
    const pid = Number(/^fairlead-test-(\d+)-/.exec(entry)?.[1] ?? Number.NaN);
    if (!Number.isInteger(pid) || isAlive(pid)) continue;
    const binaries = await findBinaries(cacheDir(), databaseOwner());
    if (binaries.ok)
      await stopServer(join(tmpdir(), entry, 'db', 'pgdata'), binaries.value, systemClock).catch(() => undefined);
    await fs.rm(join(tmpdir(), entry), { recursive: true, force: true }).catch(() => undefined);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
