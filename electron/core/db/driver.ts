import { createHmac } from 'node:crypto';
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { type AppError, deskError } from '#shared/lib/errors.ts';
import { fail, ok, type Result } from '#shared/lib/result.ts';
import { readHead, writeFileAtomic } from './files.ts';

/** One open connection of the SQLite driver. Only `core/db` sees it; everyone else gets a ReadDb or a WriteDb. */
export type Sqlite = Database.Database;

/** Length of a data key in bytes (256 bit, used raw: no derivation inside SQLite). */
export const keyBytes = 32;

/** The cipher of a connection, or null when the driver has none: a plain driver does not know the pragma and answers nothing. */
export function cipherOf(db: Sqlite): string | null {
  const value = db.pragma('cipher', { simple: true });
  return typeof value === 'string' && value !== '' ? value : null;
}

/** The cipher the loaded driver offers, or null when it cannot encrypt. */
export function probeDriver(): string | null {
  const db = new Database(':memory:');
  try {
    return cipherOf(db);
  } finally {
    db.close();
  }
}

/** How a file is to be opened. `probe` is replaced only by tests of a driver without ciphers. */
export interface OpenOptions {
  readonly file: string;
  /** 32 random bytes. */
  readonly key: Uint8Array;
  readonly mustExist?: boolean;
  readonly probe?: () => string | null;
}

/**
 * Opens (or creates) a file encrypted with chacha20-poly1305 and a raw key, in WAL mode.
 * Errors: `store/no-cipher` (the driver would write plain text, so nothing was touched), `store/not-encrypted` (the file is plain),
 * `store/wrong-key`, `store/corrupt`, `store/missing`, and those of `storeError`.
 */
export function openEncrypted(options: OpenOptions): Result<Sqlite> {
  const refused = refuseBeforeOpening(options);
  if (refused) return fail(refused);
  let db: Sqlite | null = null;
  try {
    writeKeyCheck(options);
    db = new Database(options.file, { timeout: 2000 });
    db.pragma("cipher='chacha20'");
    db.pragma(`key="x'${hexOf(options.key)}'"`);
    db.prepare('select count(*) from sqlite_schema').get();
    setPragmas(db);
    restoreKeyCheck(options);
    return ok(db);
  } catch (thrown) {
    db?.close();
    return fail(tellApart(options, thrown));
  }
}

/** The same questions for a file that is about to be attached to an open connection. */
export function refuseBeforeOpening(options: OpenOptions): AppError | null {
  if (options.key.length !== keyBytes) return deskError('store/bad-key', { params: { bytes: options.key.length } });
  if ((options.probe ?? probeDriver)() === null) return deskError('store/no-cipher');
  const isThere = hasContent(options.file);
  if (!isThere && options.mustExist === true) return deskError('store/missing');
  if (isThere && looksPlain(options.file)) return deskError('store/not-encrypted');
  if (isThere && keyFits(options.file, options.key) === 'other') return deskError('store/wrong-key');
  return null;
}

/** What failed while opening: a key that is known to fit means that the file is damaged. */
export function tellApart(options: OpenOptions, thrown: unknown): AppError {
  const error = storeError(thrown);
  if (error.code !== 'store/corrupt') return error;
  return keyFits(options.file, options.key) === 'unknown' ? deskError('store/wrong-key') : error;
}

/** `x'..'` notation is the only way to hand a raw key to the driver's SQL. */
export function hexOf(key: Uint8Array): string {
  return Buffer.from(key).toString('hex');
}

/**
 * Turns what the driver or the file system threw into an error value. Anything that is neither is a defect and is thrown on.
 * Codes: `store/disk-full`, `store/corrupt`, `store/busy`, `store/read-only`, `store/cannot-open`, `store/io`, `store/constraint`.
 */
export function storeError(thrown: unknown): AppError {
  const code = codeOf(thrown);
  if (code === null) throw thrown;
  if (code === 'SQLITE_FULL' || code === 'ENOSPC' || code === 'EDQUOT')
    return deskError('store/disk-full', { retry: 'later' });
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') return deskError('store/corrupt');
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED'))
    return deskError('store/busy', { retry: 'now' });
  if (code.startsWith('SQLITE_READONLY') || code === 'EACCES' || code === 'EROFS' || code === 'EPERM')
    return deskError('store/read-only');
  if (code.startsWith('SQLITE_CANTOPEN') || code === 'ENOENT') return deskError('store/cannot-open');
  if (code.startsWith('SQLITE_CONSTRAINT')) return deskError('store/constraint', { params: { why: code } });
  if (code.startsWith('SQLITE_IOERR') || code.startsWith('E'))
    return deskError('store/io', { retry: 'later', params: { why: code } });
  throw thrown;
}

/** Deletes a database with all that belongs to it (write-ahead log, its index, the key check). */
export function removeDatabase(file: string): void {
  for (const part of ['', '-wal', '-shm', '-journal', '.key-check']) rmSync(file + part, { force: true });
}

function codeOf(thrown: unknown): string | null {
  if (!(thrown instanceof Error) || !('code' in thrown) || typeof thrown.code !== 'string') return null;
  return /^(SQLITE_|E[A-Z]+$)/.test(thrown.code) ? thrown.code : null;
}

function setPragmas(db: Sqlite): void {
  // Temporary tables and sorts would otherwise be written to the system's temporary folder, unencrypted.
  db.pragma('temp_store = MEMORY');
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma('fullfsync = ON');
  db.pragma('secure_delete = ON');
  db.pragma('foreign_keys = ON');
}

function hasContent(file: string): boolean {
  return existsSync(file) && statSync(file).size > 0;
}

function looksPlain(file: string): boolean {
  return readHead(file, 15).toString('latin1') === 'SQLite format 3';
}

function keyCheckOf(key: Uint8Array): string {
  return createHmac('sha256', key).update('fairlead store key check 1').digest('hex').slice(0, 32);
}

/**
 * SQLite says "not a database" both for a wrong key and for a damaged first page. A keyed digest beside the file tells them apart;
 * it gives nothing away, because the key is 256 random bits.
 */
function keyFits(file: string, key: Uint8Array): 'fits' | 'other' | 'unknown' {
  const path = `${file}.key-check`;
  if (!existsSync(path)) return 'unknown';
  const text = readFileSync(path, 'utf8').trim();
  if (!/^[0-9a-f]{32}$/.test(text)) return 'unknown';
  return text === keyCheckOf(key) ? 'fits' : 'other';
}

/** Written before the file itself, so that no file is ever without one. */
export function writeKeyCheck({ file, key }: { file: string; key: Uint8Array }): void {
  if (!hasContent(file)) writeFileAtomic(`${file}.key-check`, keyCheckOf(key));
}

/** Writes a lost digest again, once the key is known to open the file. */
export function restoreKeyCheck({ file, key }: { file: string; key: Uint8Array }): void {
  if (keyFits(file, key) === 'unknown') writeFileAtomic(`${file}.key-check`, keyCheckOf(key));
}
