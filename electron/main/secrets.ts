import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { SecretAnswer } from '#shared/ipc/host.ts';

/** What seals text so that only this user on this computer can open it again. */
export type Vault = {
  /** False where sealing would only look like it (Linux without a keychain: a fixed, public key). */
  isReal(): boolean;
  seal(text: string): Buffer;
  open(sealed: Buffer): string;
};

export type Secrets = {
  /** The profile's secret; made and sealed first when `isNew` and a real vault is there. Never throws. */
  get(profile: string, isNew: boolean): SecretAnswer;
  forget(profile: string): void;
};

const secretForm = /^[A-Za-z0-9+/]{43}=$/;

/** Losing this file loses the profile, so it is on the disk, not in a cache, before anyone is told the secret. */
function writeDurably(file: string, bytes: Buffer): void {
  const handle = openSync(`${file}.new`, 'w', 0o600);
  try {
    writeSync(handle, bytes);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(`${file}.new`, file);
}

function readIfThere(file: string): Buffer | null {
  try {
    return readFileSync(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

/**
 * Keeps one random secret per profile, sealed, as `<profile>.sealed` in `dir`.
 * @param random 32 fresh random bytes
 * @param onError hears what went wrong (never the secret)
 */
export function createSecrets(
  dir: string,
  vault: Vault,
  random: () => Buffer,
  onError: (error: unknown) => void,
): Secrets {
  const fileOf = (profile: string): string => join(dir, `${profile}.sealed`);
  const make = (profile: string): SecretAnswer => {
    if (!vault.isReal()) return { kind: 'none' };
    const secret = random().toString('base64');
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    writeDurably(fileOf(profile), vault.seal(secret));
    return { kind: 'kept', secret };
  };
  const read = (profile: string): SecretAnswer => {
    const sealed = readIfThere(fileOf(profile));
    if (sealed === null) return { kind: 'none' };
    const secret = vault.isReal() ? vault.open(sealed) : '';
    return secretForm.test(secret) ? { kind: 'kept', secret } : { kind: 'unreadable' };
  };
  return {
    get(profile, isNew) {
      try {
        return isNew ? make(profile) : read(profile);
      } catch (error) {
        onError(error);
        // A new profile may go on with its password alone; an old one that had a secret cannot.
        return { kind: isNew ? 'none' : 'unreadable' };
      }
    },
    forget(profile) {
      try {
        rmSync(fileOf(profile), { force: true });
      } catch (error) {
        onError(error);
      }
    },
  };
}
