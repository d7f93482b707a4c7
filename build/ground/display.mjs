/** A display to draw on: the person's own, or a virtual one that nobody sees. */
import { spawn } from 'node:child_process';
import { which } from './shell.mjs';

/** @returns {boolean} whether windows can be shown to a person here */
export const hasDisplay = () =>
  process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);

/**
 * Starts Xvfb on a free display of its own choosing, when there is no display or when one is wanted that disturbs
 * nobody (`isPrivate`, for tests). `env` is what a program needs to draw there; `stop` ends what was started.
 * @param {{ isPrivate?: boolean }} [wish]
 * @returns {Promise<{ isVirtual: boolean, env: Record<string, string>, stop: () => void }>}
 */
export async function openDisplay({ isPrivate = false } = {}) {
  const isWanted = process.platform === 'linux' && (isPrivate ? which('Xvfb') !== null : !hasDisplay());
  if (!isWanted) return { isVirtual: false, env: {}, stop: () => undefined };
  const args = ['-displayfd', '3', '-screen', '0', '1440x900x24', '-nolisten', 'tcp', '-ac', '-noreset'];
  // Not our process group: Ctrl-C must end the desk first, and only then the display under it.
  const server = spawn('Xvfb', args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'], detached: true });
  const number = await new Promise((done, refuse) => {
    let text = '';
    server.once('error', (error) => refuse(new Error(`the virtual display could not be started: ${error.message}`)));
    server.once('exit', (code) => refuse(new Error(`the virtual display ended with ${code}`)));
    server.stdio[3]?.on('data', (/** @type {Buffer} */ chunk) => {
      text += chunk.toString();
      if (text.includes('\n')) done(text.trim());
    });
  });
  server.unref();
  const stop = () => {
    server.kill('SIGTERM');
  };
  process.once('exit', stop);
  return { isVirtual: true, env: { DISPLAY: `:${number}`, WAYLAND_DISPLAY: '' }, stop };
}
