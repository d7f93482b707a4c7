import type { Client } from 'pg';
import type { AppError } from '#shared/lib/errors.ts';
import { hubError } from '#shared/lib/errors.ts';
import type { Result } from '#shared/lib/result.ts';
import { fail, ok } from '#shared/lib/result.ts';
import type { Clock } from '#shared/lib/time.ts';
import { delay } from '#shared/lib/time.ts';
import type { Binaries } from './binaries.ts';
import { findBinaries } from './binaries.ts';
import { checkMajor, initialise } from './init.ts';
import type { Address } from './launch.ts';
import { launch, untilReady } from './launch.ts';
import type { Place, Transport } from './place.ts';
import { preparePlace } from './place.ts';
import { stopServer } from './postmaster.ts';
import { ownerOf } from './reach.ts';
import { withStartLock } from './start-lock.ts';

/** How to start the hub's own server. */
export interface EmbeddedOptions {
  /** The folder that is wholly the database's; made when missing. */
  readonly dataDir: string;
  /** Where a copy of the programs goes when the database's user cannot read them in node_modules. */
  readonly cacheDir: string;
  readonly clock: Clock;
  /** Told when the server was lost and could not be brought back at once (each attempt); `null` when it is back. */
  readonly onTrouble?: (error: AppError | null) => void;
  /** More `-c name=value` settings. */
  readonly settings?: Readonly<Record<string, string>>;
  /** By default a private socket, on Windows the loopback. */
  readonly transport?: Transport;
}

/** A server of ours that runs. */
export interface EmbeddedServer {
  readonly address: Address;
  /** How this hub came by it: made new, started on existing data, or found running (left by a hub that was killed). */
  readonly origin: 'created' | 'started' | 'taken-over';
  /** Stops the server in good order. Close the pools first. */
  stop(): Promise<void>;
}

/** Any number, but always the same: the lock (in database `postgres`) by which one hub owns the server. */
const ownerLock = 4_611_701;
/** Between attempts to bring a lost server back; the last one for as long as it takes. */
const pausesMs = [200, 500, 1_000, 2_000, 5_000];

/**
 * Starts the hub's own PostgreSQL on `dataDir`, or takes over the one a killed hub left running.
 * It is started again when it dies. One hub at a time owns a folder.
 * Errors: `database/no-binaries`, `binaries-unreachable`, `data-unreachable`, `data-not-ours`, `socket-unsafe`, `wrong-major`,
 * `init-failed`, `start-failed`, `in-use` (all `database/…`, the words in `params.why`).
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Result<EmbeddedServer>> {
  const { clock } = options;
  const owner = await ownerOf(options.dataDir);
  const transport = options.transport ?? (process.platform === 'win32' ? 'loopback' : 'socket');
  const place = await preparePlace(options.dataDir, transport, owner);
  if (!place.ok) return place;
  const binaries = await findBinaries(options.cacheDir, owner);
  if (!binaries.ok) return binaries;
  const up = await withStartLock(place.value.dataDir, clock, () => bringUp(place.value, binaries.value, options));
  if (!up.ok) return up;

  const { address, origin } = up.value;
  let held = up.value.held;
  let isStopping = false;
  let recovering = Promise.resolve();
  const watch = (): void => {
    void held.gone.then(() => {
      if (!isStopping) recovering = recover();
    });
  };
  const recover = async (): Promise<void> => {
    for (let n = 0; !isStopping; n += 1) {
      const again = await withStartLock(place.value.dataDir, clock, () =>
        bringUp(place.value, binaries.value, options, address.port),
      );
      if (again.ok) {
        held = again.value.held;
        watch();
        if (n > 0) options.onTrouble?.(null);
        return;
      }
      options.onTrouble?.(again.error);
      await delay(clock, pausesMs[Math.min(n, pausesMs.length - 1)] ?? 0);
    }
  };
  watch();
  return ok({
    address,
    origin,
    async stop() {
      isStopping = true;
      await recovering;
      await held.client.end();
      await stopServer(place.value.pgData, binaries.value, clock);
    },
  });
}

interface Up {
  readonly address: Address;
  readonly origin: EmbeddedServer['origin'];
  readonly held: Held;
}

/** The connection that holds the owner's lock; `gone` resolves when it ended, whoever ended it. */
interface Held {
  readonly client: Client;
  readonly gone: Promise<void>;
}

/** One attempt: right version, data there, server there and answering, and we are its only hub. */
async function bringUp(place: Place, binaries: Binaries, options: EmbeddedOptions, port?: number): Promise<Result<Up>> {
  const { clock } = options;
  const major = await checkMajor(place, binaries);
  if (!major.ok) return major;
  if (major.value === 'empty') {
    const made = await initialise(place, binaries);
    if (!made.ok) return made;
  }
  const launched = await launch(place, binaries, clock, options.settings ?? {}, port);
  if (!launched.ok) return launched;
  const held = await own(launched.value.address, place, clock);
  if (!held.ok) return held;
  const origin = launched.value.isNew ? (major.value === 'empty' ? 'created' : 'started') : 'taken-over';
  return ok({ address: launched.value.address, origin, held: held.value });
}

/** Takes the lock that makes this hub the owner, on a connection of its own: it goes when this process goes. */
async function own(address: Address, place: Place, clock: Clock): Promise<Result<Held>> {
  const ready = await untilReady({ ...address, database: 'postgres' }, clock);
  if (!ready.ok) return ready;
  const client = ready.value;
  const gone = new Promise<void>((done) => client.once('end', done));
  // A killed hub's connection may take a moment to be noticed, hence a wait instead of a try.
  try {
    await client.query(`set lock_timeout = '2s'`);
    await client.query('select pg_advisory_lock($1::bigint)', [ownerLock]);
  } catch {
    await client.end();
    return fail(
      hubError('database/in-use', {
        params: { why: `another hub runs on ${place.dataDir}: stop it, or give this one a data folder of its own` },
      }),
    );
  }
  const there = await client.query('select 1 from pg_database where datname = $1', [address.database]);
  if (there.rowCount === 0) await client.query(`create database ${client.escapeIdentifier(address.database)}`);
  return ok({ client, gone });
}
