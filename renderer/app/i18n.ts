import i18next, { type i18n, type ResourceLanguage } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { pseudoResources } from './pseudo.ts';

/** Locales a person can choose. A slice adds `locales/<locale>/<slice>.json`; its namespace is the file name. */
export const locales = ['en', 'de'] as const;
export type Locale = (typeof locales)[number];

const files = import.meta.glob<ResourceLanguage>('./locales/*/*.json', { eager: true, import: 'default' });

function bundled(locale: Locale): ResourceLanguage {
  const namespaces: ResourceLanguage = {};
  for (const [path, words] of Object.entries(files)) {
    const [, , folder, file] = path.split('/');
    if (folder === locale && file) namespaces[file.replace('.json', '')] = words;
  }
  return namespaces;
}

/** The bundled words of every locale, plus `en-XA`, longer and accented English made for tests. */
const resources = { en: bundled('en'), de: bundled('de'), 'en-XA': pseudoResources(bundled('en')) };

/** True when the tag names a locale the desk has words for. */
export function isLocale(tag: string): tag is Locale {
  return locales.some((known) => known === tag);
}

/** The best locale for what the system asks for (BCP 47 tags in order of preference). English when none fits. */
export function pickLocale(wanted: readonly string[]): Locale {
  for (const tag of wanted) {
    const language = tag.split('-')[0] ?? '';
    if (isLocale(language)) return language;
  }
  return 'en';
}

/** Starts the message catalogue, at once and without fetching. `en-XA` is the pseudo-locale. */
export function startI18n(locale: Locale | 'en-XA'): i18n {
  void i18next.use(initReactI18next).init({
    resources,
    lng: locale,
    fallbackLng: 'en',
    defaultNS: 'ui',
    initAsync: false,
    // React writes text as text; escaping here would show entities.
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  return i18next;
}
