import type { MenuItemConstructorOptions } from 'electron';
import type { Words } from './copy.ts';

export type MenuActions = {
  open(what: 'about' | 'settings' | 'shortcuts'): void;
  zoom(direction: 'in' | 'out' | 'reset'): void;
  showLog(): void;
};

export type MenuPlace = { readonly platform: NodeJS.Platform; readonly isPackaged: boolean };

type Item = MenuItemConstructorOptions;

function fileMenu(words: Words, actions: MenuActions): Item {
  return {
    label: words.file,
    submenu: [
      { label: words.settings, accelerator: 'CmdOrCtrl+,', click: () => actions.open('settings') },
      { type: 'separator' },
      { role: 'close', label: words.close },
      { role: 'quit', label: words.quit },
    ],
  };
}

function macMenu(words: Words, actions: MenuActions): Item {
  return {
    role: 'appMenu',
    submenu: [
      { label: words.about, click: () => actions.open('about') },
      { type: 'separator' },
      { label: words.settings, accelerator: 'CmdOrCtrl+,', click: () => actions.open('settings') },
      { type: 'separator' },
      { role: 'services' },
      { type: 'separator' },
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      { type: 'separator' },
      { role: 'quit', label: words.quit },
    ],
  };
}

function editMenu(words: Words): Item {
  return {
    label: words.edit,
    submenu: [
      { role: 'undo', label: words.undo },
      { role: 'redo', label: words.redo },
      { type: 'separator' },
      { role: 'cut', label: words.cut },
      { role: 'copy', label: words.copy },
      { role: 'paste', label: words.paste },
      { role: 'pasteAndMatchStyle', label: words.pastePlain },
      { role: 'selectAll', label: words.selectAll },
    ],
  };
}

function viewMenu(words: Words, actions: MenuActions, isPackaged: boolean): Item {
  const forDevelopers: Item[] = [
    { type: 'separator' },
    { role: 'reload', label: words.reload },
    { role: 'toggleDevTools', label: words.developerTools },
  ];
  return {
    label: words.view,
    submenu: [
      { label: words.zoomIn, accelerator: 'CmdOrCtrl+Plus', click: () => actions.zoom('in') },
      // The same key without Shift, where plus shares it with equals.
      { label: words.zoomIn, accelerator: 'CmdOrCtrl+=', visible: false, click: () => actions.zoom('in') },
      { label: words.zoomOut, accelerator: 'CmdOrCtrl+-', click: () => actions.zoom('out') },
      { label: words.zoomReset, accelerator: 'CmdOrCtrl+0', click: () => actions.zoom('reset') },
      { type: 'separator' },
      { role: 'togglefullscreen', label: words.fullScreen },
      ...(isPackaged ? [] : forDevelopers),
    ],
  };
}

function helpMenu(words: Words, actions: MenuActions, isMac: boolean): Item {
  const about: Item[] = [{ type: 'separator' }, { label: words.about, click: () => actions.open('about') }];
  return {
    role: 'help',
    label: words.help,
    submenu: [
      { label: words.shortcuts, click: () => actions.open('shortcuts') },
      { label: words.showLog, click: () => actions.showLog() },
      ...(isMac ? [] : about),
    ],
  };
}

/** The application menu. Reloading and the developer tools exist only in an unpackaged desk. */
export function menuTemplate(words: Words, actions: MenuActions, { platform, isPackaged }: MenuPlace): Item[] {
  const isMac = platform === 'darwin';
  const windowItems: Item[] = [{ role: 'minimize', label: words.minimize }];
  if (isMac) windowItems.push({ role: 'zoom' }, { role: 'close', label: words.close }, { role: 'front' });
  return [
    isMac ? macMenu(words, actions) : fileMenu(words, actions),
    editMenu(words),
    viewMenu(words, actions, isPackaged),
    { role: 'window', label: words.window, submenu: windowItems },
    helpMenu(words, actions, isMac),
  ];
}
