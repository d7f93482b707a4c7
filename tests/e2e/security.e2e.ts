import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DeskApi } from '#shared/ipc/window-desk.ts';
import { type Desk, launchPackaged } from '#tests/support/desk.ts';
import { type Listener, startListener } from '#tests/support/listener.ts';

declare global {
  interface Window {
    readonly desk: DeskApi;
  }
}

let desk: Desk;
let outside: Listener;
beforeAll(async () => {
  outside = await startListener();
  desk = await launchPackaged();
});
afterAll(async () => {
  await outside.stop();
  expect(await desk.close()).toBe(0);
});

test('the page runs no text as code and takes no text as markup', async () => {
  const seen = await desk.page.evaluate(async () => {
    // Playwright's own evaluate is exempt from the policy; what a timer runs is not.
    const blocked = (run: () => unknown): Promise<string> =>
      new Promise((done) => {
        setTimeout(() => {
          try {
            run();
            done('ran');
          } catch (error) {
            done(error instanceof Error ? error.name : 'threw');
          }
        });
      });
    const element = document.createElement('div');
    return {
      eval: await blocked(() => (Reflect.get(window, 'eval') as (text: string) => unknown)('1')),
      function: await blocked(() => Reflect.construct(Function, ['return 1'])()),
      markup: await blocked(() => {
        element.innerHTML = '<img src=x onerror=alert(1)>';
      }),
      handler: await blocked(() => element.setAttribute('onclick', 'alert(1)')),
      script: await blocked(() => {
        const script = document.createElement('script');
        script.text = 'window.wasRun = true';
        document.head.append(script);
      }),
      wasRun: 'wasRun' in window,
    };
  });
  expect(seen).toEqual({
    eval: 'EvalError',
    function: 'EvalError',
    markup: 'TypeError',
    handler: 'TypeError',
    script: 'TypeError',
    wasRun: false,
  });
});

test('the page finds nothing of Node or Electron, only the desk', async () => {
  const seen = await desk.page.evaluate(() => ({
    strangers: ['require', 'process', 'module', 'Buffer', 'global', 'electron', 'ipcRenderer'].filter(
      (n) => n in window,
    ),
    doors: Object.keys(window.desk).sort(),
    calls: Object.keys(window.desk.main).sort(),
    origin: location.origin,
  }));
  expect(seen).toEqual({
    strangers: [],
    doors: ['connectCore', 'main', 'on'],
    calls: ['about', 'notify', 'openLink', 'setAppearance', 'setBadge', 'showLog', 'zoom'],
    origin: 'app://bundle',
  });
});

test('the page cannot reach the network by any way a browser has', async () => {
  // The control: from out here the listener is reached, and counts.
  expect(await (await fetch(`http://${outside.address}/`)).text()).toContain('reached');
  const reachedFromHere = outside.count();
  expect(reachedFromHere).toBeGreaterThan(0);
  const tried = await desk.page.evaluate(async (address) => {
    const settled = async (name: string, run: () => unknown): Promise<string> => {
      try {
        return `${name}: ${String(await run())}`;
      } catch (error) {
        return `${name}: ${error instanceof Error ? error.name : 'refused'}`;
      }
    };
    const over = (target: EventTarget, ok: string): Promise<string> =>
      new Promise((done) => {
        target.addEventListener(ok, () => done('reached'));
        target.addEventListener('error', () => done('refused'));
        setTimeout(() => done('silence'), 1_500);
      });
    const shown = <T extends HTMLElement>(element: T, ok = 'load'): Promise<string> => {
      const end = over(element, ok);
      document.body.append(element);
      return end.finally(() => element.remove());
    };
    const url = `http://${address}/`;
    return Promise.all([
      settled('fetch', () => fetch(url, { mode: 'no-cors' }).then(() => 'reached')),
      settled('socket', () => over(new WebSocket(`ws://${address}/`), 'open')),
      settled('events', () => over(new EventSource(url), 'open')),
      settled('picture', () => shown(Object.assign(document.createElement('img'), { src: `${url}a.png` }))),
      settled('sheet', () =>
        shown(Object.assign(document.createElement('link'), { rel: 'stylesheet', href: `${url}a.css` })),
      ),
      settled('prefetch', () =>
        shown(Object.assign(document.createElement('link'), { rel: 'prefetch', href: `${url}b` })),
      ),
      settled('frame', () => {
        const frame = Object.assign(document.createElement('iframe'), { src: url });
        return shown(frame).then(() => (frame.contentDocument === null ? 'blocked' : 'blocked'));
      }),
      settled('peer', async () => {
        const peer = new RTCPeerConnection({
          iceServers: [
            { urls: `stun:${address}` },
            { urls: `turn:${address}?transport=tcp`, username: 'a', credential: 'b' },
            { urls: `turn:${address}?transport=udp`, username: 'a', credential: 'b' },
          ],
        });
        peer.createDataChannel('out');
        await peer.setLocalDescription(await peer.createOffer());
        await new Promise((wait) => setTimeout(wait, 2_000));
        peer.close();
        return 'tried';
      }),
      settled('beacon', () => {
        navigator.sendBeacon(url, 'x');
        return 'tried';
      }),
    ]);
  }, outside.address);
  expect(tried.filter((line) => line.endsWith('reached'))).toEqual([]);
  expect(tried).toHaveLength(9);
  expect(outside.count()).toBe(reachedFromHere);
});

