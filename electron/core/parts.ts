import type { FromCore } from '#shared/ipc/core.ts';
import type { SecretAnswer } from '#shared/ipc/host.ts';
import type { RandomBytes } from '#shared/lib/ids.ts';
import type { Clock } from '#shared/lib/time.ts';
import type { EntityMap } from './db/entity-rows.ts';
import type { Reading } from './db/reading.ts';
import type { PasswordCost } from './profile/keys.ts';
import type { Http } from './session/hub-http.ts';
import type { Log } from './sync/desk-sync-parts.ts';
import type { Connect } from './sync/socket.ts';

/** What the core tells unasked. */
export type CoreEvent = Exclude<FromCore, { op: 'answer' }>;

/** How a slice answers a query; arguments come parsed by the query's own schema. */
export type AnyRead = (reading: Reading, args: never) => unknown;

/** What the slices bring along. */
export interface Slices {
  readonly entities: EntityMap;
  /** by query name */
  readonly reads: ReadonlyMap<string, AnyRead>;
}

/** Everything a core has from outside: no globals, so that many cores can live in one process, each with its own clock. */
export interface CoreParts {
  /** the core's own folder */
  readonly dir: string;
  /** version of the running program */
  readonly build: string;
  /** how this computer is called in the list of devices */
  readonly label: string;
  readonly slices: Slices;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly connect: Connect;
  readonly http: Http;
  readonly log: Log;
  /** the keychain's secret of a profile; made when `isNew` and there is a keychain */
  readonly secret: (profile: string, isNew: boolean) => Promise<SecretAnswer>;
  readonly secretForgotten: (profile: string) => void;
  /** a hub started for the demo: a profile of it is opened without a password */
  readonly demoHub: string | null;
  /** who signs in there; the demo agent when left out */
  readonly demoEmail?: string;
  /** the cost of a password check; measured when left out */
  readonly cost?: PasswordCost;
}

/** A number in [0, 1) from random bytes. */
export function fractionOf(random: RandomBytes): number {
  const bytes = new Uint8Array(4);
  random(bytes);
  return new DataView(bytes.buffer).getUint32(0) / 2 ** 32;
}
