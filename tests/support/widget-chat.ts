import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type FrameLocator, type Locator, type Page } from 'playwright-core';
import type { Site } from '#server/widget/ports.ts';
import { browserPath, startWidgetShop, type WidgetShop } from './widget-shop.ts';

const undo: (() => Promise<void>)[] = [];
/** Undoes what was started, in reverse; call in `afterEach`. */
export async function endAll(): Promise<void> {
  for (const step of undo.splice(0).reverse()) await step();
}

/** A shop that ends with the test. */
export async function startShop(site: Partial<Site> = {}): Promise<WidgetShop> {
  const shop = await startWidgetShop(site);
  undo.push(() => shop.close());
  return shop;
}

/**
 * A browser with a profile of its own, as at home: what it keeps outlives a page, and frames of other sites have storage
 * apart (the test driver's own list of switched-off features would take that away; a later list replaces it).
 */
export async function startProfile(options: object = {}, args: readonly string[] = []): Promise<BrowserContext> {
  const dir = mkdtempSync(join(tmpdir(), 'fairlead-widget-'));
  const context = await chromium.launchPersistentContext(dir, {
    executablePath: browserPath(),
    args: ['--no-sandbox', '--disable-background-networking', '--disable-features=Translate', ...args],
    viewport: { width: 1000, height: 760 },
    ...options,
  });
  undo.push(async () => {
    await context.close();
    rmSync(dir, { recursive: true, force: true });
  });
  return context;
}

/** A page with the chat on it, and every error the page reported. */
export type Chat = { page: Page; frame: FrameLocator; field: Locator; lines: Locator; errors: string[] };

/** Opens a page that embeds the chat. */
export async function visit(context: BrowserContext, address: string): Promise<Chat> {
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('ERR_')) errors.push(message.text());
  });
  await page.goto(address);
  const frame = page.frameLocator('iframe');
  return { page, frame, field: frame.getByRole('textbox'), lines: frame.locator('li.line .text'), errors };
}

/** Presses the launcher. */
export const openChat = (chat: Chat): Promise<void> =>
  chat.page.getByRole('button', { name: /^(Open chat|Chat öffnen)/ }).click();

/** Writes a message and sends it. */
export async function say(chat: Chat, text: string): Promise<void> {
  await chat.field.fill(text);
  await chat.field.press('Enter');
}
