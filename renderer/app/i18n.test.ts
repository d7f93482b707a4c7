import { beforeAll, describe, expect, test } from 'vitest';
import { locales, pickLocale, startI18n } from './i18n.ts';
import { pseudo } from './pseudo.ts';

type Words = { [key: string]: string | Words };

const catalogue = import.meta.glob<Words>('./locales/*/*.json', { eager: true, import: 'default' });
const sources = import.meta.glob<string>(['../**/*.{ts,tsx}', '!../**/*.test.{ts,tsx}', '!../ui/gallery/**'], {
  eager: true,
  query: '?raw',
  import: 'default',
});

/** `slice:a.b` for every text of a language, with the text. */
function textsOf(locale: string): Map<string, string> {
  const found = new Map<string, string>();
  const walk = (prefix: string, words: Words): void => {
    for (const [key, value] of Object.entries(words)) {
      if (typeof value === 'string') found.set(`${prefix}${key}`, value);
      else walk(`${prefix}${key}.`, value);
    }
  };
  for (const [path, words] of Object.entries(catalogue)) {
    const [, , folder, file = ''] = path.split('/');
    if (folder === locale) walk(`${file.replace('.json', '')}:`, words);
  }
  return found;
}

const withoutPlural = (key: string): string => key.replace(/_(zero|one|two|few|many|other)$/, '');
const placeholders = (text: string): string[] =>
  [...text.matchAll(/\{\{\s*(\w+)/g)].map(([, name]) => name ?? '').sort();

interface Used {
  /** `slice:key`, or the part before the first variable of a template. */
  key: string;
  isPrefix: boolean;
  file: string;
}

/** Every key named in a source: `t('a.b')` with the namespace of the file's `useTranslation`, or `t('slice:a.b')`. */
function usedIn(file: string, source: string): Used[] {
  const namespaces = new Set([...source.matchAll(/useTranslation\(\s*'([\w-]+)'/g)].map(([, name]) => name ?? ''));
  const found: Used[] = [];
  for (const [, quoted, template] of source.matchAll(/\b(?:t|t[A-Z]\w*)\(\s*(?:'([^'\n]+)'|`([^`\n]+)`)/g)) {
    const text = quoted ?? template ?? '';
    const isPrefix = template !== undefined && text.includes('${');
    const bare = isPrefix ? text.slice(0, text.indexOf('${')) : text;
    if (bare.includes(':')) found.push({ key: bare, isPrefix, file });
    else for (const namespace of namespaces) found.push({ key: `${namespace}:${bare}`, isPrefix, file });
  }
  return found;
}

/** Keys that stand as words elsewhere (a table of keys, a field named `key`) count as used too. */
function isMentioned(key: string): boolean {
  const bare = key.slice(key.indexOf(':') + 1);
  return Object.values(sources).some((source) => source.includes(`'${bare}'`) || source.includes(`'${key}'`));
}

const english = textsOf('en');
const used = Object.entries(sources).flatMap(([file, source]) => usedIn(file, source));

test('the whole screen was looked at', () => {
  expect(Object.keys(sources).length).toBeGreaterThan(40);
  expect(used.length).toBeGreaterThan(20);
});

describe('every language', () => {
  test.each(locales.filter((locale) => locale !== 'en'))(
    '%s has the texts that English has, no more and no less',
    (locale) => {
      const own = new Set([...textsOf(locale).keys()].map(withoutPlural));
      const base = new Set([...english.keys()].map(withoutPlural));
      expect([...base].filter((key) => !own.has(key))).toEqual([]);
      expect([...own].filter((key) => !base.has(key))).toEqual([]);
    },
  );

  test.each(locales.filter((locale) => locale !== 'en'))('%s fills in what English fills in', (locale) => {
    const wrong = [...textsOf(locale)].filter(
      ([key, text]) => english.has(key) && placeholders(text).join() !== placeholders(english.get(key) ?? '').join(),
    );
    expect(wrong.map(([key]) => key)).toEqual([]);
  });

  test.each([...locales])('%s has no empty text', (locale) => {
    expect([...textsOf(locale)].filter(([, text]) => text.trim() === '')).toEqual([]);
  });
});

test('no screen asks for a text that does not exist', () => {
  const known = new Set([...english.keys()].map(withoutPlural));
  const unknown = used.filter(({ key, isPrefix }) =>
    isPrefix ? ![...known].some((k) => k.startsWith(key)) : !known.has(key) && !english.has(key),
  );
  // A file that works with two namespaces is asked for one of them only.
  const really = unknown.filter(
    ({ key, file }) =>
      !used.some(
        (other) => other.file === file && other.key.split(':')[1] === key.split(':')[1] && known.has(other.key),
      ),
  );
  expect(really.map(({ key, file }) => `${key} in ${file}`)).toEqual([]);
});

test('no text is left that no screen asks for', () => {
  const exact = new Set(used.filter((u) => !u.isPrefix).map((u) => u.key));
  const prefixes = used.filter((u) => u.isPrefix && !u.key.endsWith(':')).map((u) => u.key);
  // Whole namespaces looked up by a computed key (error codes) name themselves so: `ns:` or an opening variable.
  const open = new Set(used.filter((u) => u.isPrefix && u.key.endsWith(':')).map((u) => u.key));
  const unused = [...new Set([...english.keys()].map(withoutPlural))].filter(
    (key) =>
      !exact.has(key) &&
      !prefixes.some((prefix) => key.startsWith(prefix)) &&
      ![...open].some((namespace) => key.startsWith(namespace)) &&
      !isMentioned(key),
  );
  expect(unused).toEqual([]);
});

describe('the catalogue at work', () => {
  beforeAll(() => {
    startI18n('de');
  });

  test('speaks the language it was started with, at once', () => {
    const i18n = startI18n('de');
    expect(i18n.t('ui:cancel')).toBe('Abbrechen');
    expect(i18n.t('ui:age.days', { count: 1 })).toBe('1 Tag');
    expect(i18n.t('ui:age.ago', { age: '<b>' })).toBe('vor <b>');
  });

  test('takes the first language the system asks for that it has', () => {
    expect(pickLocale(['fr-FR', 'de-AT', 'en-US'])).toBe('de');
    expect(pickLocale(['fr-FR'])).toBe('en');
    expect(pickLocale([])).toBe('en');
  });

  test('the pseudo-locale marks and lengthens every text, placeholders untouched', () => {
    expect(pseudo('Reply in {{clock}}')).toBe('[Réplý íñ {{clock}}~~~~~~]');
    expect(startI18n('en-XA').t('ui:cancel')).toBe('[Çáñçél~~]');
  });
});
