import type { MenuItemConstructorOptions } from 'electron';
import { expect, test } from 'vitest';
import { languageFor, wordsIn } from './copy.ts';
import { type MenuActions, menuTemplate } from './menu.ts';

const still: MenuActions = { open: () => undefined, zoom: () => undefined, showLog: () => undefined };

function flat(items: MenuItemConstructorOptions[]): MenuItemConstructorOptions[] {
  return items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? flat(item.submenu) : [])]);
}
function rolesOf(isPackaged: boolean): (string | undefined)[] {
  return flat(menuTemplate(wordsIn('en'), still, { platform: 'linux', isPackaged })).map((item) => item.role);
}

test('a packaged desk offers neither developer tools nor a reload, an unpackaged one does', () => {
  expect(rolesOf(true)).not.toContain('toggleDevTools');
  expect(rolesOf(true)).not.toContain('reload');
  expect(rolesOf(false)).toEqual(expect.arrayContaining(['toggleDevTools', 'reload']));
});

test.each(['linux', 'win32', 'darwin'] as const)('no two entries share a key on %s', (platform) => {
  const keys = flat(menuTemplate(wordsIn('en'), still, { platform, isPackaged: true }))
    .map((item) => item.accelerator)
    .filter((key) => key !== undefined);
  expect(new Set(keys).size).toBe(keys.length);
});

test('each language has its own word for every entry that reads differently', () => {
  const labels = (language: 'en' | 'de'): (string | undefined)[] =>
    menuTemplate(wordsIn(language), still, { platform: 'linux', isPackaged: true }).map((item) => item.label);
  expect(labels('de')).toEqual(['Datei', 'Bearbeiten', 'Ansicht', 'Fenster', 'Hilfe']);
  expect(labels('en')).toEqual(['File', 'Edit', 'View', 'Window', 'Help']);
});

test.each([
  [['de-AT', 'en'], 'de'],
  [['fr-FR', 'de'], 'de'],
  [['en-GB', 'de'], 'en'],
  [['ja'], 'en'],
  [[], 'en'],
])('of the languages %j the desk takes %s', (preferred, language) => {
  expect(languageFor(preferred)).toBe(language);
});
