import { createContext, type ReactNode, useContext, useEffect, useRef, useSyncExternalStore } from 'react';
import {
  createShortcuts,
  type ListedShortcut,
  type ShortcutAction,
  type ShortcutScope,
  type Shortcuts,
} from './shortcuts.ts';

const ShortcutsContext = createContext<Shortcuts | null>(null);

/** Gives the window its shortcut registry and listens for keys. */
export function ShortcutsProvider({ shortcuts, children }: { shortcuts: Shortcuts; children: ReactNode }) {
  useEffect(() => shortcuts.attach(window), [shortcuts]);
  return <ShortcutsContext value={shortcuts}>{children}</ShortcutsContext>;
}

const idle = createShortcuts();

/** The window's registry; one that nobody listens to where there is no provider. */
export function useShortcuts(): Shortcuts {
  return useContext(ShortcutsContext) ?? idle;
}

/** Keeps an action registered while the component is on screen; `run` may change at every render. Null: nothing. */
export function useShortcut(action: ShortcutAction | null): void {
  const shortcuts = useShortcuts();
  const latest = useRef(action);
  useEffect(() => {
    latest.current = action;
  });
  const { id, label, keys, scope, section, words, disabledReason, isInFields, isRepeating } = action ?? {};
  useEffect(() => {
    if (id === undefined || label === undefined || keys === undefined || scope === undefined) return;
    return shortcuts.register({
      id,
      label,
      keys,
      scope,
      disabledReason,
      ...(section === undefined ? {} : { section }),
      ...(words === undefined ? {} : { words }),
      ...(isInFields === undefined ? {} : { isInFields }),
      ...(isRepeating === undefined ? {} : { isRepeating }),
      run: () => latest.current?.run(),
    });
  }, [shortcuts, id, label, keys, scope, section, words, disabledReason, isInFields, isRepeating]);
}

/** Enters a scope while the component is on screen and `isActive`. */
export function useShortcutScope(scope: ShortcutScope, isActive = true): void {
  const shortcuts = useShortcuts();
  useEffect(() => (isActive ? shortcuts.enterScope(scope) : undefined), [shortcuts, scope, isActive]);
}

/** All actions with the keys in force, kept current. */
export function useShortcutList(): readonly ListedShortcut[] {
  const shortcuts = useShortcuts();
  return useSyncExternalStore(shortcuts.subscribe, shortcuts.list);
}
