/** The system libraries Electron needs on Linux, by the Debian package that holds each, and the virtual display. */
import { aptInstall, NeedsHand } from './apt.mjs';
import { capture, which } from './shell.mjs';

/** @type {Readonly<Record<string, string>>} */
const packageOf = {
  'libglib-2.0.so.0': 'libglib2.0-0',
  'libgobject-2.0.so.0': 'libglib2.0-0',
  'libgio-2.0.so.0': 'libglib2.0-0',
  'libnss3.so': 'libnss3',
  'libnssutil3.so': 'libnss3',
  'libsmime3.so': 'libnss3',
  'libnspr4.so': 'libnspr4',
  'libdbus-1.so.3': 'libdbus-1-3',
  'libatk-1.0.so.0': 'libatk1.0-0',
  'libatk-bridge-2.0.so.0': 'libatk-bridge2.0-0',
  'libatspi.so.0': 'libatspi2.0-0',
  'libcups.so.2': 'libcups2',
  'libdrm.so.2': 'libdrm2',
  'libgtk-3.so.0': 'libgtk-3-0',
  'libpango-1.0.so.0': 'libpango-1.0-0',
  'libcairo.so.2': 'libcairo2',
  'libX11.so.6': 'libx11-6',
  'libX11-xcb.so.1': 'libx11-xcb1',
  'libXcomposite.so.1': 'libxcomposite1',
  'libXdamage.so.1': 'libxdamage1',
  'libXext.so.6': 'libxext6',
  'libXfixes.so.3': 'libxfixes3',
  'libXrandr.so.2': 'libxrandr2',
  'libgbm.so.1': 'libgbm1',
  'libexpat.so.1': 'libexpat1',
  'libxcb.so.1': 'libxcb1',
  'libxkbcommon.so.0': 'libxkbcommon0',
  'libudev.so.1': 'libudev1',
  'libasound.so.2': 'libasound2',
};

/** The libraries a program asks for and this machine lacks. @param {string} lddOutput what `ldd PROGRAM` printed */
export const missingLibraries = (lddOutput) =>
  [...lddOutput.matchAll(/^\s*(\S+) => not found/gm)].map((match) => match[1] ?? '');

/** The packages for these libraries; a library nobody knows is an error that names it. @param {readonly string[]} lost */
export function packagesFor(lost) {
  const unknown = lost.filter((library) => !packageOf[library]);
  if (unknown.length > 0)
    throw new NeedsHand(`Electron needs libraries this set-up does not know: ${unknown.join(' ')}`);
  return [...new Set(lost.map((library) => packageOf[library] ?? library))];
}

/**
 * Makes sure Electron can start here.
 * @param {string} exe Electron's program
 * @param {boolean} wantsVirtualDisplay
 * @returns {Promise<string>} what was done
 */
export async function ensureLibraries(exe, wantsVirtualDisplay) {
  if (process.platform !== 'linux') return 'not needed here';
  const lost = missingLibraries(capture('ldd', [exe]).out);
  const names = packagesFor(lost);
  if (wantsVirtualDisplay && !which('Xvfb')) names.push('xvfb');
  // A bare machine has no letters to draw with either.
  if (capture('fc-list', []).out.trim() === '') names.push('fonts-dejavu-core');
  if (names.length === 0) return 'all there';
  await aptInstall(names, lost.length > 0 ? `what Electron needs (${lost.join(' ')})` : 'what a window needs');
  const still = missingLibraries(capture('ldd', [exe]).out);
  if (still.length > 0) throw new NeedsHand(`Electron still misses: ${still.join(' ')}`);
  return `installed ${names.length} packages`;
}
