import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import * as fs from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import * as z from 'zod/mini';
import { hubError } from '#shared/lib/errors.ts';
import type { Result } from '#shared/lib/result.ts';
import { fail, ok } from '#shared/lib/result.ts';

/*
 * The file: one line of JSON (the header, readable with `head -1`), then gzip of the tables' COPY text in the header's
 * order, each as blocks of four bytes length and that many bytes, ended by a length of nought; then one line with the
 * sha256 of every byte before it.
 */

const format = 'fairlead-backup';
const version = 1;
const longestHeader = 8 * 1024 * 1024;
const longestBlock = 256 * 1024 * 1024;
const trailerBytes = 8 + 64 + 1; // "\nsha256 ", hex, "\n"

const countSchema = z.int().check(z.gte(0));
const headerSchema = z.object({
  format: z.literal(format),
  version: z.literal(version),
  madeAt: countSchema,
  /** Version of the server it was made from, in words. */
  server: z.string(),
  migrations: z.array(z.object({ number: countSchema, name: z.string(), checksum: z.string() })),
  tables: z.array(z.object({ name: z.string(), columns: z.array(z.string()), rows: countSchema })),
  sequences: z.array(z.object({ name: z.string(), value: z.int() })),
  /** Tables left out on purpose. */
  without: z.array(z.string()),
});

/** What a backup says of itself. */
export type BackupHeader = z.infer<typeof headerSchema>;
/** What whoever makes one has to say. */
export type BackupContent = Omit<BackupHeader, 'format' | 'version'>;

/**
 * Writes a backup beside its place and moves it there when all of it is on disk; only its owner may read it.
 * `blocks` gives the bytes of one table after the other.
 */
export async function writeBackupFile(
  file: string,
  content: BackupContent,
  blocks: (table: BackupHeader['tables'][number]) => AsyncIterable<Buffer>,
): Promise<void> {
  const half = `${file}.part-${process.pid}`;
  const handle = await fs.open(half, 'wx', 0o600);
  try {
    const hash = createHash('sha256');
    const put = async (bytes: Buffer): Promise<void> => {
      hash.update(bytes);
      await handle.writeFile(bytes);
    };
    await put(Buffer.from(`${JSON.stringify({ format, version, ...content } satisfies BackupHeader)}\n`));
    await pipeline(Readable.from(framed(content, blocks)), createGzip(), async (packed: AsyncIterable<Buffer>) => {
      for await (const bytes of packed) await put(bytes);
    });
    await handle.writeFile(`\nsha256 ${hash.digest('hex')}\n`);
    await handle.sync();
    await handle.close();
    await fs.rename(half, file);
    await syncFolder(dirname(file));
  } catch (error) {
    await handle.close().catch(() => undefined);
    await fs.rm(half, { force: true });
    throw error;
  }
}

async function* framed(
  content: BackupContent,
  blocks: (table: BackupHeader['tables'][number]) => AsyncIterable<Buffer>,
): AsyncGenerator<Buffer> {
  for (const table of content.tables) {
    for await (const block of blocks(table)) {
      if (block.length > 0) yield Buffer.concat([lengthOf(block.length), block]);
    }
    yield lengthOf(0);
  }
}

function lengthOf(n: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(n);
  return bytes;
}

async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return; // a folder cannot be opened there
  const handle = await fs.open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}

/** A backup whose every byte was found to be as it was written. */
export interface CheckedBackup {
  readonly header: BackupHeader;
  /** Gives the tables in the header's order; each one's blocks must be read to their end. */
  read(take: (table: BackupHeader['tables'][number], blocks: AsyncIterable<Buffer>) => Promise<void>): Promise<void>;
}

/**
 * Reads the whole file once and checks it before anything is done with it.
 * Errors: `database/backup-missing`, `database/backup-damaged`, `database/backup-unknown` (not ours, or of a newer hub).
 */
export async function checkBackupFile(file: string): Promise<Result<CheckedBackup>> {
  const size = await fs
    .stat(file)
    .then((s) => (s.isFile() ? s.size : null))
    .catch(() => null);
  if (size === null) return fail(hubError('database/backup-missing', { params: { why: `there is no file ${file}` } }));
  const first = await firstLine(file);
  if (first === null) return unknown(file);
  if (size < first.length + 1 + trailerBytes) return damaged(file);
  const hash = createHash('sha256');
  const end = size - trailerBytes;
  for await (const bytes of createReadStream(file, { end: end - 1 }) as AsyncIterable<Buffer>) hash.update(bytes);
  let said = '';
  for await (const bytes of createReadStream(file, { start: end }) as AsyncIterable<Buffer>)
    said += bytes.toString('latin1');
  if (said !== `\nsha256 ${hash.digest('hex')}\n`) return damaged(file);
  const header = z.safeParse(headerSchema, parsed(first));
  if (!header.success) return unknown(file);
  return ok({
    header: header.data,
    async read(take) {
      const packed = createReadStream(file, { start: first.length + 1, end: end - 1 });
      await pipeline(packed, createGunzip(), async (plain: AsyncIterable<Buffer>) => {
        const bytes = new Bytes(plain);
        for (const table of header.data.tables) await take(table, blocksOf(bytes));
        await bytes.end();
      });
    },
  });
}

function parsed(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString('utf8'));
  } catch {
    return null;
  }
}

async function firstLine(file: string): Promise<Buffer | null> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const bytes of createReadStream(file) as AsyncIterable<Buffer>) {
    if (size === 0 && bytes[0] !== 0x7b) return null; // not a `{`
    const at = bytes.indexOf(0x0a);
    parts.push(at < 0 ? bytes : bytes.subarray(0, at));
    size += bytes.length;
    if (at >= 0) break;
    if (size > longestHeader) return null;
  }
  const line = Buffer.concat(parts);
  return line.includes(`"${format}"`) ? line : null;
}

async function* blocksOf(bytes: Bytes): AsyncGenerator<Buffer> {
  for (;;) {
    const length = (await bytes.take(4)).readUInt32BE();
    if (length === 0) return;
    if (length > longestBlock) throw new Error('a block of impossible length');
    yield await bytes.take(length);
  }
}

/** Takes exact numbers of bytes from a stream that comes in pieces of any size. */
class Bytes {
  private readonly source: AsyncIterator<Buffer>;
  private rest: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.source = source[Symbol.asyncIterator]();
  }

  async take(n: number): Promise<Buffer> {
    const parts = [this.rest];
    let size = this.rest.length;
    while (size < n) {
      const next = await this.source.next();
      if (next.done === true) throw new Error('the backup ends too early');
      parts.push(next.value);
      size += next.value.length;
    }
    const all = parts.length === 1 ? this.rest : Buffer.concat(parts);
    this.rest = all.subarray(n);
    return all.subarray(0, n);
  }

  async end(): Promise<void> {
    if (this.rest.length > 0 || (await this.source.next()).done !== true)
      throw new Error('the backup goes on after its end');
  }
}

function damaged(file: string): { ok: false; error: ReturnType<typeof hubError> } {
  return fail(
    hubError('database/backup-damaged', {
      params: { why: `${file} is not as it was written (its checksum does not match): use another copy` },
    }),
  );
}

function unknown(file: string): { ok: false; error: ReturnType<typeof hubError> } {
  return fail(
    hubError('database/backup-unknown', {
      params: { why: `${file} is not a backup this hub can read (or one of a newer hub)` },
    }),
  );
}