test('the page stays where it is and opens nothing', async () => {
  const before = outside.count();
  await desk.page.evaluate((address) => {
    const link = Object.assign(document.createElement('a'), { href: `http://${address}/`, target: '_blank' });
    document.body.append(link);
    link.click();
    link.remove();
    window.open(`http://${address}/`);
    const form = Object.assign(document.createElement('form'), { action: `http://${address}/`, method: 'post' });
    document.body.append(form);
    form.submit();
    form.remove();
    location.href = `http://${address}/`;
  }, outside.address);
  // A navigation that was allowed would take a moment; a second one is answered by the same page.
  await desk.page.waitForTimeout(500);
  expect(desk.page.url()).toMatch(/^app:\/\/bundle\//);
  expect(desk.page.context().pages()).toHaveLength(1);
  expect(outside.count()).toBe(before);
  await expect.poll(() => desk.log()).toContain('navigation refused');
});

test('only the bundle is served, not the files beside it', async () => {
  const answers = await desk.page.evaluate(async () => {
    const paths = [
      '..%2f..%2fpackage.json',
      '..%2fmain%2findex.js',
      '%2e%2e/main/index.js',
      'index.html%00.js',
      'none.js',
    ];
    return Promise.all(
      paths.map((path) =>
        fetch(`app://bundle/${path}`).then(
          (answer) => answer.status,
          () => 0,
        ),
      ),
    );
  });
  expect(answers.filter((status) => status === 200)).toEqual([]);
  expect(await desk.page.evaluate(() => fetch('app://bundle/').then((answer) => answer.status))).toBe(200);
});

test('the page has no right to camera, place, notices or the clipboard of others', async () => {
  const rights = await desk.page.evaluate(async () => {
    const refused = (promise: Promise<unknown>): Promise<string> =>
      promise.then(
        () => 'granted',
        () => 'refused',
      );
    return {
      notices: await Notification.requestPermission(),
      camera: await refused(navigator.mediaDevices.getUserMedia({ video: true, audio: true })),
      screen: await refused(navigator.mediaDevices.getDisplayMedia()),
      clipboard: await refused(navigator.clipboard.readText()),
      place: await refused(new Promise((ok, no) => navigator.geolocation.getCurrentPosition(ok, no))),
    };
  });
  expect(rights).toEqual({
    notices: 'denied',
    camera: 'refused',
    screen: 'refused',
    clipboard: 'refused',
    place: 'refused',
  });
});

test('malformed calls and messages are refused, logged, and nothing falls over', async () => {
  const core = desk.corePid();
  expect(core).not.toBeNull();
  const refused = await desk.page.evaluate(async () => {
    const main = window.desk.main as unknown as Record<string, (args?: unknown) => Promise<unknown>>;
    const bad: [string, unknown][] = [
      ['setAppearance', { theme: 'pink', language: 'de' }],
      ['setAppearance', undefined],
      ['zoom', 'sideways'],
      ['notify', { title: 'x'.repeat(100_000), body: '', tag: 't', place: null }],
      ['notify', { title: 'x', body: '', tag: 't', place: 'https://evil.example/' }],
      ['setBadge', -1],
      ['setBadge', '7'],
      ['openLink', { toString: 'https://evil.example' }],
    ];
    const answers: string[] = [];
    for (const [name, args] of bad) {
      await main[name]?.(args).then(
        () => answers.push(`${name} taken`),
        () => answers.push('refused'),
      );
    }
    const line = window.desk.connectCore(
      () => undefined,
      () => undefined,
    ) as unknown as { post(message: unknown): void };
    for (const message of [undefined, null, 'select 1', 7, [1], { text: 'x'.repeat(1_100_000) }]) {
      try {
        line.post(message);
        answers.push('posted');
      } catch {
        answers.push('refused');
      }
    }
    // Plain objects pass here; the core has to refuse these.
    for (const message of [{}, { op: 'drop' }, { op: 'query', id: 'x' }, { op: 'command', id: 1, kind: 7 }]) {
      line.post(message);
    }
    return answers;
  });
  expect(refused).toEqual(Array.from({ length: 14 }, () => 'refused'));
  expect(desk.log().split('call refused')).toHaveLength(9);
  expect(await desk.page.evaluate(() => window.desk.main.about(null))).toMatchObject({ isPackaged: true });
  expect(desk.corePid()).toBe(core);
});

test('a link that is on no list is not handed to the system', async () => {
  expect(await desk.page.evaluate(() => window.desk.main.openLink('https://evil.example/'))).toEqual({
    isOpened: false,
  });
});
