import { hashRaw } from '@node-rs/argon2';
import { expect, test } from 'vitest';
import { systemClock } from '#shared/lib/time.ts';
import {
  calibrateCost,
  type DataKeys,
  forgetKeys,
  type LockedKeys,
  lockKeys,
  mintDataKeys,
  type Opener,
  unlockKeys,
} from './keys.ts';

const cost = { memoryKib: 8192, passes: 1 };
const secret = new Uint8Array(32).fill(3);
const opener = (password: string | null, keychainSecret: Uint8Array | null = null): Opener => ({
  password,
  keychainSecret,
});

async function opens(locked: LockedKeys, by: Opener, owner = 'p1'): Promise<DataKeys | string> {
  const result = await unlockKeys(locked, owner, by);
  return result.ok ? result.value : result.error.code;
}

test('the password opens the very keys that were locked; another password does not', async () => {
  const keys = mintDataKeys();
  const locked = await lockKeys(keys, 'p1', opener('correct horse'), cost);
  expect(await opens(locked, opener('correct horse'))).toEqual(keys);
  expect(await opens(locked, opener('correct horsf'))).toBe('profile/wrong-password');
  expect(await opens(locked, opener(null))).toBe('profile/wrong-password');
});

test('with a keychain both the password and its secret are needed', async () => {
  const keys = mintDataKeys();
  const locked = await lockKeys(keys, 'p1', opener('correct horse', secret), cost);
  expect(await opens(locked, opener('correct horse', secret))).toEqual(keys);
  expect(await opens(locked, opener('correct horse'))).toBe('profile/keychain-needed');
  expect(await opens(locked, opener('correct horse', new Uint8Array(32).fill(4)))).toBe('profile/wrong-password');
  expect(await opens(locked, opener('other', secret))).toBe('profile/wrong-password');
});

test('a keychain that appears later does not shut out a profile that was made without one', async () => {
  const keys = mintDataKeys();
  const locked = await lockKeys(keys, 'p1', opener('correct horse'), cost);
  expect(await opens(locked, opener('correct horse', secret))).toEqual(keys);
});

test('locked keys cannot be moved to another profile, nor one file’s key stand for the other’s', async () => {
  const locked = await lockKeys(mintDataKeys(), 'p1', opener('correct horse'), cost);
  expect(await opens(locked, opener('correct horse'), 'p2')).toBe('profile/wrong-password');
  const swapped = { ...locked, work: locked.cache, cache: locked.work };
  expect(await opens(swapped, opener('correct horse'))).toBe('profile/wrong-password');
});

test('a demo profile opens without a password', async () => {
  const keys = mintDataKeys();
  const locked = await lockKeys(keys, 'p1', opener(null), cost);
  expect(locked.by).toEqual({ kind: 'open' });
  expect(await opens(locked, opener(null))).toEqual(keys);
});

test('letters composed in different ways are the same password', async () => {
  const keys = mintDataKeys();
  const locked = await lockKeys(keys, 'p1', opener('gr\u00fcnes Zelt'), cost);
  expect(await opens(locked, opener('gru\u0308nes Zelt'))).toEqual(keys);
});

test('every lock has its own salt, and no key stands in it', async () => {
  const keys = mintDataKeys();
  const [one, two] = [await lockKeys(keys, 'p1', opener('x'), cost), await lockKeys(keys, 'p1', opener('x'), cost)];
  expect(one.salt).not.toBe(two.salt);
  expect(one.work.data).not.toBe(two.work.data);
  expect(JSON.stringify(one)).not.toContain(Buffer.from(keys.work).toString('base64').slice(0, 20));
});

test('forgotten keys are overwritten', () => {
  const keys = mintDataKeys();
  forgetKeys(keys);
  expect([...keys.work, ...keys.cache].every((byte) => byte === 0)).toBe(true);
});

test('calibration never goes below two passes over 64 MiB', async () => {
  expect(await calibrateCost(systemClock, 1)).toEqual({ memoryKib: 65_536, passes: 2 });
});

test('the stretching is argon2id version 1.3 (a vector of the reference implementation)', async () => {
  // argon2 "password" with salt "somesalt", t=2, m=65536, p=1, as printed by the reference command line tool.
  const options = { memoryCost: 65_536, timeCost: 2, parallelism: 1, outputLen: 32, salt: Buffer.from('somesalt') };
  const hash = await hashRaw('password', options);
  expect(hash.toString('hex')).toBe('09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7');
});
