/** Asks Debian's or Ubuntu's package manager, when we are allowed to; otherwise says exactly what to type. */
import { capture, run, say, which } from './shell.mjs';

/** @type {Promise<unknown>} one at a time: the package manager has a lock of its own */
let turn = Promise.resolve();
let isUpdated = false;

/** Thrown when something is missing that only the machine's owner may add. */
export class NeedsHand extends Error {}

const isRoot = () => process.getuid?.() === 0;

/**
 * Installs packages. Names that this release knows under another name (Debian 13 and Ubuntu 24.04 add "t64") are tried
 * under it.
 * @param {readonly string[]} names
 * @param {string} why what they are needed for, for the person
 * @returns {Promise<void>}
 */
export function aptInstall(names, why) {
  const result = turn.then(() => install(names, why));
  turn = result.catch(() => undefined);
  return result;
}

/** @param {readonly string[]} names @param {string} why */
async function install(names, why) {
  const line = `apt-get update && apt-get install --no-install-recommends ${names.join(' ')}`;
  if (!which('apt-get')) throw new NeedsHand(`${why} is missing. The Debian packages are: ${names.join(' ')}`);
  const isAllowed = isRoot() || capture('sudo', ['-n', 'true']).isOk;
  if (!isAllowed) {
    throw new NeedsHand(`${why} is missing. Please type:  sudo sh -c '${line}'  and start again.`);
  }
  const before = isRoot() ? [] : ['sudo', '-n'];
  /** @param {readonly string[]} args */
  const apt = (args) => {
    const words = [
      ...before,
      'env',
      'DEBIAN_FRONTEND=noninteractive',
      'apt-get',
      '-o',
      'DPkg::Lock::Timeout=300',
      ...args,
    ];
    return run(words[0] ?? '', words.slice(1), { stdio: ['ignore', 'ignore', 'inherit'] });
  };
  if (!isUpdated) await apt(['update', '-qq']);
  isUpdated = true;
  const there = new Set(capture('apt-cache', ['pkgnames']).out.split('\n'));
  const known = names.map((name) => (there.has(`${name}t64`) ? `${name}t64` : name));
  say(`${why}: apt-get install ${known.join(' ')}`);
  await apt(['install', '-y', '-qq', '--no-install-recommends', ...known]);
}
