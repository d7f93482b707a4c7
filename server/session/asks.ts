import type * as z from 'zod/mini';
import type { WriteTx } from '#server/db/tx.ts';
import type { AskAnswer, AskHandler, Asking } from '#server/replica/decision.ts';
import { hubError } from '#shared/lib/errors.ts';
import type { Id } from '#shared/lib/ids.ts';
import * as calls from '#shared/session/calls.ts';
import { addPersonIn, addTeamIn, issueCodeIn } from './accounts.ts';
import { hashPassword } from './passwords.ts';
import { deviceRow, personRows } from './rows.ts';
import * as store from './store.ts';
import { dropTokens } from './token-store.ts';
import { oneTimePassword } from './tokens.ts';

const noPerson: AskAnswer = { ok: false, error: hubError('session/no-such-person', { field: 'personId' }) };

async function knownTeams(tx: WriteTx, org: Id, teamIds: readonly Id[]): Promise<boolean> {
  const known = new Set((await store.teams(tx, org)).map((t) => t.id));
  return teamIds.every((id) => known.has(id));
}

async function addPerson(
  tx: WriteTx,
  { ctx, actor, args, now }: Asking<z.infer<typeof calls.addPerson.args>>,
): Promise<AskAnswer> {
  if (!(await knownTeams(tx, actor.org, args.teamIds)))
    return { ok: false, error: hubError('session/no-such-team', { field: 'teamIds' }) };
  const added = await addPersonIn(tx, actor.org, { ...args, id: args.personId, password: null }, now, ctx.random);
  if (!added.ok) return added;
  return {
    ok: true,
    value: { password: added.value.password },
    rows: added.value.rows,
    subjects: [`person:${args.personId}`],
  };
}

async function changePerson(
  tx: WriteTx,
  { actor, args }: Asking<z.infer<typeof calls.changePerson.args>>,
): Promise<AskAnswer> {
  const person = await store.lockPerson(tx, actor.org, args.personId);
  if (!person) return noPerson;
  if (!(await knownTeams(tx, actor.org, args.teamIds)))
    return { ok: false, error: hubError('session/no-such-team', { field: 'teamIds' }) };
  if (person.id === actor.personId && args.role !== person.role)
    return { ok: false, error: hubError('session/not-yourself', { field: 'role' }) };
  const changed = { ...person, name: args.name, role: args.role };
  await store.upsertPerson(tx, actor.org, changed);
  await store.setTeams(tx, actor.org, person.id, args.teamIds);
  return {
    ok: true,
    value: {},
    rows: personRows(changed, args.teamIds),
    regrant: { persons: [person.id] },
    subjects: [`person:${person.id}`, ...args.teamIds.map((t) => `team:${t}`)],
  };
}

async function disablePerson(
  tx: WriteTx,
  { actor, args }: Asking<z.infer<typeof calls.disablePerson.args>>,
): Promise<AskAnswer> {
  if (args.personId === actor.personId)
    return { ok: false, error: hubError('session/not-yourself', { field: 'personId' }) };
  const person = await store.lockPerson(tx, actor.org, args.personId);
  if (!person) return noPerson;
  const changed = { ...person, is_disabled: args.isDisabled };
  await store.upsertPerson(tx, actor.org, changed);
  if (args.isDisabled) {
    const devices = await store.devicesOf(tx, actor.org, person.id);
    await dropTokens(
      tx,
      actor.org,
      devices.map((d) => d.id),
    );
  }
  return {
    ok: true,
    value: {},
    rows: personRows(changed, await store.teamIdsOf(tx, actor.org, person.id)),
    regrant: { persons: [person.id] },
    subjects: [`person:${person.id}`],
  };
}

async function resetPassword(
  tx: WriteTx,
  { ctx, actor, args }: Asking<z.infer<typeof calls.resetPassword.args>>,
): Promise<AskAnswer> {
  const password = oneTimePassword(ctx.random);
  // Hashing takes its time; nothing is locked yet.
  const hash = await hashPassword(password);
  const person = await store.lockPerson(tx, actor.org, args.personId);
  if (!person) return noPerson;
  const changed = { ...person, password_hash: hash, must_change_password: true };
  await store.upsertPerson(tx, actor.org, changed);
  const devices = await store.devicesOf(tx, actor.org, person.id);
  await dropTokens(
    tx,
    actor.org,
    devices.map((d) => d.id),
  );
  return {
    ok: true,
    value: { password },
    rows: personRows(changed, await store.teamIdsOf(tx, actor.org, person.id)),
    subjects: [`person:${person.id}`],
  };
}

async function saveTeam(tx: WriteTx, { actor, args }: Asking<z.infer<typeof calls.addTeam.args>>): Promise<AskAnswer> {
  const row = await addTeamIn(tx, actor.org, { id: args.teamId, name: args.name, region: args.region });
  return { ok: true, value: {}, rows: [row], subjects: [`team:${args.teamId}`] };
}

async function renameTeam(tx: WriteTx, asking: Asking<z.infer<typeof calls.renameTeam.args>>): Promise<AskAnswer> {
  const known = await store.teamById(tx, asking.actor.org, asking.args.teamId);
  return known ? saveTeam(tx, asking) : { ok: false, error: hubError('session/no-such-team', { field: 'teamId' }) };
}

async function revokeDevice(
  tx: WriteTx,
  { actor, args }: Asking<z.infer<typeof calls.revokeDevice.args>>,
): Promise<AskAnswer> {
  const device = await store.lockDevice(tx, actor.org, args.deviceId);
  if (!device) return { ok: false, error: hubError('session/no-such-device', { field: 'deviceId' }) };
  await store.setDeviceState(tx, actor.org, device.id, 'revoked');
  // Its tokens stay: with them it still learns that it is revoked, and wipes itself.
  return {
    ok: true,
    value: {},
    rows: [deviceRow({ ...device, state: 'revoked' })],
    regrant: { persons: [device.person_id] },
    subjects: [`device:${device.id}`, `person:${device.person_id}`],
  };
}

async function issueCode(
  tx: WriteTx,
  { ctx, actor, args, now }: Asking<z.infer<typeof calls.issueCode.args>>,
): Promise<AskAnswer> {
  const issued = await issueCodeIn(tx, actor.org, args.codeId, now, ctx.random);
  return { ok: true, value: issued, rows: [], subjects: [`code:${args.codeId}`] };
}

/** What this slice answers live, by name. */
export const askHandlers: Record<string, AskHandler<never>> = {
  [calls.addPerson.name]: addPerson,
  [calls.changePerson.name]: changePerson,
  [calls.disablePerson.name]: disablePerson,
  [calls.resetPassword.name]: resetPassword,
  [calls.addTeam.name]: saveTeam,
  [calls.renameTeam.name]: renameTeam,
  [calls.revokeDevice.name]: revokeDevice,
  [calls.issueCode.name]: issueCode,
};
