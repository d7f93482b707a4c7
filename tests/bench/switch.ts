import type { Locator, Page } from 'playwright-core';
import { openDisplay } from '#build/ground/display.mjs';
import { type Desk, launchPackaged } from '#tests/support/desk.ts';
import { type Bench, percentile, short } from './bench.ts';
import { startBenchHub } from './bench-hub.ts';
import { fill } from './fill.ts';

const conversations = 40;
const messagesEach = 1_250;
const clicks = 100;
const frameMs = 1_000 / 60;
/** Between two switches: somebody reads. */
const pauseMs = 120;

/** The number of the newest message of a conversation, as `fill` writes it. */
const newestOf = (conversation: number): number => conversation * messagesEach + messagesEach - 1;

/** Puts a stopwatch into the page: from the key or the press to the frame in which the thread stands there, painted. */
async function installWatch(page: Page): Promise<void> {
  await page.evaluate(() => {
    const watch = (newest: number): Promise<number> =>
      new Promise((done, refuse) => {
        const words = new RegExp(`\\bNo ${newest}\\.`);
        let start: number | null = null;
        const begin = (event: Event): void => {
          start ??= event.timeStamp;
        };
        const isThere = (): boolean =>
          [...document.querySelectorAll('[data-index]')].some((line) => words.test(line.textContent));
        const look = (): void => {
          if (start === null || !isThere()) return;
          const began = start;
          stop();
          requestAnimationFrame(() => {
            // Runs behind the painting of this frame.
            const after = new MessageChannel();
            after.port1.onmessage = () => done(performance.now() - began);
            after.port2.postMessage(null);
          });
        };
        const seen = new MutationObserver(look);
        const limit = setTimeout(() => {
          stop();
          refuse(
            new Error(
              `message ${newest} did not appear; selected: ${document.querySelector('[aria-selected="true"]')?.textContent}`,
            ),
          );
        }, 20_000);
        const stop = (): void => {
          clearTimeout(limit);
          seen.disconnect();
          for (const kind of ['keydown', 'pointerdown']) removeEventListener(kind, begin, true);
        };
        for (const kind of ['keydown', 'pointerdown']) addEventListener(kind, begin, { capture: true });
        seen.observe(document.body, { subtree: true, childList: true, characterData: true });
      });
    Object.assign(window, {
      stopwatch: (newest: number) => {
        const took = watch(newest);
        took.catch(() => undefined);
        Object.assign(window, { took });
      },
    });
  });
}

async function timed(page: Page, conversation: number, act: () => Promise<void>): Promise<number> {
  await page.evaluate(
    (newest) => (window as unknown as { stopwatch(n: number): void }).stopwatch(newest),
    newestOf(conversation),
  );
  await act();
  const took = await page.evaluate(() => (window as unknown as { took: Promise<number> }).took);
  await page.waitForTimeout(pauseMs);
  return took;
}

/** The conversations of the list from the top, by their number; -1 = none of ours. */
function order(page: Page): Promise<number[]> {
  return page
    .getByRole('option')
    .evaluateAll((rows) => rows.map((row) => Number(/Customer (\d+)/.exec(row.textContent)?.[1] ?? 0) - 1));
}

function selected(page: Page): Promise<number> {
  return page.getByRole('option').evaluateAll((rows) => rows.findIndex((row) => row.ariaSelected === 'true'));
}

function rowOf(page: Page, conversation: number): Locator {
  return page.getByRole('option').filter({ hasText: new RegExp(`Customer ${conversation + 1}\\b`) });
}

async function press(page: Page, conversation: number): Promise<number> {
  const row = rowOf(page, conversation);
  await row.scrollIntoViewIfNeeded();
  return timed(page, conversation, () => row.click({ position: { x: 40, y: 12 } }));
}

/** Every conversation once, from the first to the last, by the key that means "next". */
async function walk(page: Page): Promise<number[]> {
  const list = await order(page);
  const mine = list.flatMap((number, place) => (number >= 0 ? [place] : []));
  const first = mine[0];
  if (first === undefined || mine.length < conversations)
    throw new Error(`only ${mine.length} conversations in the list`);
  // The desk may have opened on it by itself: nothing to time.
  await rowOf(page, list[first] ?? 0).click();
  await page
    .locator('[data-index]')
    .filter({ hasText: new RegExp(`\\bNo ${newestOf(list[first] ?? 0)}\\.`) })
    .waitFor({ timeout: 60_000 });
  // The keys are the list's: the composer would take them as text.
  await page.getByRole('option').nth(first).focus();
  const all: number[] = [];
  for (const place of mine.slice(1)) {
    if ((await selected(page)) !== place - 1) throw new Error('the list has moved');
    all.push(await timed(page, list[place] ?? 0, () => page.keyboard.press('j')));
  }
  return all;
}

async function jump(page: Page): Promise<number[]> {
  const all: number[] = [];
  // A walk in large steps: never the neighbour, every part of the list.
  for (let i = 1; i <= clicks; i += 1) all.push(await press(page, (i * 37) % conversations));
  return all;
}

async function launch(address: string, dir?: string): Promise<Desk> {
  const desk = await launchPackaged({
    ...(dir === undefined ? {} : { dir }),
    args: ['--lang=en-GB'],
    env: { FAIRLEAD_DEMO_HUB: address, FAIRLEAD_DEMO_EMAIL: 'ana@example.org', LANGUAGE: 'en-GB' },
  });
  await desk.page
    .getByRole('option')
    .filter({ hasText: 'Customer' })
    .nth(conversations - 1)
    .waitFor({ timeout: 120_000 });
  await installWatch(desk.page);
  return desk;
}

const summary = (name: string, all: readonly number[]): (string | number)[] => [
  name,
  all.length,
  ...[0.5, 0.95, 1].map((share) => short(percentile(all, share))),
  short(percentile(all, 0.95) / frameMs),
];

/** Going from one conversation to another on a desk that holds a great deal. */
export const threadSwitch: Bench = {
  divides: `p95 from key press or click to the painted thread, packaged desk with ${conversations * messagesEach} cached messages / one 16.7 ms frame`,
  aim: { is: 'at most', ratio: 3 },
  async run() {
    const display = await openDisplay({ isPrivate: true });
    Object.assign(process.env, display.env);
    const hub = await startBenchHub(
      async (world) => {
        const id = await world.person('Ana', 'agent', [world.teams[0]]);
        await fill(world, { person: { id, name: 'Ana' }, conversations, messagesEach });
      },
      { isDemo: true },
    );
    try {
      // The first desk fetches: a thread shows only when all of it is here, so having seen every one means holding all.
      const first = await launch(hub.address);
      await walk(first.page);
      await first.close({ isKept: true });
      // The second has everything on its disk and nothing in its window yet.
      const desk = await launch(hub.address, first.dir);
      await desk.page.waitForTimeout(2_000);
      const byKey = await walk(desk.page);
      const byClick = await jump(desk.page);
      await desk.close();
      const all = [...byKey, ...byClick];
      return {
        ratio: percentile(all, 0.95) / frameMs,
        table: [
          ['in ms', 'switches', 'p50', 'p95', 'worst', 'p95 in frames'],
          summary('next by key, first visit', byKey),
          summary('by click, across the list', byClick),
          summary('both', all),
        ],
        notes: [
          `${conversations} conversations of ${messagesEach} messages, all in the list; measured inside the page, to the end of the frame that paints the newest message`,
          `${pauseMs} ms between two switches; the hub is up and the desk live`,
        ],
      };
    } finally {
      await hub.close();
      display.stop();
    }
  },
};
