import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { hashRaw } from '@node-rs/argon2';
import * as z from 'zod/mini';
import { deskError } from '#shared/lib/errors.ts';
import { fail, ok, type Result } from '#shared/lib/result.ts';
import type { Clock } from '#shared/lib/time.ts';

/** The data keys of one profile: 32 random bytes per file. */
export interface DataKeys {
  readonly work: Uint8Array;
  readonly cache: Uint8Array;
}

const base64 = z.string().check(z.regex(/^[A-Za-z0-9+/]+={0,2}$/), z.maxLength(200));
const sealedSchema = z.object({ iv: base64, tag: base64, data: base64 });
type Sealed = z.infer<typeof sealedSchema>;

/**
 * How the data keys are locked. `password`: argon2id of it, with its cost. `open`: nothing to know (demo profiles only).
 * `hasKeychain`: the keychain's secret is needed as well.
 */
export const lockedKeysSchema = z.object({
  version: z.literal(1),
  salt: base64,
  hasKeychain: z.boolean(),
  by: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('password'),
      memoryKib: z.int().check(z.gte(8192), z.lte(4_194_304)),
      passes: z.int().check(z.gte(1), z.lte(1000)),
    }),
    z.object({ kind: z.literal('open') }),
  ]),
  work: sealedSchema,
  cache: sealedSchema,
});
export type LockedKeys = z.infer<typeof lockedKeysSchema>;

/** The cost of one password check. */
export interface PasswordCost {
  readonly memoryKib: number;
  readonly passes: number;
}

/** What opens a profile: a password (null for an open one) and the keychain's secret where there is a keychain. */
export interface Opener {
  readonly password: string | null;
  readonly keychainSecret: Uint8Array | null;
}

/** 64 MiB: dear for a graphics card, affordable beside Electron on a small office machine. */
const memoryKib = 65_536;
const fewestPasses = 2;

/** Measures this computer once and answers a cost that takes about `targetMs`, never below two passes over 64 MiB. */
export async function calibrateCost(clock: Clock, targetMs = 250): Promise<PasswordCost> {
  const salt = randomBytes(16);
  const start = clock.monotonic();
  await hashRaw('calibration', { memoryCost: memoryKib, timeCost: fewestPasses, parallelism: 1, outputLen: 32, salt });
  const perPass = Math.max(1, clock.monotonic() - start) / fewestPasses;
  return { memoryKib, passes: Math.min(20, Math.max(fewestPasses, Math.round(targetMs / perPass))) };
}

/** New random data keys. */
export function mintDataKeys(): DataKeys {
  return { work: randomBytes(32), cache: randomBytes(32) };
}

/**
 * Locks data keys under a password and, when given, the keychain's secret; a new salt each time. A changed password locks the same
 * keys again: no file is written anew. `owner` (the profile's id) is bound in, so that locked keys cannot be moved to another profile.
 */
export async function lockKeys(keys: DataKeys, owner: string, opener: Opener, cost: PasswordCost): Promise<LockedKeys> {
  const salt = randomBytes(16);
  const by: LockedKeys['by'] = opener.password === null ? { kind: 'open' } : { kind: 'password', ...cost };
  const outer = await outerKey(by, salt, opener);
  const locked: LockedKeys = {
    version: 1,
    salt: salt.toString('base64'),
    hasKeychain: opener.keychainSecret !== null,
    by,
    work: seal(outer, keys.work, `${owner}/work`),
    cache: seal(outer, keys.cache, `${owner}/cache`),
  };
  outer.fill(0);
  return locked;
}

/**
 * Unlocks data keys. This is the only check of a password there is offline.
 * Errors: `profile/wrong-password` (or keychain secret, or altered file: they cannot be told apart), `profile/keychain-needed`.
 */
export async function unlockKeys(locked: LockedKeys, owner: string, opener: Opener): Promise<Result<DataKeys>> {
  if (locked.hasKeychain && opener.keychainSecret === null) return fail(deskError('profile/keychain-needed'));
  if (locked.by.kind === 'password' && opener.password === null) return fail(deskError('profile/wrong-password'));
  const secret = locked.hasKeychain ? opener.keychainSecret : null;
  const outer = await outerKey(locked.by, Buffer.from(locked.salt, 'base64'), { ...opener, keychainSecret: secret });
  try {
    return ok({
      work: unseal(outer, locked.work, `${owner}/work`),
      cache: unseal(outer, locked.cache, `${owner}/cache`),
    });
  } catch {
    return fail(deskError('profile/wrong-password'));
  } finally {
    outer.fill(0);
  }
}

/** Overwrites keys that are no longer needed. */
export function forgetKeys(keys: DataKeys): void {
  keys.work.fill(0);
  keys.cache.fill(0);
}

async function outerKey(by: LockedKeys['by'], salt: Uint8Array, opener: Opener): Promise<Buffer> {
  const fromPassword = by.kind === 'open' ? Buffer.alloc(32) : await stretch(opener.password ?? '', by, salt);
  const secret = opener.keychainSecret ?? new Uint8Array(0);
  // Length first, so that no pair of password and secret can stand for another pair.
  const material = Buffer.concat([Buffer.from([secret.length]), fromPassword, secret]);
  const outer = Buffer.from(hkdfSync('sha256', material, salt, `fairlead profile keys 1 ${by.kind}`, 32));
  material.fill(0);
  fromPassword.fill(0);
  return outer;
}

function stretch(password: string, cost: PasswordCost, salt: Uint8Array): Promise<Buffer> {
  // One person types on keyboards that compose letters differently.
  const text = password.normalize('NFC');
  return hashRaw(text, { memoryCost: cost.memoryKib, timeCost: cost.passes, parallelism: 1, outputLen: 32, salt });
}

function seal(outer: Uint8Array, key: Uint8Array, label: string): Sealed {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', outer, iv);
  cipher.setAAD(Buffer.from(label, 'utf8'));
  const data = Buffer.concat([cipher.update(key), cipher.final()]);
  return { iv: iv.toString('base64'), tag: cipher.getAuthTag().toString('base64'), data: data.toString('base64') };
}

function unseal(outer: Uint8Array, sealed: Sealed, label: string): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', outer, Buffer.from(sealed.iv, 'base64'), { authTagLength: 16 });
  decipher.setAAD(Buffer.from(label, 'utf8'));
  decipher.setAuthTag(Buffer.from(sealed.tag, 'base64'));
  return Buffer.concat([decipher.update(Buffer.from(sealed.data, 'base64')), decipher.final()]);
}
