import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import type { RandomBytes } from '#shared/lib/ids.ts';
import { canonicalJson } from '#shared/lib/json.ts';
import type { DeviceKey } from './work-meta.ts';

/** What stands before the 32 secret bytes in the PKCS8 form of an Ed25519 key (RFC 8410). */
const pkcs8Start = Buffer.from('302e020100300506032b657004220420', 'hex');

/** A new Ed25519 key from the given source of randomness; kept nowhere. */
export function drawDeviceKey(random: RandomBytes): DeviceKey {
  const seed = new Uint8Array(32);
  random(seed);
  const der = Buffer.concat([pkcs8Start, seed]);
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  seed.fill(0);
  der.fill(0);
  const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'der' }).toString('base64');
  return { privateKey, publicKey };
}

/** base64 Ed25519 over the canonical JSON of a value. */
export function signed(value: unknown, key: DeviceKey): string {
  return sign(null, Buffer.from(canonicalJson(value), 'utf8'), key.privateKey).toString('base64');
}

/** Whether a signature fits a value; the public key as `DeviceKey` has it (base64 SPKI DER). */
export function isSignedBy(value: unknown, sig: string, publicKey: string): boolean {
  const key: KeyObject = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
  return verify(null, Buffer.from(canonicalJson(value), 'utf8'), key, Buffer.from(sig, 'base64'));
}
