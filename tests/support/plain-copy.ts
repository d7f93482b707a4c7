import { createDecipheriv } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';

/** Everything an encrypted database holds, as a thief with its key would see it. */
export interface PlainCopy {
  /** Every page of the file as it lies on disk, free pages included: a plain SQLite file. What is still in the log is not in it. */
  readonly pages: Buffer;
  /** Every frame in the write-ahead log, also overwritten ones and ones of an earlier round of the log. */
  readonly frames: Buffer;
  /** Where a text (UTF-8) stands: counts. The search index stores words in lower case, without what they share with the word before. */
  find(text: string): { pages: number; frames: number };
}

const walHeaderBytes = 32;
const frameHeaderBytes = 24;
const reservedBytes = 32;

/**
 * Decrypts an encrypted database page by page, and its write-ahead log frame by frame, without changing either (they may be open).
 * Not by `PRAGMA rekey`: that vacuums when the encryption goes (the pages' reserved bytes go with it), and a vacuum would hide
 * exactly what a leak scan looks for. For tests and leak scans only.
 */
export function plainCopy(options: { file: string; key: Uint8Array }): PlainCopy {
  const pages = decryptFile(readFileSync(options.file), options.key);
  const frames = decryptFrames(`${options.file}-wal`, options.key);
  return { pages, frames, find: (text) => ({ pages: count(pages, text), frames: count(frames, text) }) };
}

function decryptFile(bytes: Buffer, key: Uint8Array): Buffer {
  if (bytes.length === 0) return bytes;
  // Bytes 16 to 23 of the file are open; the first two are the page size, where 1 stands for 65536.
  const size = bytes.readUInt16BE(16) === 1 ? 65_536 : bytes.readUInt16BE(16);
  const plain: Buffer[] = [];
  for (let at = 0; at + size <= bytes.length; at += size)
    plain.push(decryptPage(bytes.subarray(at, at + size), at / size + 1, key));
  const pages = Buffer.concat(plain);
  pages.write('SQLite format 3\0', 0, 'latin1');
  return pages;
}

/** Decrypts each frame by itself: SQLite would only show the newest version of each page. */
function decryptFrames(wal: string, key: Uint8Array): Buffer {
  if (!existsSync(wal)) return Buffer.alloc(0);
  const bytes = readFileSync(wal);
  if (bytes.length < walHeaderBytes) return Buffer.alloc(0);
  const pageSize = bytes.readUInt32BE(8);
  const plain: Buffer[] = [];
  for (let at = walHeaderBytes; at + frameHeaderBytes + pageSize <= bytes.length; at += frameHeaderBytes + pageSize) {
    const page = bytes.subarray(at + frameHeaderBytes, at + frameHeaderBytes + pageSize);
    plain.push(decryptPage(page, bytes.readUInt32BE(at), key));
  }
  return Buffer.concat(plain);
}

/**
 * One page of the driver's chacha20 format: the last 32 bytes are nonce and tag; the key of the page is made from the raw key, the
 * nonce and the page's number. The first page begins with 24 open bytes (salt, and what SQLite has to know before it can decrypt).
 */
export function decryptPage(page: Buffer, number: number, key: Uint8Array): Buffer {
  const end = page.length - reservedBytes;
  const nonce = page.subarray(end, end + 12);
  const counter = (page.readUInt32LE(end + 12) ^ number) >>> 0;
  const pageKey = chacha(key, nonce, counter, Buffer.alloc(64)).subarray(32);
  const open = number === 1 ? 24 : 0;
  const plain = chacha(pageKey, nonce, (counter + 1) >>> 0, page.subarray(open, end));
  return Buffer.concat([page.subarray(0, open), plain, page.subarray(end)]);
}

function chacha(key: Uint8Array, nonce: Buffer, counter: number, input: Buffer): Buffer {
  const start = Buffer.alloc(16);
  start.writeUInt32LE(counter, 0);
  nonce.copy(start, 4);
  return createDecipheriv('chacha20', key, start).update(input);
}

function count(bytes: Buffer, text: string): number {
  let found = 0;
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) found += 1;
  return found;
}
