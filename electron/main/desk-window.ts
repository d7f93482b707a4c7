import { BrowserWindow, dialog, nativeTheme, screen, type WebContents } from 'electron';
import type { MainEvents } from '#shared/ipc/main.ts';
import { channels, type MainEventName } from '#shared/ipc/window-desk.ts';
import type { Clock, Timer } from '#shared/lib/time.ts';
import { consoleError } from './console-error.ts';
import type { Words } from './copy.ts';
import { errorText, type Log } from './log.ts';
import { redact } from './redact.ts';
import type { SettingsFile } from './settings.ts';
import { type Area, placeWindow, smallestWindow } from './window-state.ts';

export type DeskWindowParts = {
  readonly settings: SettingsFile;
  readonly log: Log;
  readonly address: string;
  readonly preload: string;
  readonly icon: string;
  readonly logFile: string;
  words(): Words;
  readonly clock: Clock;
};

export type DeskWindow = {
  /** Opens the window, or brings the open one forward. */
  open(): void;
  isFocused(): boolean;
  /** The page, or null while there is no window. */
  contents(): WebContents | null;
  /** Tells the page something; without a window nothing happens. */
  tell<N extends MainEventName>(name: N, payload: MainEvents[N]): void;
  /** Colours of the frame that shows before the page paints and while it is resized. */
  repaint(): void;
};

/** A page that fails more often than this within a minute is not loaded again by itself. */
const mostReloads = 3;

const background = (): string => (nativeTheme.shouldUseDarkColors ? '#0e1014' : '#f4f5f7');

function workAreas(): [Area, ...Area[]] {
  const main = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter((display) => display.id !== main.id);
  return [main.workArea, ...others.map((display) => display.workArea)];
}

function keepPlace(window: BrowserWindow, { settings, clock }: DeskWindowParts): void {
  const save = (): void => {
    if (window.isDestroyed() || window.isMinimized() || window.isFullScreen()) return;
    settings.set({ window: { ...window.getNormalBounds(), isMaximized: window.isMaximized() } });
  };
  // `resized` and `moved` (once, at the end) do not exist on Linux, so the many small ones are waited out.
  let timer: Timer | null = null;
  const saveSoon = (): void => {
    timer?.cancel();
    timer = clock.setTimeout(save, 400);
  };
  window.on('resize', saveSoon);
  window.on('move', saveSoon);
  window.on('maximize', saveSoon);
  window.on('unmaximize', saveSoon);
  window.on('close', () => {
    timer?.cancel();
    save();
  });
}

function watchPage(window: BrowserWindow, parts: DeskWindowParts): void {
  const { log } = parts;
  const contents = window.webContents;
  let reloads: number[] = [];
  contents.on('console-message', (details, level, text) => {
    const error = consoleError(details, level, text);
    if (error !== null) log('error', `page: ${redact(error)}`);
  });
  contents.on('render-process-gone', (_event, details) => {
    log('error', 'the page ended', { reason: details.reason, code: details.exitCode });
    if (details.reason === 'clean-exit' || window.isDestroyed()) return;
    const now = parts.clock.monotonic();
    reloads = [...reloads.filter((at) => now - at < 60_000), now];
    if (reloads.length > mostReloads) {
      const words = parts.words();
      dialog.showErrorBox(words.pageKeepsFailing, `${words.pageKeepsFailingWhy}\n${parts.logFile}`);
      return;
    }
    contents.reload();
  });
  contents.on('unresponsive', () => log('warn', 'the page does not answer'));
  contents.on('responsive', () => log('info', 'the page answers again'));
  contents.on('preload-error', (_event, _path, error) => log('error', `preload: ${errorText(error)}`));
  contents.on('did-fail-load', (_event, code, why) => log('error', 'the page did not load', { code, why }));
  contents.on('dom-ready', () => contents.setZoomFactor(parts.settings.now().zoom));
}

/** The desk's one window: opened where it was left, shown when it has something to show. */
export function createDeskWindow(parts: DeskWindowParts): DeskWindow {
  let window: BrowserWindow | null = null;

  const make = (): BrowserWindow => {
    const { isMaximized, ...bounds } = placeWindow(parts.settings.now().window, workAreas());
    const made = new BrowserWindow({
      ...bounds,
      minWidth: smallestWindow.width,
      minHeight: smallestWindow.height,
      show: false,
      autoHideMenuBar: true,
      backgroundColor: background(),
      icon: parts.icon,
      title: 'Fairlead',
      webPreferences: {
        preload: parts.preload,
        contextIsolation: true,
        sandbox: true,
        nodeIntegration: false,
        webSecurity: true,
        webviewTag: false,
        spellcheck: false,
        navigateOnDragDrop: false,
        disableBlinkFeatures: 'Auxclick',
        zoomFactor: parts.settings.now().zoom,
      },
    });
    if (isMaximized) made.maximize();
    made.once('ready-to-show', () => made.show());
    made.on('closed', () => {
      window = null;
    });
    keepPlace(made, parts);
    watchPage(made, parts);
    void made.loadURL(parts.address).catch((error: unknown) => parts.log('error', `load: ${errorText(error)}`));
    return made;
  };

  return {
    open() {
      if (window === null) {
        window = make();
        return;
      }
      if (window.isMinimized()) window.restore();
      window.show();
      window.focus();
    },
    isFocused: () => window?.isFocused() ?? false,
    contents: () => window?.webContents ?? null,
    tell: (name, payload) => window?.webContents.send(channels.event(name), payload),
    repaint: () => window?.setBackgroundColor(background()),
  };
}
