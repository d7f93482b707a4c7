import { expect, test } from 'vitest';
import { ariaKeys, shownKeys } from './key-names.ts';

const words = { ctrl: 'Strg', alt: 'Alt', shift: 'Umschalt', escape: 'Esc', space: 'Leer', tab: 'Tab' };

test('keys are drawn in the words of the language', () => {
  expect(shownKeys('$mod+k', words, false)).toBe('Strg K');
  expect(shownKeys('$mod+Shift+p', words, false)).toBe('Strg Umschalt P');
});

test('keys are drawn with the signs of an Apple keyboard there', () => {
  expect(shownKeys('$mod+k', words, true)).toBe('⌘ K');
});

test('presses in a row and named keys are drawn one after the other', () => {
  expect(shownKeys('g i', words, false)).toBe('G I');
  expect(shownKeys('Shift+ArrowUp', words, false)).toBe('Umschalt ↑');
  expect(shownKeys('Enter', words, false)).toBe('⏎');
});

test('screen readers get the standard names', () => {
  expect(ariaKeys('$mod+k', false)).toBe('Control+K');
  expect(ariaKeys('$mod+k', true)).toBe('Meta+K');
  expect(ariaKeys('Escape', false)).toBe('Escape');
});

test('presses in a row cannot be told to screen readers as one key', () => {
  expect(ariaKeys('g i', false)).toBeUndefined();
});
