/** node_modules as the lockfile says, installed only when it differs. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { modules, npm, readJson, root, say, sha } from './shell.mjs';

const oldestElsewhere = [24, 15];
const oldest = [20, 19];

/**
 * Why this Node cannot do the set-up, or null. Linux x64 brings its own Node 24, so there an older one will do.
 * @param {string} version of Node, such as 20.19.1
 * @param {string} platform
 * @param {string} arch
 */
export function nodeComplaint(version, platform, arch) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [needMajor = 0, needMinor = 0] = platform === 'linux' && arch === 'x64' ? oldest : oldestElsewhere;
  if (major > needMajor || (major === needMajor && minor >= needMinor)) return null;
  return (
    `Fairlead needs Node ${needMajor}.${needMinor} or newer on ${platform} ${arch}; this is Node ${version}. ` +
    'Install a current Node (https://nodejs.org) and start again.'
  );
}

/**
 * Whether what npm says it installed is what the lockfile asks for. Packages for other platforms are optional and may
 * be absent, but not of another version.
 * @param {Record<string, { version?: string, optional?: boolean }>} wanted `packages` of package-lock.json
 * @param {Record<string, { version?: string }>} installed `packages` of node_modules/.package-lock.json
 */
export function isInstalled(wanted, installed) {
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true;
    const have = installed[path];
    return have ? have.version === entry.version : entry.optional === true;
  });
}

/** Installs the dependencies when needed. @returns {Promise<string>} what was done */
export async function ensureModules() {
  const complaint = nodeComplaint(process.versions.node, process.platform, process.arch);
  if (complaint) throw new Error(complaint);
  const lock = readFileSync(join(root, 'package-lock.json'));
  const wanted = `${sha(lock)} ${process.platform} ${process.arch}`;
  // Kept inside: who deletes node_modules deletes the claim that it is complete.
  const note = join(modules, '.fairlead-installed');
  if (existsSync(note) && readFileSync(note, 'utf8') === wanted) return 'as the lockfile says';
  const record = join(modules, '.package-lock.json');
  const isThere = existsSync(record) && isInstalled(JSON.parse(lock.toString()).packages, readJson(record).packages);
  if (!isThere) {
    say('installing the dependencies with npm ci; this takes a minute on a fresh machine');
    await npm(['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error']);
  }
  writeFileSync(note, wanted);
  return isThere ? 'as the lockfile says' : 'installed';
}
