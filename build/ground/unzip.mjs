/** Takes chosen files out of a zip, without dependencies: stored and deflated entries, below 4 GB and 65,535 files. */
import { chmodSync, closeSync, mkdirSync, openSync, readSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize, sep } from 'node:path';
import { inflateRawSync } from 'node:zlib';

const endOfDirectory = Buffer.from('504b0506', 'hex');
const symlink = 0o120000;

/**
 * Unpacks `file` into `folder`.
 * @param {string} file
 * @param {string} folder
 * @param {(name: string) => string | null} place the path inside `folder` for an entry, or null to leave it out
 * @returns {number} how many files were written
 */
export function unzip(file, folder, place) {
  const handle = openSync(file, 'r');
  const size = statSync(file).size;
  /** @param {number} from @param {number} length */
  const read = (from, length) => {
    const bytes = Buffer.alloc(length);
    readSync(handle, bytes, 0, length, from);
    return bytes;
  };
  try {
    const tail = read(Math.max(0, size - 65_557), Math.min(size, 65_557));
    const end = tail.lastIndexOf(endOfDirectory);
    if (end < 0) throw new Error(`${file} is not a whole zip file`);
    const count = tail.readUInt16LE(end + 10);
    const directory = read(tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12));
    let written = 0;
    for (let entry = 0, at = 0; entry < count; entry += 1) {
      const method = directory.readUInt16LE(at + 10);
      const packedSize = directory.readUInt32LE(at + 20);
      const nameLength = directory.readUInt16LE(at + 28);
      const mode = directory.readUInt32LE(at + 38) >>> 16;
      const offset = directory.readUInt32LE(at + 42);
      const name = directory.toString('utf8', at + 46, at + 46 + nameLength);
      at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
      const wanted = name.endsWith('/') ? null : place(name);
      if (!wanted) continue;
      const target = normalize(join(folder, wanted));
      if (!target.startsWith(folder + sep)) throw new Error(`${file} wants to write outside its folder: ${name}`);
      const header = read(offset, 30);
      const packed = read(offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28), packedSize);
      const data = method === 8 ? inflateRawSync(packed) : packed;
      mkdirSync(dirname(target), { recursive: true });
      if ((mode & 0o170000) === symlink) symlinkSync(data.toString(), target);
      else {
        writeFileSync(target, data);
        chmodSync(target, mode & 0o777 || 0o644);
      }
      written += 1;
    }
    return written;
  } finally {
    closeSync(handle);
  }
}
