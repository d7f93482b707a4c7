import { execFile, spawn } from 'node:child_process';
import { constants } from 'node:fs';
import * as fs from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { hubError } from '#shared/lib/errors.ts';
import type { Result } from '#shared/lib/result.ts';
import { fail, ok } from '#shared/lib/result.ts';
import type { Clock } from '#shared/lib/time.ts';
import { delay } from '#shared/lib/time.ts';
import type { Binaries } from './binaries.ts';
import { embeddedUser } from './init.ts';
import type { Place } from './place.ts';
import { readPassword } from './place.ts';
import { cleanEnv, readPostmaster, removeStale, whoIs } from './postmaster.ts';

/** How `pg` reaches an embedded server. */
export interface Address {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  readonly password?: string;
}

const run = promisify(execFile);
const stepMs = 10;
/** Without any sign of life; a server that answers "starting up" (replaying its log) has ten minutes. */
const silentMs = 60_000;
const recoveringMs = 600_000;
const longestLog = 5_000_000;

/**
 * Finds the folder's server running, or starts it; `isNew` says which. A server that is just stopping is waited for.
 * Errors: `database/start-failed`.
 */
export async function launch(
  place: Place,
  binaries: Binaries,
  clock: Clock,
  settings: Readonly<Record<string, string>>,
  wantedPort?: number,
): Promise<Result<{ address: Address; isNew: boolean }>> {
  const until = clock.monotonic() + silentMs;
  for (;;) {
    const postmaster = await readPostmaster(place.pgData);
    const who = await whoIs(place.pgData, postmaster);
    if (who === 'server' && postmaster !== null) {
      const address = await addressAt(place, postmaster.port);
      const found = await tryConnect({ ...address, database: 'postgres' });
      if (found.state === 'ready') {
        const isOurs = await servesFolder(found.client, place);
        await found.client.end().catch(() => undefined);
        if (isOurs) return ok({ address, isNew: false });
      }
      if (clock.monotonic() > until && found.state === 'silent') {
        return startFailed(`process ${postmaster.pid} holds ${place.pgData} but does not answer`);
      }
      await delay(clock, stepMs);
      continue;
    }
    if (who === 'stranger' && !(await removeStale(place.pgData, join(place.socketDir, '.s.PGSQL.5432')))) {
      if (clock.monotonic() > until) return startFailed(`processes of an earlier server still use ${place.pgData}`);
      await delay(clock, stepMs);
      continue;
    }
    return start(place, binaries, clock, settings, wantedPort);
  }
}

async function start(
  place: Place,
  binaries: Binaries,
  clock: Clock,
  more: Readonly<Record<string, string>>,
  wantedPort: number | undefined,
): Promise<Result<{ address: Address; isNew: boolean }>> {
  const port = place.transport === 'socket' ? 5432 : (wantedPort ?? (await freePort()));
  const address = await addressAt(place, port);
  const set = { ...settingsOf(place), ...more };
  const args = [
    '-D',
    place.pgData,
    '-p',
    String(port),
    ...Object.entries(set).flatMap(([k, v]) => ['-c', `${k}=${v}`]),
  ];
  let isOver = false;
  if (process.platform === 'win32') {
    // An administrator may not run the server there either: its own tool starts it with fewer rights.
    const opts = args.slice(2).map((a) => (/[\s=]/.test(a) || a === '' ? `"${a}"` : a));
    await run(binaries.pgCtl, ['start', '-W', '-D', place.pgData, '-l', place.logFile, '-o', opts.join(' ')], {
      env: cleanEnv(binaries),
    });
  } else {
    const log = await openLog(place);
    // A session of its own: Ctrl-C at the hub's terminal must reach the hub first, which drains and then stops it.
    const child = spawn(binaries.postgres, args, {
      cwd: '/',
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      env: cleanEnv(binaries),
      ...place.owner,
    });
    child.once('error', () => (isOver = true));
    child.once('exit', () => (isOver = true));
    child.unref();
    await log.close();
  }
  const ready = await untilReady({ ...address, database: 'postgres' }, clock, () => isOver);
  if (!ready.ok) return startFailed(await lastWords(place));
  await ready.value.end();
  return ok({ address, isNew: true });
}

