import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { afterEach, expect, test } from 'vitest';
import { endNewHub, startNewHub } from '#tests/support/new-hub.ts';
import { endStage, rowWith, startStage } from '#tests/support/stage.ts';
import { tourOfAdministration, tourOfEntering, tourOfTrouble, tourOfWork } from '#tests/support/tour.ts';
import { say } from '#tests/support/widget-chat.ts';

afterEach(endStage);
afterEach(endNewHub);

/** What axe finds on a screen, light and dark. */
function examiner(): { look: (page: Page, name: string) => Promise<void>; found: string[]; seen: string[] } {
  const found: string[] = [];
  const seen: string[] = [];
  return {
    found,
    seen,
    async look(page, name) {
      seen.push(name);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        // Colours change gently; axe must see where they end.
        await page.evaluate(() => Promise.all(document.getAnimations().map((one) => one.finished.catch(() => null))));
        const { violations, passes } = await new AxeBuilder({ page }).setLegacyMode().analyze();
        if (passes.length < 5) found.push(`${name}, ${colorScheme}: axe looked at nothing`);
        for (const { id, nodes } of violations)
          for (const node of nodes)
            found.push(`${name}, ${colorScheme}: ${id} ${node.target.join(' ')} ${node.html.slice(0, 120)}`);
      }
      await page.emulateMedia({ colorScheme: null });
    },
  };
}

test('axe finds nothing from enrolment to the empty inbox', async () => {
  const { look, found, seen } = examiner();
  await tourOfEntering(await startNewHub(), look);
  expect(seen).toEqual(['enrol', 'enrol-refused', 'sign-in', 'must-change', 'inbox-empty', 'unlock']);
  expect(found.join('\n')).toBe('');
}, 240_000);

test('axe finds nothing at work, without the hub and after a refusal', async () => {
  const stage = await startStage();
  const desk = await stage.desk({ isProxied: true });
  const { look, found, seen } = examiner();
  await tourOfWork(desk, look);
  await tourOfTrouble(stage, desk, look);
  expect(seen).toHaveLength(16);
  expect(found.join('\n')).toBe('');
}, 300_000);

test('axe finds nothing in administration', async () => {
  const stage = await startStage();
  const { look, found, seen } = examiner();
  const end = await tourOfAdministration(stage, look);
  await end();
  expect(seen).toHaveLength(9);
  expect(found.join('\n')).toBe('');
}, 240_000);

test('axe does find what is wrong: the examination can fail', async () => {
  const stage = await startStage();
  const { page } = await stage.desk();
  await page.evaluate(() => document.querySelector('nav button')?.removeAttribute('aria-label'));
  await page.evaluate(() => document.querySelector('h1')?.style.setProperty('color', '#ddd'));
  const { look, found } = examiner();
  await look(page, 'broken');
  expect(found.join('\n')).toContain('color-contrast');
});

test('regions, rows, messages and buttons have names, and what changes is said', async () => {
  const stage = await startStage();
  const desk = await stage.desk({ isProxied: true });
  const { page } = desk;
  for (const name of ['Inbox', 'Conversation', 'Customer', 'State of this desk'])
    await page.getByRole('region', { name, exact: true }).waitFor();
  await page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name: 'Inbox' }).waitFor();
  await page
    .getByRole('listbox', { name: 'Conversations' })
    .getByRole('group', { name: /^Returns, waiting/ })
    .waitFor();
  // A row says who, by what channel, that it is unread, how old, what, and how long they wait.
  const row = rowWith(desk, 'Kofi Iqbal');
  expect((await row.textContent())?.replaceAll(/\s+/g, ' ')).toMatch(
    /^Kofi Iqbal, web chat, unread.+I was charged twice for invoice 4471\..*waits for \d+:\d\d$/,
  );
  await page
    .getByRole('region', { name: 'Thread with Maya Lindqvist' })
    .getByText(/^Maya Lindqvist:/)
    .first()
    .waitFor({ state: 'attached' });
  await page.getByRole('textbox', { name: /^Reply to/ }).waitFor();
  for (const button of await page.getByRole('button').all()) {
    const name = await button.evaluate((one) => one.getAttribute('aria-label') ?? one.textContent);
    if (!name?.trim()) throw new Error(`a button without a name: ${await button.evaluate((one) => one.outerHTML)}`);
  }

  // Another customer writes: said politely, with who and what.
  const said = (words: string | RegExp) =>
    page.getByRole('status').filter({ hasText: words }).waitFor({ state: 'attached', timeout: 10_000 });
  const customer = await stage.customer();
  await say(customer, 'Do you ship to Norway?');
  await said(/^New from Guest .*: Do you ship to Norway\?$/);
  await rowWith(desk, 'Do you ship to Norway?').click();
  await page.getByRole('region', { name: /^Thread with Guest/ }).waitFor();
  await say(customer, 'To Bergen, to be exact.');
  await said(/To Bergen, to be exact\./);
  // The line breaks and comes back: both are said, the seconds that count are not.
  await stage.proxy.set({ kind: 'cut' });
  await said(/^Hub out of reach$/);
  await stage.proxy.set({ kind: 'pass' });
  await said(/^Connected$/);
});
