import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Frame, Locator, Page } from 'playwright-core';
import { type Desk, type DeskWish, launchPackaged } from './desk.ts';
import { type HubProcess, startHub } from './hub-process.ts';
import { type CuttableProxy, startProxy } from './proxy.ts';
import { type Chat, endAll, openChat, startProfile, visit } from './widget-chat.ts';

/** A demo hub as a process of its own, with customers in real browsers and packaged desks around it. */
export interface Stage {
  readonly hub: HubProcess;
  /** Where the hub itself is; the same after a restart. */
  readonly address: string;
  /** Lies between the hub and every desk that asks for it. */
  readonly proxy: CuttableProxy;
  /** A packaged desk that signs in by itself; its inbox is on screen. */
  desk(wish?: StageDesk): Promise<Desk>;
  /** A customer on the shop's page with the chat open, in a browser of their own, straight at the hub. */
  customer(wish?: { readonly lang?: string }): Promise<Customer>;
}

/** A customer with the chat open. */
export interface Customer extends Chat {
  /** Everything that came over the wire to this browser. */
  readonly received: readonly string[];
}

export interface StageDesk extends DeskWish {
  /** Goes through the proxy, so that its line can be cut. */
  readonly isProxied?: boolean;
  /** The login of the demo person; Ana when left out. */
  readonly who?: string;
  readonly locale?: string;
}

/** How long the tests wait for what must come, on a machine that does much else. */
const patienceMs = 20_000;
/** For `expect.poll`. */
export const patient = { timeout: patienceMs };

const undo: (() => unknown)[] = [];

/** Ends every desk, browser and hub of the test; call in `afterEach`. */
export async function endStage(): Promise<void> {
  await endAll();
  for (const step of undo.splice(0).reverse()) await step();
}

/** The hub must be where it was after a restart, so its port is chosen here. */
async function freePort(): Promise<number> {
  const probe = createServer();
  const port = await new Promise<number>((done) => {
    probe.listen(0, '127.0.0.1', () => {
      const at = probe.address();
      done(typeof at === 'object' && at !== null ? at.port : 0);
    });
  });
  await new Promise((done) => probe.close(done));
  return port;
}

/** Starts a hub with a small demo company. */
export async function startStage(): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'stage-'));
  undo.push(() => rmSync(folder, { recursive: true, force: true }));
  // The database runs unprivileged and must get through to its own folder.
  chmodSync(folder, 0o755);
  const port = await freePort();
  const hub = await startHub({
    args: ['--demo'],
    env: { FAIRLEAD_DATA_DIR: folder, FAIRLEAD_PORT: String(port), FAIRLEAD_DEMO_CUSTOMERS: '20' },
    databaseDir: join(folder, 'postgres'),
    readyMs: 60_000,
  });
  undo.push(() => hub.dispose());
  const proxy = await startProxy({ host: '127.0.0.1', port });
  undo.push(() => proxy.close());
  const { address } = hub.ready;
  return {
    hub,
    address,
    proxy,
    async desk({ isProxied = false, who, locale = 'en-GB', ...wish } = {}) {
      const email = who === undefined ? {} : { FAIRLEAD_DEMO_EMAIL: `${who}@harbour-pine.example` };
      const at = isProxied ? `http://127.0.0.1:${proxy.port}` : address;
      const desk = await launchPackaged({
        ...wish,
        args: [`--lang=${locale}`, ...(wish.args ?? [])],
        env: { LANGUAGE: locale, FAIRLEAD_DEMO_HUB: at, ...email, ...wish.env },
      });
      undo.push(() => desk.kill9());
      desk.page.setDefaultTimeout(patienceMs);
      try {
        await desk.page.getByRole('listbox').waitFor({ timeout: 20_000 });
      } catch (error) {
        throw new Error(`the desk shows no inbox: ${await desk.page.locator('body').textContent()}\n${desk.log()}`, {
          cause: error,
        });
      }
      return desk;
    },
    async customer({ lang = 'en' } = {}) {
      const profile = await startProfile();
      const received: string[] = [];
      profile.on('page', (page) =>
        page.on('websocket', (socket) =>
          socket.on('framereceived', ({ payload }) => void received.push(payload.toString())),
        ),
      );
      const chat = await visit(profile, `${address}/demo?lang=${lang}`);
      chat.page.setDefaultTimeout(patienceMs);
      await openChat(chat);
      await chat.field.waitFor();
      return { ...chat, received };
    },
  };
}

const shots = resolve(import.meta.dirname, '../../.cache/shots');

/** Keeps a picture of what is on screen, for people to look at. */
export async function shot(page: Page, name: string): Promise<void> {
  mkdirSync(shots, { recursive: true });
  await page.screenshot({ path: join(shots, `${name}.png`) });
}

/** The chat's own document. */
export function frameOf(chat: Chat): Frame {
  const frame = chat.page.frames().find((one) => one.url().includes('/widget/frame'));
  if (!frame) throw new Error('the chat has no frame');
  return frame;
}

/**
 * When a text is painted in a page for the first time, by the machine's clock (epoch ms). Ask before it can appear;
 * resolves in the frame after the one that brought it.
 */
export async function seenAt(where: Page | Frame, text: string, withinMs = 10_000): Promise<{ at: Promise<number> }> {
  await where.evaluate(
    ({ text, withinMs }) => {
      const at = new Promise<number>((done, refuse) => {
        const limit = setTimeout(() => refuse(new Error(`"${text}" did not appear`)), withinMs);
        const look = (): void => {
          if (!document.body.textContent.includes(text)) return;
          clearTimeout(limit);
          watch.disconnect();
          requestAnimationFrame(() => done(Date.now()));
        };
        const watch = new MutationObserver(look);
        watch.observe(document.body, { subtree: true, childList: true, characterData: true });
        look();
      });
      at.catch(() => undefined);
      Object.assign(window, { seen: at });
    },
    { text, withinMs },
  );
  return { at: where.evaluate(() => (window as unknown as { seen: Promise<number> }).seen) };
}

/** The inbox row that shows this text. */
export const rowWith = (desk: Desk, text: string | RegExp): Locator =>
  desk.page.getByRole('option').filter({ hasText: text });

/** The bubble in the thread with this text. */
export const bubble = (desk: Desk, text: string): Locator => desk.page.getByRole('article').filter({ hasText: text });

/** Opens the conversation whose row shows this text, ready to write. */
export async function openRow(desk: Desk, text: string): Promise<void> {
  await rowWith(desk, text).click();
  await bubble(desk, text).waitFor();
}

/** Writes into the composer and presses Enter. */
export async function write(desk: Desk, text: string): Promise<void> {
  const field = desk.page.getByRole('region', { name: /Conversation|Gespräch/ }).getByRole('textbox');
  await field.fill(text);
  await field.press('Enter');
}

/** Closes the open conversation, by keys: the reason with this number, and a comment for the team. */
export async function resolveWith(desk: Desk, reason: number, comment = ''): Promise<void> {
  await desk.page
    .getByRole('region', { name: /Conversation|Gespräch/ })
    .getByRole('textbox')
    .press('Escape');
  await desk.page.keyboard.press('r');
  await desk.page.getByRole('dialog').waitFor();
  await desk.page.keyboard.press(String(reason));
  if (comment !== '') await desk.page.getByRole('dialog').getByRole('textbox').fill(comment);
  await desk.page.keyboard.press(comment === '' ? 'Enter' : 'Control+Enter');
  await desk.page.getByRole('dialog').waitFor({ state: 'hidden' });
}
