import { deflateSync } from 'node:zlib';

/** Fairlead's sign: a rope led through a ring, drawn by distances so that every size is sharp. */

type Colour = readonly [number, number, number];
const top: Colour = [0x3b, 0x74, 0xf2];
const bottom: Colour = [0x1d, 0x48, 0xb4];
const white: Colour = [0xff, 0xff, 0xff];
const rope: Colour = [0xbf, 0xd3, 0xff];

const ring = { x: 0.5, y: 0.5, radius: 0.225, half: 0.05 } as const;
const ropeHalf = 0.042;
const samples = 4;

/** Distance to the square with round corners; negative inside. Coordinates run from 0 to 1. */
function tile(x: number, y: number): number {
  const radius = 0.22;
  const dx = Math.max(Math.abs(x - 0.5) - (0.5 - radius), 0);
  const dy = Math.max(Math.abs(y - 0.5) - (0.5 - radius), 0);
  return Math.hypot(dx, dy) - radius;
}

const toRing = (x: number, y: number): number => Math.abs(Math.hypot(x - ring.x, y - ring.y) - ring.radius) - ring.half;

/** The rope comes from the lower left, passes over the ring, through it and on behind it to the upper right. */
const ropeHeight = (x: number): number => 0.5 - 0.24 * Math.sin((x - 0.5) * Math.PI);
function toRope(x: number, y: number): number {
  let nearest = Math.abs(y - ropeHeight(x));
  if (nearest > 0.2) return nearest;
  for (let n = -24; n <= 24; n += 1) {
    const at = x + n / 240;
    nearest = Math.min(nearest, Math.hypot(x - at, y - ropeHeight(at)));
  }
  return nearest - ropeHalf;
}

function colourAt(x: number, y: number): Colour | null {
  if (tile(x, y) > 0) return null;
  const shade = (from: number, to: number): number => from + (to - from) * y;
  const ground: Colour = [shade(top[0], bottom[0]), shade(top[1], bottom[1]), shade(top[2], bottom[2])];
  const onRing = toRing(x, y);
  const onRope = toRope(x, y);
  const gap = 0.022;
  if (x < 0.5) {
    if (onRope <= 0) return rope;
    if (onRing <= 0) return onRope <= gap ? ground : white;
    return ground;
  }
  if (onRing <= 0) return white;
  return onRope <= 0 && onRing > gap ? rope : ground;
}

const crcTable = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k += 1) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});
function crc(bytes: Uint8Array): number {
  let c = 0xffffffff;
  for (const byte of bytes) c = (crcTable[(c ^ byte) & 0xff] ?? 0) ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc(body), body.length + 4);
  return out;
}

/** The sign as a PNG of `size` by `size` pixels. */
export function png(size: number): Buffer {
  const rows = Buffer.alloc(size * (1 + size * 4));
  for (let py = 0; py < size; py += 1) {
    for (let px = 0; px < size; px += 1) {
      const sum = [0, 0, 0, 0];
      for (let s = 0; s < samples * samples; s += 1) {
        const x = (px + ((s % samples) + 0.5) / samples) / size;
        const y = (py + (Math.floor(s / samples) + 0.5) / samples) / size;
        const colour = colourAt(x, y);
        if (!colour) continue;
        for (const n of [0, 1, 2] as const) sum[n] = (sum[n] ?? 0) + colour[n];
        sum[3] = (sum[3] ?? 0) + 1;
      }
      const seen = sum[3] ?? 0;
      const at = py * (1 + size * 4) + 1 + px * 4;
      for (const n of [0, 1, 2] as const) rows[at + n] = seen === 0 ? 0 : Math.round((sum[n] ?? 0) / seen);
      rows[at + 3] = Math.round((seen * 255) / (samples * samples));
    }
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(size, 0);
  head.writeUInt32BE(size, 4);
  head.set([8, 6, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A Windows icon holding PNGs of the given sizes (256 at most). */
export function ico(sizes: readonly number[]): Buffer {
  const images = sizes.map((size) => ({ size, data: png(size) }));
  const head = Buffer.alloc(6 + 16 * images.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(images.length, 4);
  let offset = head.length;
  images.forEach(({ size, data }, n) => {
    const at = 6 + 16 * n;
    head.set([size % 256, size % 256, 0, 0, 1, 0, 32, 0], at);
    head.writeUInt32LE(data.length, at + 8);
    head.writeUInt32LE(offset, at + 12);
    offset += data.length;
  });
  return Buffer.concat([head, ...images.map(({ data }) => data)]);
}

/** A macOS icon: PNGs under the type codes of their sizes. */
export function icns(): Buffer {
  const types = { ic07: 128, ic08: 256, ic09: 512, ic10: 1024, ic11: 32, ic12: 64 } as const;
  const parts = Object.entries(types).map(([type, size]) => {
    const data = png(size);
    const head = Buffer.alloc(8);
    head.write(type, 'latin1');
    head.writeUInt32BE(data.length + 8, 4);
    return Buffer.concat([head, data]);
  });
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(8);
  head.write('icns', 'latin1');
  head.writeUInt32BE(body.length + 8, 4);
  return Buffer.concat([head, body]);
}
