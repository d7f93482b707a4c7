import type * as z from 'zod/mini';
import type { WriteTx } from '#server/db/tx.ts';
import type { Deciding, Decision, Handler } from '#server/replica/decision.ts';
import { discard, voided } from '#shared/session/commands.ts';

export { addPersonIn, addTeamIn } from './accounts.ts';
export { type Beat, expireBeats, graceBeats, keepBeats, type PresenceChange, presenceTeams } from './presence-store.ts';
export {
  type DevicePerson,
  deviceOf,
  holders,
  lockDevice,
  orgs,
  personById,
  setDeviceState,
  teamById,
  teams,
  touchDevice,
} from './store.ts';
export { deviceOfAccess } from './token-store.ts';
export { isEnvelopeSigned } from './tokens.ts';

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
