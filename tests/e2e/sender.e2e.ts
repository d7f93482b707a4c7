import { resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DevDesk, launchDev } from '#tests/support/desk.ts';

let desk: DevDesk;
beforeAll(async () => {
  desk = await launchDev();
});
afterAll(async () => {
  await desk.close();
});

const preload = resolve('out/preload/index.cjs');
const ask = `desk.main.about(null).then((about) => 'answered ' + about.appVersion, (error) => error.message)`;

/**
 * Opens a window of its own with our preload, also inside frames, and asks the main process from one of its frames.
 * The pages of app:// come without a policy here: what is tried is the sender check alone.
 */
async function askFrom(address: string, frame: 'top' | 'inside'): Promise<string> {
  return desk.app.evaluate(
    async ({ BrowserWindow, session }, [url, file, where, code]) => {
      const apart = session.fromPartition(`apart-${Math.random()}`);
      const html = { headers: { 'content-type': 'text/html' } };
      apart.protocol.handle('app', ({ url: wanted }) =>
        wanted.endsWith('/inner') ? new Response('inner', html) : new Response('<iframe src="/inner"></iframe>', html),
      );
      const window = new BrowserWindow({
        show: false,
        webPreferences: {
          preload: file,
          session: apart,
          sandbox: true,
          contextIsolation: true,
          nodeIntegrationInSubFrames: true,
        },
      });
      // The fence would not even let the inner page load; here the wall behind it is tried.
      window.webContents.removeAllListeners('will-frame-navigate');
      try {
        await window.loadURL(url);
        const main = window.webContents.mainFrame;
        const asking = where === 'top' ? main : main.frames[0];
        return asking ? String(await asking.executeJavaScript(code)) : 'no frame';
      } finally {
        window.destroy();
      }
    },
    [address, preload, frame, ask] as const,
  );
}

test('our page in the top frame of a window is answered', async () => {
  expect(await askFrom('app://bundle/', 'top')).toMatch(/^answered \d/);
});

test('a frame inside our page is refused, though its origin is ours', async () => {
  expect(await askFrom('app://bundle/', 'inside')).toContain('about: refused');
});

test('a page of another origin is refused', async () => {
  expect(await askFrom('data:text/html,<body>x</body>', 'top')).toContain('about: refused');
});

test('no frame but ours gets a line to the core', async () => {
  const before = desk.log().split('"call":"connectCore"').length;
  await askFrom('data:text/html,<body>x</body>', 'top');
  await expect.poll(() => desk.log().split('"call":"connectCore"').length).toBeGreaterThan(before);
});

test('the window is sandboxed, isolated and without Node', async () => {
  const preferences = await desk.app.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as {
      getLastWebPreferences(): Record<string, unknown>;
    };
    const { sandbox, contextIsolation, nodeIntegration, webSecurity, webviewTag } = contents.getLastWebPreferences();
    return { sandbox, contextIsolation, nodeIntegration, webSecurity, webviewTag };
  });
  expect(preferences).toEqual({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webSecurity: true,
    webviewTag: false,
  });
});
