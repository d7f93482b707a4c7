import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import {
  app,
  dialog,
  ipcMain,
  Menu,
  nativeTheme,
  powerMonitor,
  protocol,
  session,
  shell,
  type WebFrameMain,
} from 'electron';
import iconFile from '#build/icons/256x256.png?asset';
import type { MainArguments } from '#shared/ipc/main.ts';
import { channels } from '#shared/ipc/window-desk.ts';
import { assertNever } from '#shared/lib/result.ts';
import { systemClock } from '#shared/lib/time.ts';
import { aboutDesk, runningKind } from './about.ts';
import { type BootStep, boot } from './boot.ts';
import { isOurPage, type MainHandlers, serveCalls } from './calls.ts';
import { languageFor, wordsIn } from './copy.ts';
import { createCoreHost } from './core-host.ts';
import { forkCore, newChannel, pageOf } from './core-process.ts';
import { demoHubFrom } from './demo-hub.ts';
import { createDeskWindow } from './desk-window.ts';
import { fenceAllContents, fenceSession, openOutside } from './fence.ts';
import { keychain } from './keychain.ts';
import { readHosts } from './links.ts';
import { errorText, openLog } from './log.ts';
import { menuTemplate } from './menu.ts';
import { createNotices } from './notices.ts';
import { createSecrets } from './secrets.ts';
import { appOrigin, serveFiles } from './serve-app.ts';
import { openSettings } from './settings.ts';
import { nextZoom } from './zoom.ts';

/** How long the core may take to finish its writes when the desk quits. */
const closeLimitMs = 3_000;

const here = import.meta.dirname;
const home = app.getPath('userData');
const rendererDir = join(here, '../renderer');
const logDir = join(home, 'logs');
const devUrl = app.isPackaged ? null : (process.env.ELECTRON_RENDERER_URL ?? null);
const log = openLog(logDir, !app.isPackaged || process.env.FAIRLEAD_LOG === 'console');
const settings = openSettings(join(home, 'desk.json'), (error) => log('warn', `settings: ${errorText(error)}`));
const fence = { linkHosts: readHosts(process.env.FAIRLEAD_LINK_HOSTS), devUrl, log };
const secrets = createSecrets(
  join(home, 'secrets'),
  keychain,
  () => randomBytes(32),
  (error) => log('error', `secrets: ${errorText(error)}`),
);
const origins = devUrl === null ? [appOrigin] : [appOrigin, new URL(devUrl).origin];
const isTrusted = (frame: WebFrameMain | null): boolean => isOurPage(frame, origins);

const systemLanguage = () => languageFor(app.getPreferredSystemLanguages());
const words = () => {
  const { language } = settings.now();
  return wordsIn(language === 'system' ? systemLanguage() : language);
};

const window = createDeskWindow({
  settings,
  log,
  words,
  address: devUrl ?? `${appOrigin}/`,
  preload: join(here, '../preload/index.cjs'),
  icon: iconFile,
  logFile: join(logDir, 'desk.log'),
  clock: systemClock,
});
const notices = createNotices(window);

const host = createCoreHost({
  clock: systemClock,
  log,
  init: {
    t: 'init',
    dir: join(home, 'core'),
    appVersion: app.getVersion(),
    runtimeKind: runningKind(),
    demoHub: demoHubFrom(process.env.FAIRLEAD_DEMO_HUB),
    platform: process.platform,
  },
  wishes: {
    secretWanted: secrets.get,
    secretForgotten: secrets.forget,
    notify: ({ notice }) => notices.show(notice),
    badge: (count) => app.setBadgeCount(count),
  },
  fork: () => forkCore(join(here, 'core.js'), join(home, 'core'), log),
  channel: newChannel,
});

function zoom(direction: 'in' | 'out' | 'reset'): { factor: number } {
  const factor = nextZoom(settings.now().zoom, direction);
  settings.set({ zoom: factor });
  window.contents()?.setZoomFactor(factor);
  return { factor };
}

const showLog = (): null => {
  shell.showItemInFolder(join(logDir, 'desk.log'));
  return null;
};

function buildMenu(): void {
  const actions = { open: (what: 'about' | 'settings' | 'shortcuts') => window.tell('open', { what }), zoom, showLog };
  Menu.setApplicationMenu(
    Menu.buildFromTemplate(menuTemplate(words(), actions, { platform: process.platform, isPackaged: app.isPackaged })),
  );
}

