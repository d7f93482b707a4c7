import type * as z from 'zod/mini';
import type { WriteTx } from '#server/db/tx.ts';
import type { AskAnswer, AskHandler, Asking } from '#server/replica/decision.ts';
import { hubError } from '#shared/lib/errors.ts';
import type { Id } from '#shared/lib/ids.ts';
import * as calls from '#shared/session/calls.ts';
import { addPersonIn, addTeamIn, disablePersonIn, issueCodeIn, resetPasswordIn, revokeDeviceIn } from './accounts.ts';
import { presenceOf } from './presence-store.ts';
import { personRows, presenceRow } from './rows.ts';
import * as store from './store.ts';

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
    regrant: { persons: [args.personId] },
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
  const left = (await store.teamIdsOf(tx, actor.org, person.id)).filter((id) => !args.teamIds.includes(id));
  await store.upsertPerson(tx, actor.org, changed);
  await store.setTeams(tx, actor.org, person.id, args.teamIds);
  const presence = await presenceOf(tx, actor.org, person.id);
  return {
    ok: true,
    value: {},
    rows: [
      ...personRows(changed, args.teamIds),
      // Whoever left a team is no longer among those who are there for it.
      ...left.map((teamId) => presenceRow(teamId, person.id, null)),
      ...(presence ? args.teamIds.map((teamId) => presenceRow(teamId, person.id, presence)) : []),
    ],
    regrant: { persons: [person.id] },
    subjects: [`person:${person.id}`, ...args.teamIds.map((t) => `team:${t}`)],
  };
}

async function disablePerson(
  tx: WriteTx,
  { ctx, actor, args, now }: Asking<z.infer<typeof calls.disablePerson.args>>,
): Promise<AskAnswer> {
  if (args.personId === actor.personId)
    return { ok: false, error: hubError('session/not-yourself', { field: 'personId' }) };
  const at = { now, mint: ctx.mint };
  const done = await disablePersonIn(tx, actor.org, args.personId, args.isDisabled, at);
  if (!done) return noPerson;
  return {
    ok: true,
    value: {},
    rows: done.rows,
    regrant: { persons: [args.personId], conversations: done.conversations },
    subjects: [`person:${args.personId}`],
    detail: { isDisabled: args.isDisabled },
  };
}

async function resetPassword(
  tx: WriteTx,
  { ctx, actor, args }: Asking<z.infer<typeof calls.resetPassword.args>>,
): Promise<AskAnswer> {
  const reset = await resetPasswordIn(tx, actor.org, args.personId, ctx.random);
  if (!reset) return noPerson;
  return { ok: true, value: { password: reset.password }, rows: reset.rows, subjects: [`person:${args.personId}`] };
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
  const revoked = await revokeDeviceIn(tx, actor.org, args.deviceId);
  if (!revoked) return { ok: false, error: hubError('session/no-such-device', { field: 'deviceId' }) };
  return {
    ok: true,
    value: {},
    rows: revoked.rows,
    regrant: { persons: [revoked.personId] },
    subjects: [`device:${args.deviceId}`, `person:${revoked.personId}`],
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
