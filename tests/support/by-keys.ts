import type { Frame, Page } from 'playwright-core';

/** What has the focus, as a person would name it. */
export interface Focused {
  /** Its name: what it says, or what it is labelled with. */
  readonly name: string;
  /** Where it is in the window. */
  readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
}

/** Somebody who uses a window with the keyboard alone: presses keys, types, reads, and never touches a mouse. */
export interface ByKeys {
  /** Presses keys one after the other; the focus must be somewhere one can see after each. */
  press(...keys: string[]): Promise<void>;
  type(text: string): Promise<void>;
  /** Waits until this text can be read. */
  see(text: string | RegExp): Promise<void>;
  /** Waits until this text is gone. */
  miss(text: string | RegExp): Promise<void>;
  /** What has the focus; null when nothing has. */
  focused(): Promise<Focused | null>;
  /** Waits until the focus is on something named so. */
  on(name: RegExp): Promise<void>;
  /** Goes on with Tab until what has the focus is named so. */
  tabTo(name: RegExp): Promise<void>;
}

/** In one frame: null when the focus is on nothing or in a frame inside. */
function focusedIn(frame: Frame): Promise<Focused | null> {
  return frame.evaluate(() => {
    let at = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    if (!document.hasFocus() || at === null || at === document.body || at.tagName === 'IFRAME') return null;
    const said = (ids: string | null): string =>
      (ids ?? '')
        .split(' ')
        .map((id) => document.getElementById(id)?.textContent ?? '')
        .join(' ');
    const labels = at instanceof HTMLInputElement || at instanceof HTMLTextAreaElement ? [...(at.labels ?? [])] : [];
    const label = labels.map((one) => one.textContent).join(' ');
    const name =
      at.getAttribute('aria-label') ?? (said(at.getAttribute('aria-labelledby')).trim() || label || at.textContent);
    const { x, y, width, height } = at.getBoundingClientRect();
    return { name: (name ?? '').replaceAll(/[\s\u2068\u2069]+/g, ' ').trim(), box: { x, y, width, height } };
  });
}

/** The keyboard of a window. */
export function byKeys(page: Page): ByKeys {
  const text = (words: string | RegExp) => page.getByText(words).first();
  const everywhere = async (words: string | RegExp, state: 'visible' | 'hidden'): Promise<void> => {
    const frames = page
      .frames()
      .slice(1)
      .map((frame) => frame.getByText(words).first());
    const all = [text(words), ...frames].map((one) => one.waitFor({ state, timeout: 15_000 }));
    await (state === 'visible' ? Promise.any(all) : Promise.all(all));
  };
  const focused = async (): Promise<Focused | null> => {
    for (const frame of page.frames()) {
      const found = await focusedIn(frame);
      if (found !== null) return found;
    }
    return null;
  };
  const isSomewhere = async (after: string): Promise<void> => {
    for (const end = performance.now() + 3_000; ; ) {
      const found = await focused();
      if (found !== null && found.box.width > 0) return;
      if (performance.now() > end) throw new Error(`the focus is lost after ${after}`);
      await page.waitForTimeout(20);
    }
  };
  return {
    focused,
    async press(...keys) {
      for (const key of keys) await page.keyboard.press(key);
      await isSomewhere(keys.join(' '));
    },
    type: (words) => page.keyboard.type(words),
    see: (words) => everywhere(words, 'visible'),
    miss: (words) => everywhere(words, 'hidden'),
    async on(name) {
      for (const end = performance.now() + 8_000; ; ) {
        const found = await focused();
        if (found !== null && name.test(found.name)) return;
        if (performance.now() > end) throw new Error(`the focus is on ${found?.name ?? 'nothing'}, not on ${name}`);
        await page.waitForTimeout(20);
      }
    },
    async tabTo(name) {
      const passed: string[] = [];
      for (let at = 0; at < 60; at += 1) {
        const found = await focused();
        if (found !== null && name.test(found.name)) return;
        passed.push(found?.name ?? '-');
        await page.keyboard.press('Tab');
      }
      throw new Error(`Tab does not lead to ${name}: ${passed.join(' | ')}`);
    },
  };
}

/**
 * Goes once around with Tab and answers the names of all stops. Throws when Tab is caught somewhere, and when a stop
 * looks the same with the focus and without it.
 */
export async function roundTrip(page: Page): Promise<string[]> {
  const keys = byKeys(page);
  const names: string[] = [];
  const first = await keys.focused();
  if (first === null) throw new Error('nothing has the focus');
  const same = (a: Focused, b: Focused): boolean =>
    a.name === b.name && Math.abs(a.box.x - b.box.x) + Math.abs(a.box.y - b.box.y) < 2;
  for (let at: Focused | null = first, steps = 0; ; steps += 1) {
    if (steps > 80) throw new Error(`Tab does not come back to ${first.name}: ${names.join(' | ')}`);
    const clip = at === null ? null : around(at, page);
    const before = clip === null ? null : await page.screenshot({ clip, caret: 'hide', animations: 'disabled' });
    await page.keyboard.press('Tab');
    const next = await keys.focused();
    if (at !== null && clip !== null && before !== null) {
      names.push(at.name);
      const after = await page.screenshot({ clip, caret: 'hide', animations: 'disabled' });
      if (before.equals(after)) throw new Error(`one cannot see that the focus is on: ${at.name}`);
    }
    if (next !== null && same(next, first)) return names;
    at = next;
  }
}

/** The element with what is drawn around it, as far as it is in the window. */
function around({ box }: Focused, page: Page): { x: number; y: number; width: number; height: number } | null {
  const size = page.viewportSize() ?? { width: 1_440, height: 900 };
  const x = Math.max(0, box.x - 5);
  const y = Math.max(0, box.y - 5);
  const width = Math.min(size.width, box.x + box.width + 5) - x;
  const height = Math.min(size.height, box.y + box.height + 5) - y;
  return width < 1 || height < 1 ? null : { x, y, width, height };
}
