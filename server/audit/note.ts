import type { AuditNote } from '#shared/audit/model.ts';
import type { Envelope } from '#shared/lib/command.ts';
import type { Id } from '#shared/lib/ids.ts';

/** Detail of an audit note: ids, counts and codes; never personal data. */
export type Detail = AuditNote['detail'];

/** The audit note of a command, settled any way. */
export function noteOfCommand(
  envelope: Envelope,
  actorId: Id,
  settled: { status: AuditNote['status']; reason: string | null; subjects: readonly string[]; detail?: Detail },
): AuditNote {
  return {
    deviceAt: envelope.at,
    wasOffline: envelope.offline,
    actorId,
    deviceId: envelope.device,
    act: envelope.kind,
    ref: envelope.id,
    status: settled.status,
    reason: settled.reason,
    subjects: [...settled.subjects],
    detail: settled.detail ?? {},
  };
}

/** The audit note of something done live: an ask, a sign-in, an act of the hub itself (actor null). */
export function noteOfAct(act: {
  act: string;
  actorId: Id | null;
  deviceId?: Id | null;
  ref?: string | null;
  status?: AuditNote['status'];
  reason?: string | null;
  subjects?: readonly string[];
  detail?: Detail;
}): AuditNote {
  return {
    deviceAt: null,
    wasOffline: false,
    actorId: act.actorId,
    deviceId: act.deviceId ?? null,
    act: act.act,
    ref: act.ref ?? null,
    status: act.status ?? 'done',
    reason: act.reason ?? null,
    subjects: [...(act.subjects ?? [])],
    detail: act.detail ?? {},
  };
}
