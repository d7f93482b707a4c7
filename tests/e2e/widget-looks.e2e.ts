import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { afterEach, describe, expect, test } from 'vitest';
import { endAll, openChat, say, startProfile, startShop, visit } from '#tests/support/widget-chat.ts';
import type { HostPage } from '#tests/support/widget-shop.ts';

afterEach(endAll);

async function axeFindings(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`);
}

describe('for everybody', () => {
  type Look = { name: string; page?: HostPage; options?: object; args?: readonly string[] };
  const looks: Look[] = [
    { name: 'light', page: { theme: 'light' } },
    { name: 'dark', options: { colorScheme: 'dark' } },
    { name: 'narrow', options: { viewport: { width: 360, height: 640 }, isMobile: true, hasTouch: true } },
    { name: 'right to left', page: { lang: 'ar', dir: 'rtl' } },
    { name: 'forced colours, reduced motion', options: { forcedColors: 'active', reducedMotion: 'reduce' } },
    { name: 'text of twice the size', args: ['--blink-settings=defaultFontSize=32'] },
  ];

  test.each(looks)('axe finds nothing: $name', async ({ page, options, args }) => {
    const shop = await startShop();
    const chat = await visit(await startProfile(options, args), shop.host(page));
    expect(await axeFindings(chat.page)).toEqual([]);
    await openChat(chat);
    await say(chat, 'Hello');
    await chat.frame.getByText('Sent', { exact: true }).waitFor();
    shop.hub.reply(shop.hub.messages()[0]?.conversation ?? '', 'Hello to you');
    await chat.frame.getByText('Hello to you').waitFor();
    expect(await axeFindings(chat.page)).toEqual([]);
    // Nothing is cut off sideways, and everything that acts is in reach.
    const inner = chat.page.frames().find((f) => f.url().includes('/widget/frame'));
    expect(await inner?.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    await chat.frame.getByRole('button', { name: 'Close chat' }).click();
    await expect.poll(() => chat.page.getByRole('dialog').count()).toBe(0);
  });

  test('axe finds nothing while offline, and nothing in the shop', async () => {
    const shop = await startShop();
    const context = await startProfile();
    const chat = await visit(context, shop.host());
    await openChat(chat);
    await chat.frame.getByText('Open now').waitFor();
    await shop.proxy.set({ kind: 'cut' });
    await say(chat, 'are you there?');
    await chat.frame.locator('.banner', { hasText: 'No connection' }).waitFor();
    expect(await axeFindings(chat.page)).toEqual([]);
    await shop.proxy.set({ kind: 'pass' });
    const page = await context.newPage();
    for (const path of [
      '/demo',
      '/demo/products/HP-LN',
      '/demo/sign-in',
      '/demo/orders',
      '/demo/help?lang=de',
      '/demo/products/none',
    ]) {
      await page.goto(`${shop.hubAddress}${path}`);
      expect([path, await axeFindings(page)]).toEqual([path, []]);
    }
  });
});
