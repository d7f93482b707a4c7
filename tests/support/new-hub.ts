import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { type Desk, type DeskWish, launchPackaged } from './desk.ts';
import { type HubProcess, startHub } from './hub-process.ts';

/** A hub of a real team, started for the first time, and what it told its administrator. */
export interface NewHub {
  readonly hub: HubProcess;
  readonly address: string;
  /** The environment it runs with; its commands need it too. */
  readonly env: Readonly<Record<string, string>>;
  /** The one-time code, e-mail and password of the first start. */
  readonly told: { readonly code: string; readonly email: string; readonly password: string };
  /** A packaged desk of somebody who has just installed it: fresh, in English. */
  desk(wish?: DeskWish): Promise<Desk>;
}

const undo: (() => unknown)[] = [];

/** Ends the hub and its desks; call in `afterEach`. */
export async function endNewHub(): Promise<void> {
  for (const step of undo.splice(0).reverse()) await step();
}

/** Starts a hub with an empty database, without the demo. */
export async function startNewHub(): Promise<NewHub> {
  const folder = mkdtempSync(join(tmpdir(), 'new-hub-'));
  undo.push(() => rmSync(folder, { recursive: true, force: true }));
  // The database runs unprivileged and must get through to its own folder.
  chmodSync(folder, 0o755);
  const env = { FAIRLEAD_DATA_DIR: folder, FAIRLEAD_PORT: '0', FAIRLEAD_ORG_NAME: 'Northwind Outfitters' };
  const hub = await startHub({
    env,
    databaseDir: join(folder, 'postgres'),
    readyMs: 60_000,
  });
  undo.push(() => hub.dispose());
  return { hub, address: hub.ready.address, env, told: await toldAtFirst(hub), desk: newDesk };
}

async function newDesk(wish: DeskWish = {}): Promise<Desk> {
  const desk = await launchPackaged({
    ...wish,
    args: ['--lang=en-GB', ...(wish.args ?? [])],
    env: { LANGUAGE: 'en-GB', ...wish.env },
  });
  undo.push(() => desk.kill9());
  return desk;
}

/** What the first start prints, once, for the administrator to copy. */
async function toldAtFirst(hub: HubProcess): Promise<NewHub['told']> {
  for (const end = performance.now() + 5_000; performance.now() < end; ) {
    const text = hub.output();
    const code = /^\s*code\s+(\S+)$/m.exec(text)?.[1];
    const account = /sign in as (\S+) with the password (\S+)/.exec(text);
    if (code && account?.[1] && account[2]) return { code, email: account[1], password: account[2] };
    await new Promise((wait) => setTimeout(wait, 20));
  }
  throw new Error(`the first start told nothing:\n${hub.output()}`);
}

/** Fills the form that makes a computer known to a hub, and sends it. */
export async function enrol(page: Page, address: string, code: string): Promise<void> {
  await page.getByLabel('Address of the hub').fill(address);
  await page.getByLabel('Code').fill(code);
  await page.getByRole('button', { name: 'Make this computer known' }).click();
}

/** Fills the sign-in form and sends it. */
export async function signIn(page: Page, email: string, password: string): Promise<void> {
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}
