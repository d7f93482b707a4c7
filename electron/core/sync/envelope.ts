import { sign, verify } from 'node:crypto';
import type { OutboxItem } from '#core/db/outbox-items.ts';
import type { DeviceKey } from '#core/db/work-meta.ts';
import type { Envelope } from '#shared/lib/command.ts';
import type { Id } from '#shared/lib/ids.ts';
import { canonicalJson } from '#shared/lib/json.ts';

/** This device: its id at the hub and the key it signs with. */
export interface Device {
  readonly id: Id;
  readonly key: DeviceKey;
}

/** base64 Ed25519 over the canonical JSON of a value. */
export function signed(value: unknown, key: DeviceKey): string {
  return sign(null, Buffer.from(canonicalJson(value), 'utf8'), key.privateKey).toString('base64');
}

/** Whether a signature fits; used by tests and by whoever doubts a stored command. */
export function isSignedBy(value: unknown, sig: string, publicKey: Parameters<typeof verify>[2]): boolean {
  return verify(null, Buffer.from(canonicalJson(value), 'utf8'), publicKey, Buffer.from(sig, 'base64'));
}

type Unsigned = Omit<Envelope, 'sig'>;

function unsignedOf(item: Omit<OutboxItem, 'sig'>, device: Id): Unsigned {
  return {
    device,
    n: item.n,
    id: item.id,
    kind: item.kind,
    args: { ...item.args },
    at: item.at,
    hubAt: item.hubAt,
    offline: item.isOffline,
    basis: { ...item.basis },
    after: [...item.after],
  };
}

/** Signs a stored command for this device. */
export function signatureOf(item: Omit<OutboxItem, 'sig'>, device: Device): string {
  return signed(unsignedOf(item, device.id), device.key);
}

/** A stored command as it goes over the wire: always the same bytes, however often it is sent. */
export function envelopeOf(item: OutboxItem, device: Id): Envelope {
  return { ...unsignedOf(item, device), sig: item.sig };
}
