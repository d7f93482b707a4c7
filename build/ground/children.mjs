/** Long-running programs that we start and that must not outlive us. */
import { spawn } from 'node:child_process';
import { innerEnv, root } from './shell.mjs';

/**
 * @typedef {object} Child
 * @property {import('node:child_process').ChildProcess} process
 * @property {Promise<string>} ended how it ended, such as "0" or "SIGKILL"
 * @property {(graceMs?: number) => Promise<void>} stop asks it to end, and insists after the grace
 */

/**
 * Starts a program of ours; its standard output and error can be read.
 * @param {readonly string[]} line the program and its arguments
 * @param {NodeJS.ProcessEnv} env added to the usual environment
 * @returns {Child}
 */
export function startChild(line, env) {
  const child = spawn(line[0] ?? '', line.slice(1), {
    cwd: root,
    env: { ...innerEnv(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  /** @type {Promise<string>} */
  const ended = new Promise((done) => {
    child.once('error', (error) => done(error.message));
    child.once('exit', (code, signal) => done(String(code ?? signal)));
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  void ended.then(() => process.off('exit', kill));
  return {
    process: child,
    ended,
    async stop(graceMs = 10_000) {
      child.kill('SIGTERM');
      const late = setTimeout(kill, graceMs);
      await ended;
      clearTimeout(late);
    },
  };
}

/**
 * Calls back with each whole line that a stream brings.
 * @param {NodeJS.ReadableStream | null} stream
 * @param {(line: string) => void} onLine
 */
export function eachLine(stream, onLine) {
  let rest = '';
  stream?.setEncoding('utf8');
  stream?.on('data', (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
}

/** Resolves at the first Ctrl-C or polite request to end. */
export const askedToEnd = () =>
  new Promise((done) => {
    process.once('SIGINT', done);
    process.once('SIGTERM', done);
  });
