import { parseKeybinding } from 'tinykeys';

/** Words for keys that are written, not drawn ("Ctrl", "Strg"); from the catalogue, `ui:keys`. */
export interface KeyWords {
  ctrl: string;
  alt: string;
  shift: string;
  escape: string;
  space: string;
  tab: string;
}

/** True on Apple keyboards, where `$mod` is the command key. */
export function isApple(platform: string = globalThis.navigator?.platform ?? ''): boolean {
  return /Mac|iPhone|iPad/.test(platform);
}

const drawn: Record<string, string> = {
  enter: '⏎',
  arrowup: '↑',
  arrowdown: '↓',
  arrowleft: '←',
  arrowright: '→',
  backspace: '⌫',
  delete: '⌦',
};

function keyName(key: string | RegExp, words: KeyWords): string {
  const name = typeof key === 'string' ? key : key.source;
  const small = name.toLowerCase();
  if (small === 'escape' || small === 'space' || small === 'tab') return words[small];
  if (small === ' ') return words.space;
  return drawn[small] ?? name.replace(/^(Key|Digit)(?=.$)/, '').toUpperCase();
}

function modifierName(modifier: string, words: KeyWords, apple: boolean): string {
  if (modifier === 'Control') return apple ? '⌃' : words.ctrl;
  if (modifier === 'Meta') return apple ? '⌘' : 'Win';
  if (modifier === 'Alt') return apple ? '⌥' : words.alt;
  return apple ? '⇧' : words.shift;
}

/** A binding as it is drawn in a key hint: `$mod+k` is "Ctrl K", or "⌘ K" on a Mac. Presses in a row are parted by a space. */
export function shownKeys(keys: string, words: KeyWords, apple: boolean = isApple()): string {
  return parseKeybinding(withMod(keys, apple))
    .map(([modifiers, , key]) =>
      [...modifiers.map((m) => modifierName(m, words, apple)), keyName(key, words)].join(' '),
    )
    .join(' ');
}

/** A binding for `aria-keyshortcuts`: `$mod+k` is "Control+K". Presses in a row cannot be said there: undefined. */
export function ariaKeys(keys: string, apple: boolean = isApple()): string | undefined {
  const presses = parseKeybinding(withMod(keys, apple));
  const [only] = presses;
  if (presses.length !== 1 || only === undefined) return undefined;
  const [modifiers, , key] = only;
  const name = typeof key === 'string' ? key : key.source;
  return [...modifiers, name.length === 1 ? name.toUpperCase() : name].join('+');
}

function withMod(keys: string, apple: boolean): string {
  return keys.replaceAll('$mod', apple ? 'Meta' : 'Control');
}
