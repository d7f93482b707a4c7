import type { WriteTx } from '#server/db/tx.ts';
import type { RowWrite } from '#server/replica/row-write.ts';
import { chainStart } from '#shared/audit/rules.ts';
import { type AppError, hubError } from '#shared/lib/errors.ts';
import type { Id, RandomBytes } from '#shared/lib/ids.ts';
import { fail, ok, type Result } from '#shared/lib/result.ts';
import type { Role } from '#shared/session/model.ts';
import { insertCode } from './enrol-store.ts';
import { hashPassword } from './passwords.ts';
import { personRows, teamRow } from './rows.ts';
import * as store from './store.ts';
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

/** Adds an account; answers its rows and the password to hand over. Asking again with the same id and e-mail makes a new password. */
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
  const row = {
    id: person.id,
    name: person.name,
    email: person.email,
    role: person.role,
    password_hash: hash,
    is_disabled: false,
    must_change_password: person.password === null,
    created_at: now,
    last_sign_in_at: null,
  };
  await store.upsertPerson(tx, org, row);
  await store.setTeams(tx, org, person.id, person.teamIds);
  return ok({ password, rows: personRows(row, person.teamIds) });
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
