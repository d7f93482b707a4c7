import { expect, test } from 'vitest';
import { NeedsHand } from './apt.mjs';
import { missingLibraries, packagesFor } from './libraries.mjs';

const ldd = `
	linux-vdso.so.1 (0x00007ffd)
	libnss3.so => not found
	libsmime3.so => not found
	libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f)
	libgtk-3.so.0 => not found
`;

test('the libraries that the loader does not find are named', () => {
  expect(missingLibraries(ldd)).toEqual(['libnss3.so', 'libsmime3.so', 'libgtk-3.so.0']);
  expect(missingLibraries('')).toEqual([]);
});

test('each package is asked for once', () => {
  expect(packagesFor(['libnss3.so', 'libsmime3.so', 'libgtk-3.so.0'])).toEqual(['libnss3', 'libgtk-3-0']);
});

test('a library that nobody knows is named instead of guessed', () => {
  expect(() => packagesFor(['libnss3.so', 'libnew.so.9'])).toThrow(NeedsHand);
  expect(() => packagesFor(['libnew.so.9'])).toThrow('libnew.so.9');
});
