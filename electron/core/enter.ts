import { type AppError, deskError } from '#shared/lib/errors.ts';
import { IdMint } from '#shared/lib/ids.ts';
import { fail, ok, type Result } from '#shared/lib/result.ts';
import { delay } from '#shared/lib/time.ts';
import { enrolAnswer, type SignInAnswer, signInAnswer } from '#shared/wire/http.ts';
import { drawDeviceKey } from './db/signing.ts';
import { type DeviceKey, keepDeviceKey, pruneSentLog, sentLogFor, writeMeta } from './db/work-meta.ts';
import { offsetKey } from './desk-time.ts';
import { openMended } from './mend.ts';
import { deviceIdKey, mustChangeKey, type OpenDesk } from './open-desk.ts';
import type { CoreParts } from './parts.ts';
import type { Opener } from './profile/keys.ts';
import { confirmedByHub, writeOfflineFacts } from './profile/offline-time.ts';
import { profileIdOf, readProfile, writeProfile } from './profile/profile-file.ts';
import type { OpenProfile, Profiles } from './profile/profiles.ts';
import { hubAddressOf } from './session/address.ts';
import { askHub } from './session/hub-http.ts';
import { keepStation, readStations } from './session/stations.ts';
import { keepTokens } from './session/tokens.ts';
import { renumber } from './sync/outbox-store.ts';

/** How long signing in waits for the hub to tell who this is (ms). */
const greetingMs = 10_000;

/** What the flows need of the core they belong to. */
export interface Entrance {
  readonly parts: CoreParts;
  readonly profiles: Profiles;
  /** ends whatever session is open */
  readonly leave: () => void;
  /** starts a session; its profile is locked again when that fails */
  readonly begin: (opened: OpenProfile) => Result<OpenDesk>;
}

/** Makes this computer known to a hub. Errors: those of `hubAddressOf` and `askHub` (`session/wrong-code` above all). */
export async function enrol(
  { parts }: Entrance,
  asked: { address: string; code: string },
): Promise<Result<{ stationId: string; orgName: string }>> {
  const address = hubAddressOf(asked.address);
  if (!address.ok) return address;
  const body = { code: asked.code, label: parts.label };
  const answer = await askHub(
    parts.http,
    { address: address.value, path: '/v1/enrol', body, bearer: null },
    enrolAnswer,
  );
  if (!answer.ok) return answer;
  const { hubId, orgName, stationToken } = answer.value;
  const kept = keepStation(parts.dir, { id: hubId, address: address.value, orgName, token: stationToken });
  return kept.ok ? ok({ stationId: hubId, orgName }) : kept;
}

/** Signs a person in at an enrolled hub, as a new device of theirs. Errors: `session/unknown-station`, those of `askHub` and of `enter`. */
export async function signIn(
  entrance: Entrance,
  asked: { stationId: string; email: string; password: string; here?: Here | undefined },
): Promise<Result<OpenDesk>> {
  const { parts } = entrance;
  const station = readStations(parts.dir).find((s) => s.id === asked.stationId);
  if (!station) return fail(deskError('session/unknown-station'));
  const key = drawDeviceKey(parts.random);
  const { email, password } = asked;
  const body = {
    stationToken: station.token,
    email,
    password,
    deviceId: new IdMint(parts.clock, parts.random).next(),
    publicKey: key.publicKey,
    label: parts.label,
  };
  const request = { address: station.address, path: '/v1/sign-in', body, bearer: null };
  const answer = await askHub(parts.http, request, signInAnswer);
  if (!answer.ok) return answer;
  const arrival = { kind: 'normal' as const, address: station.address, email, password, key, answer: answer.value };
  return enter(entrance, { ...arrival, here: asked.here ?? null });
}

/** Signs the demo agent (or whom `parts.demoEmail` names) in at a hub started for the demo. Errors: those of `askHub` and of `enter`. */
export async function signInDemo(entrance: Entrance, address: string): Promise<Result<OpenDesk>> {
  const { parts } = entrance;
  const key = drawDeviceKey(parts.random);
  const deviceId = new IdMint(parts.clock, parts.random).next();
  const email = parts.demoEmail === undefined ? {} : { email: parts.demoEmail };
  const body = { deviceId, publicKey: key.publicKey, label: parts.label, ...email };
  const answer = await askHub(parts.http, { address, path: '/v1/demo', body, bearer: null }, signInAnswer);
  if (!answer.ok) return answer;
  return enter(entrance, {
    kind: 'demo',
    address,
    email: 'demo',
    password: null,
    key,
    answer: answer.value,
    here: null,
  });
}

/** Opens a profile that is on this computer. Errors: those of `Profiles.open`, `session/sign-in-again`. */
export async function unlock(
  entrance: Entrance,
  asked: { profileId: string; password: string },
): Promise<Result<OpenDesk>> {
  const { parts, profiles } = entrance;
  const profile = readProfile(parts.dir, asked.profileId);
  if (!profile.ok) return profile;
  const isDemo = profile.value.kind === 'demo';
  const opener = await openerOf(parts, asked.profileId, isDemo ? null : asked.password, false);
  const opened = await openMended(parts, profiles, asked.profileId, opener, isDemo);
  if (!opened.ok) return opened;
  entrance.leave();
  return entrance.begin(opened.value);
}

