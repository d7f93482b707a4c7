import type * as z from 'zod/mini';
import { noteOfAct } from '#server/audit/note.ts';
import type { HubContext } from '#server/context.ts';
import type { WriteTx } from '#server/db/tx.ts';
import type { Deciding, Decision, Handler } from '#server/replica/decision.ts';
import type { RowWrite } from '#server/replica/row-write.ts';
import type { Id } from '#shared/lib/ids.ts';
import { discard, voided } from '#shared/session/commands.ts';
import { deviceRow } from './rows.ts';
import { type DeviceRow, insertDiscards, lockDevice, setDeviceState, setLost } from './store.ts';
import { devicesWithoutTokens, forgetTokens } from './token-store.ts';

export { addPersonIn, addTeamIn } from './accounts.ts';
export { forgetCodes } from './enrol-store.ts';
export { type Beat, expireBeats, graceBeats, keepBeats, type PresenceChange, presenceTeams } from './presence-store.ts';
export { presenceRow } from './rows.ts';
export {
  type DevicePerson,
  holders,
  lockDevice,
  orgs,
  personById,
  teamById,
  teams,
} from './store.ts';
export { deviceOfAccess, type Standing, standings, takeAnyTokenOnce } from './token-store.ts';
export { isEnvelopeSigned, isSignedBy } from './tokens.ts';

/** Freezes a device: neither desk that speaks as it goes on. Answers its row; regrant its person. */
export async function freezeDevice(tx: WriteTx, org: Id, device: DeviceRow): Promise<RowWrite[]> {
  await setDeviceState(tx, org, device.id, 'frozen');
  return [deviceRow({ ...device, state: 'frozen' })];
}

/**
 * A revoked device says hello for the last time: it wipes itself, and with it what it counted up to `lastN` and never sent.
 * Written down once, for administrators to see. Drafts and what was refused are on no count and go unseen.
 */
export async function noteLoss(
  tx: WriteTx,
  ctx: HubContext,
  org: Id,
  device: DeviceRow,
  counted: { lastN: number; lastId: Id | null },
): Promise<void> {
  const lost = counted.lastN - device.last_n;
  if (lost <= 0) return;
  await setLost(tx, org, device.id, { lost, n: counted.lastN, id: counted.lastId });
  const act = { act: 'session.wiped', actorId: null, deviceId: device.id, subjects: [`device:${device.id}`] };
  const audit = [noteOfAct({ ...act, detail: { lost } })];
  await ctx.commit(tx, { org, at: ctx.clock.now(), cmd: null, rows: [deviceRow(device, lost)], audit });
  tx.afterCommit(() => {
    ctx.log.warn({ device: device.id, lost }, 'a revoked device was wiped with unsent work');
    ctx.onCommitted();
  });
}

/**
 * A device whose tokens have ended can only come back by a new sign-in, as a new device: it is frozen, so that nothing is
 * put aside for it any more. Answers how many there were; commits when there were any.
 */
export async function freezeUnreachable(
  tx: WriteTx,
  ctx: HubContext,
  org: Id,
  now: number,
  limit: number,
): Promise<number> {
  const ids = await devicesWithoutTokens(tx, org, now, limit);
  const rows: RowWrite[] = [];
  const persons = new Set<Id>();
  for (const id of ids) {
    const device = await lockDevice(tx, org, id);
    if (device?.state !== 'active') continue;
    rows.push(...(await freezeDevice(tx, org, device)));
    persons.add(device.person_id);
  }
  await forgetTokens(tx, org, now);
  if (rows.length === 0) return 0;
  await ctx.commit(tx, {
    org,
    at: now,
    cmd: null,
    rows,
    audit: [noteOfAct({ act: 'hub.freezeUnreachable', actorId: null, subjects: ids.map((id) => `device:${id}`) })],
    regrant: { persons: [...persons] },
  });
  tx.afterCommit(() => ctx.onCommitted());
  return ids.length;
}

async function decideVoid(tx: WriteTx, c: Deciding<z.infer<typeof voided.args>>): Promise<Decision> {
  const by = { person: c.actor.personId, reason: c.args.reason, at: c.now };
  insertDiscards(tx, c.org, by, [{ id: c.id, kind: c.args.kind }]);
  return {
    ok: true,
    rows: [],
    subjects: [`device:${c.actor.deviceId}`],
    detail: { discarded: c.args.kind },
  };
}

async function decideDiscard(tx: WriteTx, c: Deciding<z.infer<typeof discard.args>>): Promise<Decision> {
  insertDiscards(tx, c.org, { person: c.actor.personId, reason: c.args.reason, at: c.now }, c.args.items);
  return {
    ok: true,
    rows: [],
    subjects: c.args.items.map((i) => `command:${i.id}`),
    detail: { count: c.args.items.length },
  };
}

/** What this slice decides, by kind. */
export const handlers: Record<string, Handler<never>> = {
  [voided.kind]: decideVoid,
  [discard.kind]: decideDiscard,
};
