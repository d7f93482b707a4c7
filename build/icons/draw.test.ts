import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { ico, png } from './draw.ts';

test('a drawn PNG has its size, clear corners and a filled middle', () => {
  const image = png(32);
  expect([image.readUInt32BE(16), image.readUInt32BE(20)]).toEqual([32, 32]);
  const rows = inflateSync(image.subarray(41, 41 + image.readUInt32BE(33)));
  const alpha = (x: number, y: number): number | undefined => rows[y * 129 + 1 + x * 4 + 3];
  expect([alpha(0, 0), alpha(31, 31), alpha(16, 16)]).toEqual([0, 0, 255]);
});

test('a Windows icon lists each of its pictures with place and length', () => {
  const icon = ico([16, 256]);
  expect(icon.readUInt16LE(4)).toBe(2);
  expect([icon[6], icon[22]]).toEqual([16, 0]);
  const place = icon.readUInt32LE(22 + 12);
  expect(icon.subarray(place + 1, place + 4).toString()).toBe('PNG');
  expect(place + icon.readUInt32LE(22 + 8)).toBe(icon.length);
});

test('the committed pictures are what is drawn', () => {
  expect(readFileSync(join(import.meta.dirname, '32x32.png')).equals(png(32))).toBe(true);
});
