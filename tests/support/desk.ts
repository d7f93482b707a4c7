import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { _electron, type Browser, chromium, type ElectronApplication, type Page } from 'playwright-core';
import * as z from 'zod/mini';
import { unpackedFolder } from '#build/ground/bundle.mjs';
import { allGone, coreOf, endsWithin, treeOf } from './process-tree.ts';

/** A real desk, driven by Playwright. Build (`dev`) or package it first; both need a display (tests/support/display-setup). */
export type Desk = {
  readonly page: Page;
  /** The desk's data folder. Give it to the next launch to start again where this one ended. */
  readonly dir: string;
  /** Process id of the main process. */
  readonly pid: number;
  /** What it wrote to its console so far. */
  output(): string;
  /** Its log file so far. */
  log(): string;
  /** Process id of the core, or null while it is down. */
  corePid(): number | null;
  /** Kills every process of the desk at once, as a power cut would; the folder stays. */
  kill9(): Promise<void>;
  /**
   * Closes the window and waits for the desk to end; answers its exit code. A folder that a launch here made is
   * removed, unless it is kept for a later launch.
   */
  close(wish?: { readonly isKept?: boolean }): Promise<number | null>;
};
export type DevDesk = Desk & { readonly app: ElectronApplication };

export type DeskWish = {
  /** Data folder of an earlier run (or of the caller's own making); without it the desk gets a fresh one. */
  readonly dir?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  /** Runs it as an unprivileged user with the operating system's sandbox on (only needed for root). */
  readonly isUnprivileged?: boolean;
};

const nobody = 65534;
const isRoot = process.getuid?.() === 0;
const runtimeForm = z.object({ dist: z.string(), exe: z.string() });
const madeDirs = new Set<string>();
const running = new Set<number>();
process.once('exit', () => {
  for (const pid of running) killGroup(pid);
  for (const dir of madeDirs) rmSync(dir, { recursive: true, force: true });
});

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Already gone: just what was wanted.
  }
}

function makeDir(isUnprivileged: boolean): string {
  const dir = mkdtempSync(join(tmpdir(), 'desk-'));
  madeDirs.add(dir);
  if (isUnprivileged && isRoot) chownSync(dir, nobody, nobody);
  return dir;
}

function environment(wish: DeskWish, dir: string): Record<string, string> {
  const known = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const home = wish.isUnprivileged
    ? { HOME: dir, XDG_CONFIG_HOME: dir, XDG_CACHE_HOME: dir, XDG_RUNTIME_DIR: dir, TMPDIR: dir }
    : {};
  return { ...Object.fromEntries(known), DBUS_SESSION_BUS_ADDRESS: 'disabled:', ...home, ...wish.env };
}

function flags(wish: DeskWish, dir: string): string[] {
  // Chromium refuses its sandbox to root; anybody else has it.
  const noSandbox = isRoot && !wish.isUnprivileged ? ['--no-sandbox'] : [];
  return [...noSandbox, `--user-data-dir=${dir}`, ...(wish.args ?? [])];
}

type Parts = {
  page: Page;
  dir: string;
  process: ChildProcess;
  output: () => string;
  hangUp(): unknown;
};

function desk(parts: Parts): Desk {
  const { page, dir } = parts;
  const pid = parts.process.pid ?? 0;
  running.add(pid);
  const gone = new Promise<number | null>((done) => {
    if (parts.process.exitCode !== null) done(parts.process.exitCode);
    else parts.process.once('exit', (code) => done(code));
  });
  const logFile = join(dir, 'logs', 'desk.log');
  const kill9 = async (): Promise<void> => {
    const all = treeOf(pid).map((seen) => seen.pid);
    killGroup(pid);
    await gone;
    await allGone(all);
    running.delete(pid);
    await parts.hangUp();
  };
  return {
    page,
    dir,
    pid,
    output: parts.output,
    log: () => (existsSync(logFile) ? readFileSync(logFile, 'utf8') : ''),
    corePid: () => coreOf(pid),
    kill9,
    async close({ isKept = false } = {}) {
      // The window's own closing: the desk then quits by itself.
      await page.close().catch(() => undefined);
      if (!(await endsWithin(gone, 10_000))) {
        await kill9();
        throw new Error(`the desk did not end by itself:\n${parts.output()}`);
      }
      running.delete(pid);
      await parts.hangUp();
      if (!isKept && madeDirs.delete(dir)) rmSync(dir, { recursive: true, force: true });
      return gone;
    },
  };
}

function collect(child: ChildProcess): () => string {
  let text = '';
  const add = (chunk: Buffer): void => {
    text = (text + chunk.toString('utf8')).slice(-200_000);
  };
  child.stdout?.on('data', add);
  child.stderr?.on('data', add);
  return () => text;
}

