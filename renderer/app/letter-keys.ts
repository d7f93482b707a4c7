import type { Shortcuts } from '#renderer/ui/shortcuts.ts';

/** The part of a binding that needs Ctrl, Cmd or a function key; empty when it is letters only. */
export function beyondLetters(keys: string): string {
  return keys
    .split('|')
    .filter((binding) => /\$mod|Control|Meta|^F\d/.test(binding))
    .join('|');
}

/**
 * Switches single-letter keys off, for people whose speech input or hands press them by accident (WCAG 2.1.4);
 * what they do stays in buttons and in the palette. Returns what switches them on again.
 */
export function withoutLetterKeys(shortcuts: Shortcuts): () => void {
  const own = new Map<string, string>();
  const apply = (): void => {
    const fresh = shortcuts.list().filter((a) => !own.has(a.id));
    if (fresh.length === 0) return;
    for (const action of fresh) own.set(action.id, beyondLetters(action.keys));
    shortcuts.remap(Object.fromEntries(own));
  };
  apply();
  const stop = shortcuts.subscribe(apply);
  return () => {
    stop();
    shortcuts.remap({});
  };
}
