import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Desk, launchDev, launchPackaged } from '#tests/support/desk.ts';

/** Lets the page count what its line to the core says; the page's own line falls silent for it. */
async function watchLine(desk: Desk): Promise<() => Promise<string[]>> {
  await desk.page.evaluate(() => {
    const states: string[] = [];
    Object.assign(window, { lineStates: states });
    window.desk.connectCore(
      () => undefined,
      (state) => states.push(state),
    );
  });
  return () => desk.page.evaluate(() => (window as unknown as { lineStates: string[] }).lineStates);
}

test('a core that is killed comes back by itself, and the page gets a fresh line to it', async () => {
  const desk = await launchPackaged();
  const states = await watchLine(desk);
  const first = desk.corePid();
  if (first === null) throw new Error('no core');
  process.kill(first, 'SIGKILL');
  await expect.poll(states).toEqual(['open', 'closed', 'open']);
  await expect.poll(() => desk.corePid()).not.toBe(first);
  expect(desk.corePid()).not.toBeNull();
  expect(desk.log()).toContain('the core ended and will be restarted');
  expect(await desk.close()).toBe(0);
});

test('a desk that was killed starts again on the same folder', async () => {
  const first = await launchPackaged();
  await first.kill9();
  const second = await launchPackaged({ dir: first.dir });
  expect(await second.page.evaluate(() => location.origin)).toBe('app://bundle');
  expect(await second.close()).toBe(0);
});

test('a reloaded page gets a line of its own', async () => {
  const desk = await launchPackaged();
  await desk.page.reload();
  const states = await watchLine(desk);
  await expect.poll(states).toEqual(['open']);
  expect(await desk.close()).toBe(0);
});

test('size, zoom and theme are there again at the next start', async () => {
  const wanted = { x: 60, y: 40, width: 1_000, height: 700 };
  const first = await launchDev();
  await first.app.evaluate(({ BrowserWindow }, bounds) => {
    BrowserWindow.getAllWindows()[0]?.setBounds(bounds);
  }, wanted);
  // What a person chose in the settings stands with the page, which tells the main process at its start.
  const chosen = { theme: 'dark', language: 'de', hasLetterKeys: true, widths: null };
  await first.page.evaluate((all) => localStorage.setItem('fairlead.preferences', JSON.stringify(all)), chosen);
  await first.page.reload();
  expect(await first.page.evaluate(() => window.desk.main.zoom('in'))).toEqual({ factor: 1.1 });
  const file = join(first.dir, 'desk.json');
  await expect
    .poll(() => JSON.parse(readFileSync(file, 'utf8')))
    .toMatchObject({ window: wanted, zoom: 1.1, theme: 'dark' });
  await first.close({ isKept: true });

  const second = await launchDev({ dir: first.dir });
  const seen = (): Promise<unknown> =>
    second.app.evaluate(({ BrowserWindow, Menu, nativeTheme }) => {
      const window = BrowserWindow.getAllWindows()[0];
      return {
        bounds: window?.getNormalBounds(),
        zoom: Math.round((window?.webContents.getZoomFactor() ?? 0) * 100),
        theme: nativeTheme.themeSource,
        menu: Menu.getApplicationMenu()?.items.map((item) => item.label),
      };
    });
  const menu = ['Datei', 'Bearbeiten', 'Ansicht', 'Fenster', 'Hilfe'];
  await expect.poll(seen).toEqual({ bounds: wanted, zoom: 110, theme: 'dark', menu });
  await second.close();
});

test('what the menu chooses reaches the page, and a second start brings the first desk forward', async () => {
  const desk = await launchDev();
  await desk.page.evaluate(() => {
    const opened: string[] = [];
    Object.assign(window, { opened });
    window.desk.on('open', ({ what }) => opened.push(what));
  });
  await desk.app.evaluate(({ BrowserWindow, Menu }) => {
    const help = Menu.getApplicationMenu()?.items.at(-1)?.submenu?.items.at(-1);
    help?.click(undefined, BrowserWindow.getAllWindows()[0]);
  });
  await expect
    .poll(() => desk.page.evaluate(() => (window as unknown as { opened: string[] }).opened))
    .toEqual(['about']);
  await desk.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.minimize());
  await expect(launchPackaged({ dir: desk.dir })).rejects.toThrow('the desk ended with 0');
  await expect
    .poll(() => desk.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((one) => one.isVisible())))
    .toEqual([true]);
  await desk.close();
});