/** The built but unpackaged desk, with a hand in its main process. */
export async function launchDev(wish: DeskWish = {}): Promise<DevDesk> {
  const dir = wish.dir ?? makeDir(false);
  const { dist } = z.parse(runtimeForm, JSON.parse(readFileSync('.cache/runtime.json', 'utf8')));
  // Never `executablePath`: only without it Playwright holds the app back until it is attached.
  process.env.ELECTRON_OVERRIDE_DIST_PATH = dist;
  const app = await _electron.launch({
    args: [resolve('.'), ...flags(wish, dir)],
    env: environment(wish, dir),
    timeout: 30_000,
  });
  const child = app.process();
  const output = collect(child);
  const page = await app.firstWindow();
  page.setDefaultTimeout(8_000);
  const base = desk({ page, dir, process: child, output, hangUp: () => app.close().catch(() => undefined) });
  return { ...base, app };
}

/** Root's folders may be closed to others: then the package is copied to where the unprivileged user can run it. */
function executableFor(wish: DeskWish): string {
  const name = process.platform === 'win32' ? 'fairlead.exe' : 'fairlead';
  const folder = unpackedFolder();
  const exe = join(folder, name);
  if (!existsSync(exe)) throw new Error('there is no packaged desk yet: npm run package -- --dir');
  if (!wish.isUnprivileged || !isRoot) return exe;
  const isReachable = spawnSync('test', ['-x', exe], { uid: nobody, gid: nobody, cwd: '/' }).status === 0;
  if (isReachable) return exe;
  const copy = makeDir(false);
  chmodSync(copy, 0o755);
  cpSync(folder, copy, { recursive: true });
  return join(copy, name);
}

async function debuggerAddress(child: ChildProcess, output: () => string): Promise<string> {
  return new Promise((done, refuse) => {
    const limit = setTimeout(() => refuse(new Error(`no DevTools port: ${output()}`)), 30_000);
    child.stderr?.on('data', () => {
      const found = /DevTools listening on (ws:\S+)/.exec(output())?.[1];
      if (!found) return;
      clearTimeout(limit);
      done(found);
    });
    child.once('exit', (code) => {
      clearTimeout(limit);
      refuse(new Error(`the desk ended with ${code}: ${output()}`));
    });
  });
}

const targetsForm = z.array(z.object({ type: z.string(), url: z.string(), title: z.string() }));

/** Attaching in the middle of the first navigation confuses Playwright, so the page must have its title first. */
async function pageIsThere(child: ChildProcess, socket: string, output: () => string): Promise<void> {
  for (const end = performance.now() + 20_000; performance.now() < end; ) {
    if (child.exitCode !== null) throw new Error(`the desk ended with ${child.exitCode}: ${output()}`);
    const raw: unknown = await fetch(`http://${new URL(socket).host}/json/list`).then(
      (answer) => answer.json(),
      () => [],
    );
    const isThere = z
      .parse(targetsForm, raw)
      .some(({ type, url, title }) => type === 'page' && url.startsWith('app://') && title !== '' && title !== url);
    if (isThere) return;
    await new Promise((wait) => setTimeout(wait, 25));
  }
  throw new Error(`no page: ${output()}`);
}

/** The packaged desk with every fuse as shipped, driven over the DevTools port; its main process is out of reach. */
export async function launchPackaged(wish: DeskWish = {}): Promise<Desk> {
  const dir = wish.dir ?? makeDir(wish.isUnprivileged ?? false);
  mkdirSync(dir, { recursive: true });
  const exe = executableFor(wish);
  const child = spawn(exe, [...flags(wish, dir), '--remote-debugging-port=0'], {
    env: environment(wish, dir),
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: '/',
    // A process group of its own, so that kill9 takes all of it at one stroke.
    detached: true,
    ...(wish.isUnprivileged && isRoot ? { uid: nobody, gid: nobody } : {}),
  });
  running.add(child.pid ?? 0);
  const output = collect(child);
  let browser: Browser;
  try {
    const socket = await debuggerAddress(child, output);
    await pageIsThere(child, socket, output);
    browser = await chromium.connectOverCDP(socket);
  } catch (error) {
    killGroup(child.pid ?? 0);
    throw error;
  }
  const page = browser
    .contexts()[0]
    ?.pages()
    .find((one) => one.url().startsWith('app://'));
  if (!page) throw new Error(`no page to drive: ${output()}`);
  page.setDefaultTimeout(8_000);
  return desk({ page, dir, process: child, output, hangUp: () => browser.close().catch(() => undefined) });
}
