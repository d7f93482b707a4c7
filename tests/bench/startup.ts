import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { unpackedFolder } from '#build/ground/bundle.mjs';
import { openDisplay } from '#build/ground/display.mjs';
import { endStage, startStage } from '#tests/support/stage.ts';
import { type Bench, median, short, takeTurns } from './bench.ts';
import { DevTools } from './devtools.ts';

const rounds = 9;
const longestMs = 60_000;
const noSandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

const now = (): number => performance.timeOrigin + performance.now();

/** A row stands in the list and the frame with it is painted. */
const usefulInbox = `new Promise((done) => {
  const isThere = () => document.querySelector('[role="listbox"] [role="option"]') !== null;
  const painted = () => requestAnimationFrame(() => {
    const after = new MessageChannel();
    after.port1.onmessage = () => done(performance.timeOrigin + performance.now());
    after.port2.postMessage(null);
  });
  if (isThere()) return painted();
  new MutationObserver((_, seen) => {
    if (!isThere()) return;
    seen.disconnect();
    painted();
  }).observe(document, { subtree: true, childList: true });
})`;

const firstPaint = `new Promise((done) => {
  new PerformanceObserver((list, seen) => {
    for (const entry of list.getEntries()) {
      if (entry.name !== 'first-paint') continue;
      seen.disconnect();
      done(performance.timeOrigin + entry.startTime);
    }
  }).observe({ type: 'paint', buffered: true });
})`;

/** Starts a program, waits for what `expression` tells, ends it politely. Answers the milliseconds from the start. */
async function start(
  exe: string,
  args: readonly string[],
  env: Record<string, string>,
  page: string,
  expression: string,
): Promise<number> {
  const began = now();
  const child = spawn(exe, [...noSandbox, ...args, '--remote-debugging-port=0'], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: '/',
    detached: true,
  });
  const limit = setTimeout(() => end(child), longestMs);
  try {
    let shownAt = 0;
    child.stdout?.on('data', (text: Buffer) => {
      shownAt ||= Number(/shown (\d+)/.exec(text.toString())?.[1] ?? 0);
    });
    const tools = await DevTools.connect(await toolsAddress(child));
    const paintedAt = await tools.ask(page, expression);
    if (page.startsWith('file:') && shownAt === 0) await once(child.stdout ?? child, 'data');
    const gone = once(child, 'exit');
    tools.end();
    await gone;
    return Math.max(paintedAt, shownAt) - began;
  } finally {
    clearTimeout(limit);
    end(child);
  }
}

function end(child: ChildProcess): void {
  try {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
      process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Gone in this moment.
  }
}

async function toolsAddress(child: ChildProcess): Promise<string> {
  let text = '';
  return new Promise((done, refuse) => {
    child.stderr?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const found = /DevTools listening on (ws:\S+)/.exec(text)?.[1];
      if (found !== undefined) done(found);
    });
    child.once('exit', (code) => refuse(new Error(`it ended with ${code}: ${text.slice(-2_000)}`)));
  });
}

/** The least there can be: one window, shown when it has something to show, one line of text in it. */
function makeBareWindow(folder: string): void {
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'bare', version: '1.0.0', main: 'main.js' }));
  writeFileSync(
    join(folder, 'index.html'),
    '<!doctype html><meta charset="utf-8"><title>bare</title><p>Hello, world</p>',
  );
  writeFileSync(
    join(folder, 'main.js'),
    `const { app, BrowserWindow } = require('electron');
app.whenReady().then(() => {
  const window = new BrowserWindow({ width: 1440, height: 900, show: false });
  window.once('ready-to-show', () => { window.show(); process.stdout.write('shown ' + Date.now() + '\\n'); });
  void window.loadFile('index.html');
});
app.on('window-all-closed', () => app.quit());
`,
  );
}

/** From starting the program to having one's work in front of one. */
export const startup: Bench = {
  divides:
    'packaged desk from its start to rows painted in the inbox (profile, data and hub there) / a bare Electron window of the same runtime from its start to shown and painted',
  aim: { is: 'at most', ratio: 1.6 },
  async run() {
    const display = await openDisplay({ isPrivate: true });
    Object.assign(process.env, display.env, { DBUS_SESSION_BUS_ADDRESS: 'disabled:' });
    const bare = mkdtempSync(join(tmpdir(), 'bench-bare-'));
    const bareData = mkdtempSync(join(tmpdir(), 'bench-bare-data-'));
    try {
      makeBareWindow(bare);
      const { exe: runtime } = z.parse(
        z.object({ exe: z.string() }),
        JSON.parse(readFileSync('.cache/runtime.json', 'utf8')),
      );
      const desk = join(unpackedFolder(), process.platform === 'win32' ? 'fairlead.exe' : 'fairlead');
      const stage = await startStage();
      // The first start signs in and fetches; the folder stays.
      const first = await stage.desk();
      await first.page.getByRole('option').first().waitFor();
      await first.page.waitForTimeout(3_000);
      await first.close({ isKept: true });
      const env = { FAIRLEAD_DEMO_HUB: stage.address, LANGUAGE: 'en-GB' };
      const turns = await takeTurns(
        {
          ours: () => start(desk, ['--lang=en-GB', `--user-data-dir=${first.dir}`], env, 'app:', usefulInbox),
          bare: () => start(runtime, [bare, `--user-data-dir=${bareData}`], {}, 'file:', firstPaint),
        },
        { rounds },
      );
      const ours = turns.map((t) => t.ours);
      const theirs = turns.map((t) => t.bare);
      return {
        ratio: median(ours) / median(theirs),
        table: [
          ['ms', ...turns.map((_, i) => `#${i + 1}`), 'median'],
          ['desk, rows painted', ...ours.map(short), short(median(ours))],
          ['bare window', ...theirs.map(short), short(median(theirs))],
        ],
        notes: [
          'demo profile, existing data folder, hub running; alternating, the first of each left out; both watched over the same DevTools line',
        ],
      };
    } finally {
      await endStage();
      rmSync(bare, { recursive: true, force: true });
      rmSync(bareData, { recursive: true, force: true });
      display.stop();
    }
  },
};
