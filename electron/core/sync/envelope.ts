import type { OutboxItem } from '#core/db/outbox-items.ts';
import { signed } from '#core/db/signing.ts';
import type { DeviceKey } from '#core/db/work-meta.ts';
import type { Envelope } from '#shared/lib/command.ts';
import type { Id } from '#shared/lib/ids.ts';
import type { Up } from '#shared/wire/messages.ts';
import { wireVersion } from '#shared/wire/version.ts';

/** This device: its id at the hub and the key it signs with. */
export interface Device {
  readonly id: Id;
  readonly key: DeviceKey;
}

type Unsigned = Omit<Envelope, 'sig'>;
type Hello = Extract<Up, { t: 'hello' }>;

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

/** What a desk says first on a link, signed: its access token alone opens nothing. */
export function helloOf(device: Device, standing: Omit<Hello, 't' | 'v' | 'device' | 'sig'>): Hello {
  const said = { t: 'hello' as const, v: wireVersion, device: device.id, ...standing };
  return { ...said, sig: signed(said, device.key) };
}

/** Signs a stored command for this device. */
export function signatureOf(item: Omit<OutboxItem, 'sig'>, device: Device): string {
  return signed(unsignedOf(item, device.id), device.key);
}

/** A stored command as it goes over the wire: always the same bytes, however often it is sent. */
export function envelopeOf(item: OutboxItem, device: Id): Envelope {
  return { ...unsignedOf(item, device), sig: item.sig };
}
