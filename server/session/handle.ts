import type * as z from 'zod/mini';
import type { WriteTx } from '#server/db/tx.ts';
import type { Deciding, Decision, Handler } from '#server/replica/decision.ts';
import type { RowWrite } from '#server/replica/row-write.ts';
import type { Id } from '#shared/lib/ids.ts';
import { discard, voided } from '#shared/session/commands.ts';
import { deviceRow } from './rows.ts';
import { type DeviceRow, setDeviceState } from './store.ts';

export { addPersonIn, addTeamIn } from './accounts.ts';
export { type Beat, expireBeats, graceBeats, keepBeats, type PresenceChange, presenceTeams } from './presence-store.ts';
export { presenceRow } from './rows.ts';
export {
  type DevicePerson,
  deviceOf,
  holders,
  lockDevice,
  orgs,
  personById,
  teamById,
  teams,
} from './store.ts';
export { deviceOfAccess } from './token-store.ts';
export { isEnvelopeSigned } from './tokens.ts';

/** Freezes a device: neither desk that speaks as it goes on. Answers its row; regrant its person. */
export async function freezeDevice(tx: WriteTx, org: Id, device: DeviceRow): Promise<RowWrite[]> {
  await setDeviceState(tx, org, device.id, 'frozen');
  return [deviceRow({ ...device, state: 'frozen' })];
}

async function decideVoid(_tx: WriteTx, c: Deciding<z.infer<typeof voided.args>>): Promise<Decision> {
  return {
    ok: true,
    rows: [],
    subjects: [`device:${c.actor.deviceId}`],
    detail: { discarded: c.args.kind, reason: c.args.reason },
  };
}

async function decideDiscard(_tx: WriteTx, c: Deciding<z.infer<typeof discard.args>>): Promise<Decision> {
  return {
    ok: true,
    rows: [],
    subjects: c.args.items.map((i) => `command:${i.id}`),
    detail: { count: c.args.items.length, reason: c.args.reason },
  };
}

/** What this slice decides, by kind. */
export const handlers: Record<string, Handler<never>> = {
  [voided.kind]: decideVoid,
  [discard.kind]: decideDiscard,
};
