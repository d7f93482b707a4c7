import { releaseAllOf } from '#server/conversation/handle.ts';
import type { WriteTx } from '#server/db/tx.ts';
import type { RowWrite } from '#server/replica/row-write.ts';
import { chainStart } from '#shared/audit/rules.ts';
import { type AppError, hubError } from '#shared/lib/errors.ts';
import type { Id, IdMint, RandomBytes } from '#shared/lib/ids.ts';
import { fail, ok, type Result } from '#shared/lib/result.ts';
import type { Role } from '#shared/session/model.ts';
import { insertCode } from './enrol-store.ts';
import { hashPassword } from './passwords.ts';
import { deviceRow, personRows, teamRow } from './rows.ts';
import * as store from './store.ts';
import { dropTokens } from './token-store.ts';
import { digestOf, enrolCode, oneTimePassword } from './tokens.ts';

/** How long an enrolment code is good (ms). */
export const codeForMs = 24 * 60 * 60 * 1000;

export interface NewPerson {
  readonly id: Id;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly teamIds: readonly Id[];
  /** null = a one-time password is made, to be changed at the first sign-in */
  readonly password: string | null;
}

/**
 * Adds an account; answers its rows and the password to hand over. Asked again (the first answer was lost) it makes a new
 * password, as long as nobody has signed in. Never changes an account that is in use. Give the rights with
 * `regrant: { persons: [id] }`.
 * Errors: `session/email-taken`, `session/person-known`.
 */
export async function addPersonIn(
  tx: WriteTx,
  org: Id,
  person: NewPerson,
  now: number,
  random: RandomBytes,
): Promise<Result<{ password: string; rows: RowWrite[] }, AppError>> {
  const password = person.password ?? oneTimePassword(random);
  const hash = await hashPassword(password);
  const other = await store.personByEmail(tx, org, person.email);
  if (other && other.id !== person.id) return fail(hubError('session/email-taken', { field: 'email' }));
  const before = await store.lockPerson(tx, org, person.id);
  if (before && (before.email !== person.email || before.last_sign_in_at !== null)) {
    return fail(hubError('session/person-known', { field: 'personId' }));
  }
  const row = {
    id: person.id,
    name: person.name,
    email: person.email,
    role: person.role,
    password_hash: hash,
    is_disabled: before?.is_disabled ?? false,
    must_change_password: person.password === null,
    created_at: now,
    last_sign_in_at: null,
  };
  await store.upsertPerson(tx, org, row);
  await store.setTeams(tx, org, person.id, person.teamIds);
  return ok({ password, rows: personRows(row, person.teamIds) });
}

/**
 * Disables a person, or enables again; answers the rows, null when there is none such. Their tokens stay: with them every
 * device of theirs learns at its next contact that it is not welcome. What they have goes back to their teams. Give the
 * rights with `regrant: { persons: [id], conversations }`.
 */
export async function disablePersonIn(
  tx: WriteTx,
  org: Id,
  personId: Id,
  isDisabled: boolean,
  at: { readonly now: number; readonly mint: IdMint },
): Promise<{ rows: RowWrite[]; conversations: Id[] } | null> {
  const person = await store.lockPerson(tx, org, personId);
  if (!person) return null;
  const changed = { ...person, is_disabled: isDisabled };
  await store.upsertPerson(tx, org, changed);
  const rows = personRows(changed, await store.teamIdsOf(tx, org, personId));
  if (!isDisabled) return { rows, conversations: [] };
  const released = await releaseAllOf(tx, org, person, at);
  return { rows: [...rows, ...released.rows], conversations: released.conversations };
}

/** Gives a person a one-time password and ends every session of theirs; null when there is none such. */
export async function resetPasswordIn(
  tx: WriteTx,
  org: Id,
  personId: Id,
  random: RandomBytes,
): Promise<{ password: string; rows: RowWrite[] } | null> {
  const password = oneTimePassword(random);
  // Hashing takes its time; nothing is locked yet.
  const hash = await hashPassword(password);
  const person = await store.lockPerson(tx, org, personId);
  if (!person) return null;
  const changed = { ...person, password_hash: hash, must_change_password: true };
  await store.upsertPerson(tx, org, changed);
  const devices = await store.devicesOf(tx, org, personId);
  await dropTokens(
    tx,
    org,
    devices.map((d) => d.id),
  );
  return { password, rows: personRows(changed, await store.teamIdsOf(tx, org, personId)) };
}

/**
 * Takes a device's rights away for good; null when there is none such. Its tokens stay: with them it still learns that it
 * is revoked, and wipes itself. Give the rights with `regrant: { persons: [personId] }`.
 */
export async function revokeDeviceIn(
  tx: WriteTx,
  org: Id,
  deviceId: Id,
): Promise<{ personId: Id; rows: RowWrite[] } | null> {
  const device = await store.lockDevice(tx, org, deviceId);
  if (!device) return null;
  await store.setDeviceState(tx, org, device.id, 'revoked');
  return { personId: device.person_id, rows: [deviceRow({ ...device, state: 'revoked' })] };
}

/** Makes a one-time code with which a computer is enrolled. */
export async function issueCodeIn(
  tx: WriteTx,
  org: Id,
  codeId: Id,
  now: number,
  random: RandomBytes,
): Promise<{ code: string; until: number }> {
  const code = enrolCode(random);
  const until = now + codeForMs;
  await insertCode(tx, org, { id: codeId, codeHash: digestOf(normalCode(code)), until });
  return { code, until };
}

/** A code as people type it: case, spaces and dashes do not count. */
export function normalCode(typed: string): string {
  return typed.toUpperCase().replaceAll(/[^A-Z0-9]/g, '');
}

/** Makes the organisation a new hub begins with. */
export async function createOrg(
  tx: WriteTx,
  org: { id: Id; name: string; isDemo: boolean },
  now: number,
): Promise<void> {
  await store.insertOrg(tx, { id: org.id, name: org.name, is_demo: org.isDemo }, now, chainStart);
}

/** Adds or renames a team; answers its row. */
export async function addTeamIn(tx: WriteTx, org: Id, team: store.TeamRow): Promise<RowWrite> {
  await store.upsertTeam(tx, org, team);
  return teamRow(team);
}