/** What opens a profile: the password and, where there is a keychain, its secret. Demo profiles have neither. */
export async function openerOf(parts: CoreParts, id: string, password: string | null, isNew: boolean): Promise<Opener> {
  if (password === null) return { password, keychainSecret: null };
  const secret = await parts.secret(id, isNew);
  return { password, keychainSecret: secret.kind === 'kept' ? Buffer.from(secret.secret, 'base64') : null };
}

/** What the person decided about data that is here under an earlier password. */
export type Here = { readonly kind: 'earlier'; readonly password: string } | { readonly kind: 'forget' };

interface Arrival {
  readonly here: Here | null;
  readonly kind: 'normal' | 'demo';
  readonly address: string;
  readonly email: string;
  readonly password: string | null;
  readonly key: DeviceKey;
  readonly answer: SignInAnswer;
}

/**
 * Opens the person's profile, making it the first time. One that was here before becomes another device: what waited is numbered and
 * signed anew under the same ids, and the cache starts over. Errors: those of `Profiles`, `session/local-password` (the hub knows
 * another password than the one this computer's data is locked with), those of the store.
 */
async function enter(entrance: Entrance, arrival: Arrival): Promise<Result<OpenDesk>> {
  const { parts, leave, begin } = entrance;
  const { answer } = arrival;
  const id = profileIdOf(answer.hubId, answer.personId);
  leave();
  const settled = await settleHere(entrance, id, arrival);
  if (!settled.ok) return settled;
  const wasHere = readProfile(parts.dir, id).ok;
  const opener = await openerOf(parts, id, arrival.password, !wasHere);
  const opened = await openOrCreate(entrance, id, arrival, opener, wasHere);
  if (!opened.ok) return opened;
  const moved = moveIn(parts, opened.value, arrival, wasHere);
  if (!moved.ok) {
    opened.value.lock();
    return moved;
  }
  const begun = begin(opened.value);
  if (!begun.ok) return begun;
  await Promise.race([begun.value.whenKnown(), delay(parts.clock, greetingMs)]);
  return begun;
}

/** Does what the person decided about data that is here under an earlier password; nothing when there is none. */
async function settleHere(
  { parts, profiles }: Entrance,
  id: string,
  { here, password }: Arrival,
): Promise<Result<void>> {
  if (here === null || password === null || !readProfile(parts.dir, id).ok) return ok(undefined);
  if (here.kind === 'forget') return profiles.remove(id);
  const changed = await profiles.changePassword(id, await openerOf(parts, id, here.password, false), password);
  if (changed.ok || changed.error.code !== 'profile/wrong-password') return changed;
  // Tried again after the change was made but the answer was lost: the new password opens it already.
  const already = await profiles.open(id, await openerOf(parts, id, password, false), { isHubSure: true });
  if (already.ok) already.value.lock();
  return already.ok ? ok(undefined) : fail({ ...changed.error, field: 'here.password' });
}

async function openOrCreate(
  { parts, profiles }: Entrance,
  id: string,
  { kind, answer, address, email }: Arrival,
  opener: Opener,
  wasHere: boolean,
): Promise<Result<OpenProfile>> {
  if (wasHere) {
    const opened = await openMended(parts, profiles, id, opener, true);
    return opened.ok || opened.error.code !== 'profile/wrong-password' ? opened : fail(localPassword());
  }
  const { hubId, orgName, personId, personName, deviceId } = answer;
  const hub = { id: hubId, address, orgName };
  return profiles.create({ kind, hub, person: { id: personId, name: personName, email }, deviceId }, opener);
}

function moveIn(parts: CoreParts, opened: OpenProfile, arrival: Arrival, wasHere: boolean): Result<void> {
  const { store, profile } = opened;
  const { answer, key, address } = arrival;
  const now = parts.clock.now();
  if (wasHere) {
    // What a device holds is its own; the rows of the old one would never be taken back. First of all: a power cut after this leaves the
    // old device with an empty cache, which it fills again; one after the change would leave the new device with the old one's rows.
    const reset = store.resetCache();
    if (!reset.ok) return reset;
  }
  const moved = store.write((tx) => {
    keepDeviceKey(tx, key);
    writeMeta(tx, deviceIdKey, answer.deviceId);
    writeMeta(tx, offsetKey, String(answer.hubAt - now));
    keepTokens(tx, answer.tokens);
    writeOfflineFacts(tx, confirmedByHub(now, answer.offlineForMs));
    if (wasHere) {
      // Only what was done lately is offered again: a hub forgets outcomes, and must not do an old command twice.
      pruneSentLog(tx, now - sentLogFor(answer.offlineForMs));
      const renumbered = renumber(tx, { id: answer.deviceId, key });
      parts.log('info', 'the profile is another device now', { renumbered });
    }
    writeMeta(tx, mustChangeKey, answer.mustChangePassword ? 'yes' : null);
  });
  if (!moved.ok) return moved;
  const hub = { ...profile.hub, address, orgName: answer.orgName };
  return writeProfile(parts.dir, { ...profile, hub, deviceId: answer.deviceId, lastUsedAt: now });
}

function localPassword(): AppError {
  return deskError('session/local-password', { field: 'password' });
}
