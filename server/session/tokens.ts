import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { Envelope } from '#shared/lib/command.ts';
import type { RandomBytes } from '#shared/lib/ids.ts';
import { canonicalJson } from '#shared/lib/json.ts';

/** A fresh secret of 256 bits, as text. */
export function newSecret(random: RandomBytes): string {
  const bytes = new Uint8Array(32);
  random(bytes);
  return Buffer.from(bytes).toString('base64url');
}

/** What the hub keeps of a secret: its SHA-256. The secrets are random and long, so no salt is needed. */
export function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** A password a person can type once: 4 groups of 4 letters and digits that are not mistaken for one another (80 bits). */
export function oneTimePassword(random: RandomBytes): string {
  return readable(random, 16);
}

/** A code for enrolling a computer (40 bits, short-lived, once). */
export function enrolCode(random: RandomBytes): string {
  return readable(random, 8);
}

const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';

function readable(random: RandomBytes, count: number): string {
  const bytes = new Uint8Array(count);
  random(bytes);
  const letters = Array.from(bytes, (b) => alphabet[b % 32] ?? 'A').join('');
  return letters.replaceAll(/(.{4})(?=.)/g, '$1-');
}

/** Keys as they were parsed: the same device signs again and again. */
const parsedKeys = new Map<string, KeyObject>();
const mostParsedKeys = 5_000;

function keyOf(publicKey: string): KeyObject {
  const known = parsedKeys.get(publicKey);
  if (known) return known;
  const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
  if (parsedKeys.size >= mostParsedKeys) parsedKeys.clear();
  parsedKeys.set(publicKey, key);
  return key;
}

/** Whether a signature over an object (its canonical JSON) was made by a device's key. publicKey: base64 SPKI DER, Ed25519. */
export function isSignedBy(publicKey: string, content: unknown, sig: string): boolean {
  try {
    const key = keyOf(publicKey);
    if (key.asymmetricKeyType !== 'ed25519') return false;
    return verify(null, Buffer.from(canonicalJson(content)), key, Buffer.from(sig, 'base64'));
  } catch {
    // A key or signature that cannot be read is a wrong one.
    return false;
  }
}

/** Whether a command was signed by its device. */
export function isEnvelopeSigned(publicKey: string, envelope: Envelope): boolean {
  const { sig, ...content } = envelope;
  return isSignedBy(publicKey, content, sig);
}

export interface Tokens {
  access: string;
  accessUntil: number;
  refresh: string;
}

export interface TokenTimes {
  readonly accessForMs: number;
  readonly refreshForMs: number;
}
