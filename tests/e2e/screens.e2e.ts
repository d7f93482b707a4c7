import type { Page } from 'playwright-core';
import { afterEach, expect, test } from 'vitest';
import { illegible } from '#tests/support/legible.ts';
import { endNewHub, startNewHub } from '#tests/support/new-hub.ts';
import { endStage, shot, startStage } from '#tests/support/stage.ts';
import { tourOfAdministration, tourOfEntering, tourOfTrouble, tourOfWork } from '#tests/support/tour.ts';

afterEach(endStage);
afterEach(endNewHub);

/** How a screen is looked at. Text at 200 % grows everything that is measured in rem. */
const ways: Readonly<Record<string, { on(page: Page): Promise<unknown>; off(page: Page): Promise<unknown> }>> = {
  light: { on: async () => undefined, off: async () => undefined },
  dark: {
    on: (page) => page.emulateMedia({ colorScheme: 'dark' }),
    off: (page) => page.emulateMedia({ colorScheme: null }),
  },
  narrow: {
    on: (page) => page.setViewportSize({ width: 900, height: 600 }),
    off: (page) => page.setViewportSize({ width: 1440, height: 900 }),
  },
  'text-200': {
    on: (page) => page.evaluate(() => document.documentElement.style.setProperty('font-size', '200%')),
    off: (page) => page.evaluate(() => document.documentElement.style.removeProperty('font-size')),
  },
  rtl: {
    on: (page) => page.evaluate(() => document.documentElement.setAttribute('dir', 'rtl')),
    off: (page) => page.evaluate(() => document.documentElement.setAttribute('dir', 'ltr')),
  },
  forced: {
    on: (page) => page.emulateMedia({ forcedColors: 'active' }),
    off: (page) => page.emulateMedia({ forcedColors: null }),
  },
};

/** Looks at the screen in every way, keeps a picture, and collects what cannot be read. */
function looker(): { look: (page: Page, name: string) => Promise<void>; found: string[] } {
  const found: string[] = [];
  return {
    found,
    async look(page, name) {
      for (const [way, { on, off }] of Object.entries(ways)) {
        await on(page);
        // Two frames: one lays out, one paints.
        await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
        await shot(page, `${name}-${way}`);
        found.push(...(await illegible(page)).map((what) => `${name}, ${way}: ${what}`));
        await off(page);
      }
    },
  };
}

test('from enrolment to the empty inbox everything can be read, however one looks at it', async () => {
  const { look, found } = looker();
  await tourOfEntering(await startNewHub(), look);
  expect(found.join('\n')).toBe('');
}, 180_000);

test('at work, without the hub and after a refusal everything can be read', async () => {
  const stage = await startStage();
  const desk = await stage.desk({ isProxied: true });
  const { look, found } = looker();
  await tourOfWork(desk, look);
  await tourOfTrouble(stage, desk, look);
  expect(found.join('\n')).toBe('');
}, 300_000);

test('in administration everything can be read', async () => {
  const stage = await startStage();
  const { look, found } = looker();
  const end = await tourOfAdministration(stage, look);
  await end();
  expect(found.join('\n')).toBe('');
}, 180_000);

test('what cannot be read is found: cut, covered, or beyond the edge', async () => {
  const { page } = await (await startStage()).desk();
  expect(await illegible(page)).toEqual([]);
  await page.evaluate(() => {
    // Through the style object: the page's policy refuses style attributes.
    const put = (css: string): void => {
      const part = document.createElement('div');
      part.style.cssText = css;
      document.body.append(part);
    };
    const title = document.querySelector('h1');
    if (title)
      title.style.cssText = 'width: 10px; flex: none; overflow: hidden; text-overflow: clip; white-space: nowrap';
    put('position: fixed; inset: auto 0 0 0; height: 28px');
    put('position: absolute; width: 4000px; height: 1px');
  });
  const found = (await illegible(page)).join('\n');
  expect(found).toContain('cut at the side: Inbox');
  expect(found).toContain('covered: Connected');
  expect(found).toContain('wider than the window');
});
