/** The demo company: a hub of its own on this computer, and a desk that signs in to it by itself. */
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { eachLine, startChild } from './children.mjs';
import { dataFolder, modules, ownNode, root, say, stateDir } from './shell.mjs';

const usualPort = 7600;
const hubPatienceMs = 120_000;
const deskPatienceMs = 60_000;

/**
 * Starts the demo hub and waits until it says that it is ready (one line of JSON on its standard output).
 * @returns {Promise<{ child: import('./children.mjs').Child, address: string, demo: string }>}
 */
export async function startHub() {
  const data = dataFolder('demo-hub');
  mkdirSync(data, { recursive: true, mode: 0o755 });
  const port = process.env.FAIRLEAD_PORT ?? String(await freePort());
  const line = [ownNode(), join(root, 'server', 'index.ts'), '--demo'];
  const child = startChild(line, { FAIRLEAD_DATA_DIR: data, FAIRLEAD_PORT: port });
  /** @type {string[]} what it said last, for the case that it ends */
  const last = [];
  const note = (/** @type {string} */ line) => {
    last.push(line);
    if (last.length > 40) last.shift();
  };
  eachLine(child.process.stderr, note);
  /** @type {Promise<{ address: string, demo: string }>} */
  const ready = new Promise((done) => {
    eachLine(child.process.stdout, (line) => {
      const message = readReady(line);
      if (message) done(message);
      else note(line);
    });
  });
  const tooLate = setTimeout(() => child.process.kill('SIGTERM'), hubPatienceMs);
  const early = child.ended.then((how) => {
    throw new Error(`the hub ended (${how}) before it was ready:\n${last.join('\n')}`);
  });
  early.catch(() => undefined);
  const { address, demo } = await Promise.race([ready, early]);
  clearTimeout(tooLate);
  return { child, address, demo };
}

/** The usual port, so that a desk finds its hub again at the next start; any other when somebody else has it. */
function freePort() {
  return new Promise((done) => {
    const probe = createServer();
    probe.once('error', () => done(0));
    probe.listen(usualPort, '127.0.0.1', () => probe.close(() => done(usualPort)));
  });
}

/**
 * What the hub's line says when it is the one that says it is ready.
 * @param {string} line
 * @returns {{ address: string, demo: string } | null}
 */
export function readReady(line) {
  if (!line.startsWith('{')) return null;
  try {
    const { ready, address, demo } = JSON.parse(line);
    return ready === true && typeof address === 'string' ? { address, demo: demo ?? address } : null;
  } catch {
    return null;
  }
}

/** What Electron needs as root, where its sandbox cannot work. */
export const sandboxArgs = () => (process.getuid?.() === 0 ? ['--no-sandbox'] : []);

/**
 * Opens the desk, signed in as the demo agent.
 * @param {{ exe: string, address: string, env: Record<string, string>, isWatched: boolean }} wish `isWatched`: its page
 *   can be looked at from outside, for the screenshot
 */
export function startDesk({ exe, address, env, isWatched }) {
  const data = join(stateDir, 'demo-desk');
  const watch = isWatched ? ['--remote-debugging-port=0'] : [];
  return startChild([exe, ...sandboxArgs(), root, `--user-data-dir=${data}`, ...watch], {
    DBUS_SESSION_BUS_ADDRESS: process.env.DBUS_SESSION_BUS_ADDRESS ?? 'disabled:',
    ...env,
    FAIRLEAD_DEMO_HUB: address,
  });
}

/**
 * Waits until the demo agent could start typing an answer, and takes a picture of the desk.
 * @param {import('./children.mjs').Child} desk started with `isWatched`
 * @param {string} file where the picture goes
 */
export async function takePicture(desk, file) {
  const socket = await devToolsOf(desk);
  const { chromium } = await import(pathToFileURL(join(modules, 'playwright-core', 'index.mjs')).href);
  await pageLoaded(socket);
  const browser = await chromium.connectOverCDP(socket);
  try {
    const page = browser.contexts()[0].pages()[0];
    const composer = page.locator('textarea:focus, [contenteditable=true]:focus');
    await composer.waitFor({ timeout: deskPatienceMs });
    await page.screenshot({ path: file });
  } finally {
    await browser.close();
  }
}

/** @param {import('./children.mjs').Child} desk @returns {Promise<string>} */
function devToolsOf(desk) {
  return new Promise((done, refuse) => {
    eachLine(desk.process.stderr, (line) => {
      const address = /^DevTools listening on (ws:\S+)/.exec(line)?.[1];
      if (address) done(address);
    });
    void desk.ended.then((how) => refuse(new Error(`the desk ended (${how}) before it had a window`)));
  });
}

/** Attaching in the middle of a page's first navigation confuses the driver. @param {string} socket */
async function pageLoaded(socket) {
  const end = performance.now() + deskPatienceMs;
  while (performance.now() < end) {
    const list = await fetch(`http://${new URL(socket).host}/json/list`).then(
      (answer) => answer.json(),
      () => [],
    );
    if (
      list.some(
        (/** @type {{ url: string, title: string }} */ { url, title }) =>
          url.startsWith('app://') && title !== '' && title !== url,
      )
    )
      return;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error('the desk has shown no page');
}

/** Says where everything is. @param {{ address: string, demo: string }} hub */
export function sayWhere({ address, demo }) {
  say(`the hub answers at ${address}`);
  say(`the demo shop, where you can write as a customer: ${demo}`);
}
