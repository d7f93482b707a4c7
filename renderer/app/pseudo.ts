import type { ResourceLanguage } from 'i18next';

const accents: Record<string, string> = {
  a: 'á',
  c: 'ç',
  e: 'é',
  i: 'í',
  n: 'ñ',
  o: 'ö',
  s: 'š',
  u: 'ü',
  y: 'ý',
  A: 'Á',
  C: 'Ç',
  E: 'É',
  I: 'Í',
  N: 'Ñ',
  O: 'Ö',
  S: 'Š',
  U: 'Ü',
  Y: 'Ý',
};

/** One English text made a third longer and accented, placeholders untouched: what is cut or unmarked shows at once. */
export function pseudo(text: string): string {
  const parts = text.split(/(\{\{[^}]*\}\}|<[^>]*>)/);
  const accented = parts
    .map((part, at) => (at % 2 ? part : part.replace(/[a-zA-Z]/g, (c) => accents[c] ?? c)))
    .join('');
  return `[${accented}${'~'.repeat(Math.ceil(text.length / 3))}]`;
}

/** The pseudo form of every text in a tree of words. */
export function pseudoResources(words: ResourceLanguage): ResourceLanguage {
  const made: ResourceLanguage = {};
  for (const [key, value] of Object.entries(words)) {
    made[key] = typeof value === 'string' ? pseudo(value) : pseudoResources(value);
  }
  return made;
}