/** Durable, quiet, private: what the server writes to its log never holds a value from a row. */
function settingsOf(place: Place): Record<string, string> {
  return {
    listen_addresses: place.transport === 'socket' ? '' : '127.0.0.1',
    unix_socket_directories: place.transport === 'socket' ? place.socketDir : '',
    unix_socket_permissions: '0700',
    max_connections: '60',
    shared_buffers: '32MB',
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    wal_level: 'minimal',
    max_wal_senders: '0',
    io_method: 'sync',
    jit: 'off',
    deadlock_timeout: '250ms',
    TimeZone: 'UTC',
    log_timezone: 'UTC',
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_checkpoints: 'off',
  };
}

/** Connects as soon as the server answers; `isOver` ends the wait early. Errors: `database/start-failed`. */
export async function untilReady(address: Address, clock: Clock, isOver = () => false): Promise<Result<Client>> {
  const began = clock.monotonic();
  for (;;) {
    const found = await tryConnect(address);
    if (found.state === 'ready') return ok(found.client);
    if (found.state === 'refused') return startFailed(found.why);
    const limit = found.state === 'starting' ? recoveringMs : silentMs;
    if (isOver() || clock.monotonic() - began > limit)
      return startFailed(`the database at ${address.host} does not answer`);
    await delay(clock, stepMs);
  }
}

type Found =
  | { state: 'ready'; client: Client }
  | { state: 'starting' }
  | { state: 'silent' }
  | { state: 'refused'; why: string };

async function tryConnect(address: Address): Promise<Found> {
  const client = new Client({ ...address, connectionTimeoutMillis: 5_000, application_name: 'fairlead-owner' });
  client.on('error', () => undefined); // its end is what we act on
  try {
    await client.connect();
    return { state: 'ready', client };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === '57P03') return { state: 'starting' };
    if (/^(28|3D|53)/.test(code)) return { state: 'refused', why: error instanceof Error ? error.message : code };
    return { state: 'silent' };
  }
}

async function servesFolder(client: Client, place: Place): Promise<boolean> {
  const answer = await client.query<{ data_directory: string }>('show data_directory');
  const said = answer.rows[0]?.data_directory ?? '';
  return (await fs.realpath(said).catch(() => said)) === (await fs.realpath(place.pgData));
}

/** How the server of a place is reached. */
export async function addressAt(place: Place, port: number): Promise<Address> {
  const common = { port, user: embeddedUser, database: 'fairlead' };
  if (place.transport === 'socket') return { ...common, host: place.socketDir };
  return { ...common, host: '127.0.0.1', password: await readPassword(place) };
}

/** O_NOFOLLOW: the folder belongs to the database's user, and what it puts there must not lead root elsewhere. */
async function openLog(place: Place): Promise<fs.FileHandle> {
  const size = await fs
    .lstat(place.logFile)
    .then((s) => s.size)
    .catch(() => 0);
  const kind = constants.O_WRONLY | constants.O_CREAT | constants.O_NOFOLLOW;
  const log = await fs.open(place.logFile, kind | (size > longestLog ? constants.O_TRUNC : constants.O_APPEND), 0o600);
  if (place.owner !== null) await log.chown(place.owner.uid, place.owner.gid);
  return log;
}

async function lastWords(place: Place): Promise<string> {
  const text = await fs.readFile(place.logFile, 'utf8').catch(() => '');
  const words = text.trim().split('\n').slice(-3).join(' | ').slice(-400);
  return words === '' ? 'the database did not start' : `the database did not start: ${words}`;
}

function freePort(): Promise<number> {
  return new Promise((done, refuse) => {
    const probe = createServer();
    probe.once('error', refuse);
    probe.listen(0, '127.0.0.1', () => {
      const at = probe.address();
      probe.close(() => (typeof at === 'object' && at !== null ? done(at.port) : refuse(new Error('no free port'))));
    });
  });
}

function startFailed(why: string): { ok: false; error: ReturnType<typeof hubError> } {
  return fail(hubError('database/start-failed', { params: { why } }));
}
