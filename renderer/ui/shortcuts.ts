import { createKeybindingsHandler } from 'tinykeys';

/**
 * Where an action works. `global` always; the others while a part of the screen has entered them
 * (`enterScope`); the scope entered last is asked first. While `dialog` is entered nothing else works.
 */
export type ShortcutScope = 'global' | 'inbox' | 'conversation' | 'context' | 'dialog';

/** Something a key can do. */
export interface ShortcutAction {
  /** `slice.verb`, stable: the remap map and the help sheet name it so. */
  id: string;
  /** What it does, in the agent's language. */
  label: string;
  /** tinykeys spelling: `$mod+k`, `r`, `g i`, `Escape`; several are parted by `|`. Empty: palette only. */
  keys: string;
  scope: ShortcutScope;
  run(): void;
  /** Heading in the help sheet and the palette, in the agent's language. */
  section?: string;
  /** More words the palette finds it by. */
  words?: string;
  /** Why it cannot be done now; it is then listed but does nothing. */
  disabledReason?: string | undefined;
  /** Also while typing in a field. Keys with Ctrl or Cmd, and function keys, always work there. */
  isInFields?: boolean;
  /** Also again and again while the key is held: for moving, not for doing. */
  isRepeating?: boolean;
}

/** One line of the help sheet or the palette: the action with the keys that are in force. */
export interface ListedShortcut extends ShortcutAction {
  isRemapped: boolean;
}

/** Two actions that one key would do. */
export interface ShortcutConflict {
  keys: string;
  ids: [string, string];
}

export interface Shortcuts {
  /** Adds an action; a later one with the same id replaces it. The returned function takes it away. */
  register(action: ShortcutAction): () => void;
  /** Enters a scope until the returned function is called. */
  enterScope(scope: ShortcutScope): () => void;
  /** Replaces the person's own keys: action id to binding. An empty binding switches a key off. */
  remap(map: Readonly<Record<string, string>>): void;
  /** All actions with the keys in force, in the order they were added. The same array until something changes. */
  list(): readonly ListedShortcut[];
  /** The keys in force for an action; undefined when unknown or switched off. */
  keysOf(id: string): string | undefined;
  /** Does an action as if its key had been pressed. False when unknown or not possible now. */
  run(id: string): boolean;
  conflicts(): ShortcutConflict[];
  subscribe(changed: () => void): () => void;
  /** Starts listening for keys; the returned function stops. */
  attach(target: Pick<Window, 'addEventListener' | 'removeEventListener'>): () => void;
}

/** True when the event's key belongs to an input method or to a character being composed. */
function isComposing(event: KeyboardEvent): boolean {
  return event.isComposing || event.key === 'Process' || event.key === 'Dead' || event.getModifierState('AltGraph');
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  const field = target.closest(
    'input, textarea, select, [contenteditable=""], [contenteditable="true"], [role="textbox"]',
  );
  if (field instanceof HTMLInputElement) return !['checkbox', 'radio', 'button', 'submit'].includes(field.type);
  return field !== null;
}

function isPlain(event: KeyboardEvent): boolean {
  return !event.ctrlKey && !event.metaKey && !/^F\d{1,2}$/.test(event.key);
}

/** Signs (`?`, `/`, `;`) need Shift on some keyboards and not on others: it may be held or not. */
function onAnyKeyboard(binding: string): string {
  return binding
    .split(' ')
    .map((press) => (/(^|\+)[^\p{L}\p{N}\s]$/u.test(press) && !press.includes('Shift') ? `[Shift]+${press}` : press))
    .join(' ');
}

/** Makes the registry. One per window. */
export function createShortcuts(): Shortcuts {
  const actions = new Map<string, ShortcutAction>();
  const scopes: ShortcutScope[] = [];
  const listeners = new Set<() => void>();
  let own: Readonly<Record<string, string>> = {};
  let listed: readonly ListedShortcut[] | null = null;
  let handler: ((event: Event) => void) | null = null;

  const changed = (): void => {
    listed = null;
    handler = null;
    for (const listener of listeners) listener();
  };
  const keysInForce = (action: ShortcutAction): string => own[action.id] ?? action.keys;
  const isOpen = (scope: ShortcutScope): boolean =>
    scopes.includes('dialog') ? scope === 'dialog' : scope === 'global' || scopes.includes(scope);

  /** The action a key means here and now: innermost scope first, within it the one added last. */
  function meant(binding: string, event: KeyboardEvent): ShortcutAction | undefined {
    const candidates = [...actions.values()].filter(
      (action) =>
        isOpen(action.scope) &&
        keysInForce(action).split('|').includes(binding) &&
        (action.isInFields === true || !isPlain(event) || !isTyping(event.target)),
    );
    return candidates.sort((a, b) => scopes.lastIndexOf(a.scope) - scopes.lastIndexOf(b.scope)).at(-1);
  }

  function build(): (event: Event) => void {
    const bindings = new Set([...actions.values()].flatMap((a) => keysInForce(a).split('|')).filter((k) => k !== ''));
    const map: Record<string, (event: KeyboardEvent) => void> = {};
    for (const binding of bindings) {
      map[onAnyKeyboard(binding)] = (event) => {
        const action = meant(binding, event);
        if (action === undefined) return;
        event.preventDefault();
        if (event.repeat && action.isRepeating !== true) return;
        if (action.disabledReason === undefined) action.run();
      };
    }
    // A key that a control already used (a menu's Escape) is not ours.
    return createKeybindingsHandler(map, { ignore: (event) => event.defaultPrevented || isComposing(event) });
  }

  return {
    register(action) {
      actions.set(action.id, action);
      changed();
      return () => {
        if (actions.get(action.id) !== action) return;
        actions.delete(action.id);
        changed();
      };
    },
    enterScope(scope) {
      scopes.push(scope);
      return () => {
        const at = scopes.lastIndexOf(scope);
        if (at >= 0) scopes.splice(at, 1);
      };
    },
    remap(map) {
      own = { ...map };
      changed();
    },
    list() {
      listed ??= [...actions.values()].map((action) => ({
        ...action,
        keys: keysInForce(action),
        isRemapped: own[action.id] !== undefined,
      }));
      return listed;
    },
    keysOf(id) {
      const action = actions.get(id);
      const keys = action === undefined ? '' : (keysInForce(action).split('|')[0] ?? '');
      return keys === '' ? undefined : keys;
    },
    run(id) {
      const action = actions.get(id);
      if (action === undefined || action.disabledReason !== undefined) return false;
      action.run();
      return true;
    },
    conflicts() {
      const found: ShortcutConflict[] = [];
      const all = [...actions.values()];
      for (const [at, a] of all.entries()) {
        for (const b of all.slice(at + 1)) {
          if (a.scope !== b.scope) continue;
          const theirs = new Set(keysInForce(b).split('|'));
          const keys = keysInForce(a)
            .split('|')
            .find((k) => k !== '' && theirs.has(k));
          if (keys !== undefined) found.push({ keys, ids: [a.id, b.id] });
        }
      }
      return found;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    attach(target) {
      const onKey = (event: Event): void => {
        handler ??= build();
        handler(event);
      };
      target.addEventListener('keydown', onKey);
      return () => target.removeEventListener('keydown', onKey);
    },
  };
}
