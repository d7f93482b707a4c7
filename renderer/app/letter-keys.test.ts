import { expect, test } from 'vitest';
import { createShortcuts } from '#renderer/ui/shortcuts.ts';
import { beyondLetters, withoutLetterKeys } from './letter-keys.ts';

test('only what needs Ctrl remains of a binding', () => {
  expect(beyondLetters('j|$mod+Alt+ArrowDown')).toBe('$mod+Alt+ArrowDown');
  expect(beyondLetters('g i')).toBe('');
});

test('letters are off for actions there are and for those that come later, and on again afterwards', () => {
  const shortcuts = createShortcuts();
  const add = (id: string, keys: string) => shortcuts.register({ id, label: id, keys, scope: 'global', run: () => {} });
  add('a', 'r');
  const on = withoutLetterKeys(shortcuts);
  add('b', 't');
  add('c', '$mod+k');
  expect(['a', 'b', 'c'].map((id) => shortcuts.keysOf(id))).toEqual([undefined, undefined, '$mod+k']);
  on();
  expect(['a', 'b', 'c'].map((id) => shortcuts.keysOf(id))).toEqual(['r', 't', '$mod+k']);
});
