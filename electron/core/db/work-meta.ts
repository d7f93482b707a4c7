import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { ReadDb, WriteDb } from './handles.ts';

/** A lasting fact of this profile (never lost with the cache), or null. Prefix the key with who owns it (`sync.`, `session.`). */
export function readMeta(db: ReadDb, key: string): string | null {
  return db.value<string>('select value from main.meta where key = ?', key) ?? null;
}

/** Sets a lasting fact; null removes it. */
export function writeMeta(tx: WriteDb, key: string, value: string | null): void {
  if (value === null) tx.run('delete from main.meta where key = ?', key);
  else
    tx.run(
      'insert into main.meta(key, value) values(?, ?) on conflict do update set value = excluded.value',
      key,
      value,
    );
}

/** The number of the last command this device made; 0 before the first. */
export function lastCommandNumber(db: ReadDb): number {
  return Number(readMeta(db, 'store.last_n') ?? 0);
}

/** Counts one command, in the transaction that stores it: a number is used once, whatever is pruned or crashes. */
export function nextCommandNumber(tx: WriteDb): number {
  const n = lastCommandNumber(tx) + 1;
  writeMeta(tx, 'store.last_n', String(n));
  return n;
}

/** Starts counting anew for a device that was enrolled again; `last` is what its hub has seen of it (0 for a new device). */
export function restartCommandNumbers(tx: WriteDb, last: number): void {
  writeMeta(tx, 'store.last_n', String(last));
}

/** A device's signing key. `publicKey` is base64 SPKI DER as the hub wants it. */
export interface DeviceKey {
  readonly privateKey: KeyObject;
  readonly publicKey: string;
}

/** Makes a new Ed25519 key; kept nowhere until `keepDeviceKey`. */
export function mintDeviceKey(): DeviceKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return { privateKey, publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64') };
}

/** Keeps the device's key in work.db (PKCS8). */
export function keepDeviceKey(tx: WriteDb, key: DeviceKey): void {
  writeMeta(tx, 'store.device_key', key.privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64'));
}

/** The device's key, or null before it was kept. */
export function deviceKey(db: ReadDb): DeviceKey | null {
  const kept = readMeta(db, 'store.device_key');
  if (kept === null) return null;
  const privateKey = createPrivateKey({ key: Buffer.from(kept, 'base64'), format: 'der', type: 'pkcs8' });
  return {
    privateKey,
    publicKey: createPublicKey(privateKey).export({ type: 'spki', format: 'der' }).toString('base64'),
  };
}

const threeDays = 3 * 24 * 3_600_000;

/**
 * How long sent commands are kept (ms): a hub that comes back from the backup of last night is
 * offered all of them again. Every hub remembers outcomes at least twice as long, so none is done twice.
 */
export function sentLogFor(offlineForMs: number): number {
  return Math.max(offlineForMs, threeDays);
}

/**
 * Forgets sent commands settled before `settledBefore` (epoch ms): now minus `sentLogFor`. What was refused, held or failed stays until a person has dealt with it. Answers how many went.
 */
export function pruneSentLog(tx: WriteDb, settledBefore: number): number {
  return tx.run(`delete from main.outbox where state in ('done', 'discarded') and settled_at < ?`, settledBefore)
    .changes;
}
