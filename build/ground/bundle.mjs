/** The desk's bundles and its packaged form, made only when something they are made of has changed. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { innerEnv, isStamped, readJson, root, run, stamp, stateDir, tool, treeHash } from './shell.mjs';

const sources = ['shared', 'electron', 'renderer', 'electron.vite.config.ts', 'package.json', 'package-lock.json'];

/** Builds the desk into out/. @returns {Promise<string>} what was done */
export async function ensureBundle() {
  const hash = treeHash(sources);
  if (existsSync(join(root, 'out', 'main', 'index.js')) && isStamped('bundle', hash)) return 'nothing changed';
  const [node, script] = tool('electron-vite');
  await run(node, [script, 'build', '--logLevel', 'warn']);
  stamp('bundle', hash);
  return 'built';
}

/** Where electron-builder puts the app that is not in an archive. */
export const unpackedFolder = () => {
  const arm = process.arch === 'arm64' ? '-arm64' : '';
  if (process.platform === 'darwin') return join(root, 'release', `mac${arm}`);
  return join(root, 'release', `${process.platform === 'win32' ? 'win' : 'linux'}${arm}-unpacked`);
};

/** Whether the person (or the test run) has said that a package for tests only is what they want. */
export const isStandInAllowed = () => process.env.FAIRLEAD_ALLOW_STAND_IN === '1';

/**
 * Why this machine may not make a package, or null. The stand-in runtime is out of security support: what is made with
 * it may be tested and must not be given to anyone.
 * @param {{ kind: string, version: string }} runtime
 * @param {boolean} isAllowed although it is the stand-in
 */
export function packageComplaint(runtime, isAllowed) {
  if (runtime.kind === 'official' || isAllowed) return null;
  return (
    `This machine has only the stand-in runtime (Electron ${runtime.version}, out of security support): a package ` +
    'made with it must not be released. To make one for tests only, set FAIRLEAD_ALLOW_STAND_IN=1.'
  );
}

/**
 * Makes the packaged app for this system.
 * @param {readonly string[]} args for electron-builder; `--dir` makes no archives
 * @returns {Promise<string>} what was done
 */
export async function ensurePackage(args) {
  const runtime = readJson(join(stateDir, 'runtime.json'));
  const complaint = packageComplaint(runtime, isStandInAllowed());
  if (complaint) throw new Error(complaint);
  const made = ['out', 'package.json', 'package-lock.json', 'electron-builder.config.mjs', '.cache/runtime.json'];
  const hash = `${treeHash([...made, 'node_modules/better-sqlite3/prebuilds'])} ${args.join(' ')}`;
  if (existsSync(unpackedFolder()) && isStamped('package', hash)) return 'nothing changed';
  const [node, script] = tool('electron-builder');
  await run(node, [script, '--config', 'electron-builder.config.mjs', '--publish', 'never', ...args], {
    env: { ...innerEnv(), DEBUG: '' },
  });
  stamp('package', hash);
  return unpackedFolder();
}