function setAppearance({ theme, language }: MainArguments['setAppearance']): null {
  const before = settings.now();
  settings.set({ theme, language });
  nativeTheme.themeSource = theme;
  if (before.language !== language) buildMenu();
  return null;
}

const handlers: MainHandlers = {
  about: () => aboutDesk(keychain.isReal(), systemLanguage()),
  setAppearance,
  zoom,
  notify: (notice) => ({ isShown: notices.show(notice) }),
  setBadge: (count) => {
    app.setBadgeCount(count);
    return null;
  },
  openLink: async (link) => ({ isOpened: await openOutside(link, fence) }),
  showLog,
};

/** In this order; what Electron takes only before it is ready comes before the step that waits for it. */
const steps: readonly BootStep[] = [
  { name: 'only one desk', run: () => (app.requestSingleInstanceLock() ? undefined : 'stop') },
  { name: 'app scheme', run: registerScheme },
  {
    name: 'sandbox',
    // enableSandbox() would take --no-sandbox away from all children, which root cannot survive; windows ask for it anyway.
    run: () => (app.commandLine.hasSwitch('no-sandbox') ? undefined : app.enableSandbox()),
  },
  { name: 'fence around pages', run: () => fenceAllContents(fence) },
  { name: 'electron ready', run: () => app.whenReady() },
  { name: 'core', run: host.start },
  { name: 'fence around the session', run: () => fenceSession(session.defaultSession, fence) },
  { name: 'page files', run: () => session.defaultSession.protocol.handle('app', serveFiles(rendererDir)) },
  { name: 'calls', run: openDoors },
  {
    name: 'theme',
    run: () => {
      nativeTheme.themeSource = settings.now().theme;
      nativeTheme.on('updated', () => window.repaint());
    },
  },
  { name: 'menu', run: buildMenu },
  { name: 'window', run: window.open },
  { name: 'comings and goings', run: watchComings },
];

function registerScheme(): void {
  const privileges = { standard: true, secure: true, supportFetchAPI: true, codeCache: true };
  protocol.registerSchemesAsPrivileged([{ scheme: 'app', privileges }]);
}

function openDoors(): void {
  serveCalls(ipcMain, handlers, isTrusted, log);
  ipcMain.on(channels.connectCore, (event) => {
    const frame = event.senderFrame;
    if (frame !== null && isTrusted(frame)) host.connect(pageOf(event.sender, frame));
    else log('warn', 'call refused', { call: 'connectCore', why: 'sender' });
  });
}

function watchComings(): void {
  app.on('second-instance', () => window.open());
  app.on('activate', () => window.open());
  powerMonitor.on('suspend', () => host.power('suspend'));
  powerMonitor.on('resume', () => host.power('resume'));
  powerMonitor.on('lock-screen', () => host.power('locked'));
}

/** Ends with the core, after the windows: so a page's last words still reach it. */
function endWithCore(): void {
  let isClosed = false;
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  app.on('will-quit', (event) => {
    if (isClosed) return;
    event.preventDefault();
    void host.close(closeLimitMs).then(() => {
      isClosed = true;
      log('info', 'desk ends');
      app.quit();
    });
  });
}

async function start(): Promise<void> {
  app.setAppUserModelId('app.fairlead.desk');
  process.on('uncaughtException', (error) => log('error', `not caught: ${errorText(error)}`));
  process.on('unhandledRejection', (error) => log('error', `not caught: ${errorText(error)}`));
  endWithCore();
  const { electron } = process.versions;
  log('info', 'desk starts', { version: app.getVersion(), electron: electron ?? '', runtime: runningKind() });
  if (runningKind() === 'stand-in') log('warn', 'this is the stand-in Electron: for development and tests only');
  const result = await boot(steps, systemClock.monotonic, (name, ms) =>
    log('debug', `boot: ${name}`, { ms: Math.round(ms) }),
  );
  switch (result.kind) {
    case 'done':
      return;
    case 'stopped':
      log('info', 'start ended', { at: result.at });
      app.exit(0);
      return;
    case 'failed':
      log('error', `start failed at ${result.at}: ${errorText(result.error)}`);
      dialog.showErrorBox(
        words().cannotStart,
        `${words().cannotStartWhy.replace('{step}', result.at)}\n${join(logDir, 'desk.log')}`,
      );
      app.exit(1);
      return;
    default:
      assertNever(result);
  }
}

// Not awaited at the top: Electron is ready only once this file has been evaluated.
void start();
