import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createShortcuts, type ShortcutAction, type Shortcuts } from './shortcuts.ts';

let shortcuts: Shortcuts;
let stop: () => void;

beforeEach(() => {
  shortcuts = createShortcuts();
  stop = shortcuts.attach(window);
});
afterEach(() => {
  stop();
  document.body.replaceChildren();
});

function action(id: string, keys: string, more: Partial<ShortcutAction> = {}) {
  const run = vi.fn();
  shortcuts.register({ id, label: id, keys, scope: 'global', run, ...more });
  return run;
}

function press(key: string, init: KeyboardEventInit = {}, target: EventTarget = document.body): KeyboardEvent {
  const event = new KeyboardEvent('keydown', { key, code: key, bubbles: true, cancelable: true, ...init });
  target.dispatchEvent(event);
  return event;
}

function field(tag: 'input' | 'textarea' = 'textarea'): HTMLElement {
  const element = document.createElement(tag);
  document.body.append(element);
  return element;
}

describe('a key', () => {
  test('does its action and nothing else', () => {
    const run = action('conversation.resolve', 'r');
    expect(press('r').defaultPrevented).toBe(true);
    expect(run).toHaveBeenCalledTimes(1);
    expect(press('x').defaultPrevented).toBe(false);
  });

  test('that was pressed in a row does the action at the end of the row', () => {
    const run = action('app.inbox', 'g i');
    press('g');
    expect(run).not.toHaveBeenCalled();
    press('i');
    expect(run).toHaveBeenCalledTimes(1);
  });

  test('may be one of several for an action', () => {
    const run = action('inbox.next', 'j|ArrowDown');
    press('j');
    press('ArrowDown');
    expect(run).toHaveBeenCalledTimes(2);
  });

  test('that a control has used already does nothing', () => {
    const run = action('app.close', 'Escape');
    const element = field();
    element.addEventListener('keydown', (event) => event.preventDefault());
    press('Escape', {}, element);
    expect(run).not.toHaveBeenCalled();
  });

  test('that is a sign works with Shift and without, as keyboards differ', () => {
    const run = action('app.keys', '?');
    press('?', { shiftKey: true });
    press('?');
    expect(run).toHaveBeenCalledTimes(2);
  });

  test('that is a letter does not work with Shift', () => {
    const run = action('app.next', 'j');
    press('J', { shiftKey: true });
    expect(run).not.toHaveBeenCalled();
  });

  test('that is held does its action once, unless it is for moving', () => {
    const doing = action('conversation.resolve', 'r');
    const moving = action('inbox.next', 'j', { isRepeating: true });
    for (const repeat of [false, true, true]) {
      press('r', { repeat });
      press('j', { repeat });
    }
    expect(doing).toHaveBeenCalledTimes(1);
    expect(moving).toHaveBeenCalledTimes(3);
  });

  test('of an action that cannot be done now is taken but does nothing', () => {
    const run = action('conversation.resolve', 'r', { disabledReason: 'Not yours' });
    expect(press('r').defaultPrevented).toBe(true);
    expect(run).not.toHaveBeenCalled();
    expect(shortcuts.run('conversation.resolve')).toBe(false);
  });
});

describe('while typing', () => {
  test('plain letters are letters', () => {
    const run = action('conversation.resolve', 'r');
    expect(press('r', {}, field()).defaultPrevented).toBe(false);
    expect(press('r', {}, field('input')).defaultPrevented).toBe(false);
    expect(run).not.toHaveBeenCalled();
  });

  test('keys with control work', () => {
    const run = action('app.palette', 'Control+k');
    press('k', { ctrlKey: true }, field());
    expect(run).toHaveBeenCalledTimes(1);
  });

  test('an action made for fields works', () => {
    const run = action('composer.leave', 'Escape', { isInFields: true });
    press('Escape', {}, field());
    expect(run).toHaveBeenCalledTimes(1);
  });

  test('an input method keeps its keys', () => {
    const run = action('composer.send', 'Enter', { isInFields: true });
    press('Enter', { isComposing: true }, field());
    expect(run).not.toHaveBeenCalled();
  });

  test('a character typed with AltGr is not a shortcut', () => {
    const run = action('app.quit', 'Control+Alt+q');
    press('q', { ctrlKey: true, altKey: true, modifierAltGraph: true }, field());
    expect(run).not.toHaveBeenCalled();
  });
});

describe('scopes', () => {
  test('an action outside the entered scopes does nothing', () => {
    const run = action('conversation.resolve', 'r', { scope: 'conversation' });
    press('r');
    expect(run).not.toHaveBeenCalled();
    const leave = shortcuts.enterScope('conversation');
    press('r');
    leave();
    press('r');
    expect(run).toHaveBeenCalledTimes(1);
  });

  test('the innermost scope wins a key', () => {
    const outer = action('app.help', 'h');
    const inner = action('conversation.snooze', 'h', { scope: 'conversation' });
    shortcuts.enterScope('conversation');
    press('h');
    expect(inner).toHaveBeenCalledTimes(1);
    expect(outer).not.toHaveBeenCalled();
  });

  test('an open dialog silences the screen behind it', () => {
    const run = action('app.palette', 'Control+k');
    const leave = shortcuts.enterScope('dialog');
    press('k', { ctrlKey: true });
    expect(run).not.toHaveBeenCalled();
    leave();
    press('k', { ctrlKey: true });
    expect(run).toHaveBeenCalledTimes(1);
  });
});

describe("a person's own keys", () => {
  test('replace the given ones and are marked in the list', () => {
    const run = action('conversation.resolve', 'r');
    shortcuts.remap({ 'conversation.resolve': 'e' });
    press('r');
    expect(run).not.toHaveBeenCalled();
    press('e');
    expect(run).toHaveBeenCalledTimes(1);
    expect(shortcuts.list()).toMatchObject([{ id: 'conversation.resolve', keys: 'e', isRemapped: true }]);
    expect(shortcuts.keysOf('conversation.resolve')).toBe('e');
  });

  test('may switch a key off; the action stays in the list', () => {
    const run = action('conversation.resolve', 'r');
    shortcuts.remap({ 'conversation.resolve': '' });
    press('r');
    expect(run).not.toHaveBeenCalled();
    expect(shortcuts.keysOf('conversation.resolve')).toBeUndefined();
    expect(shortcuts.run('conversation.resolve')).toBe(true);
  });

  test('that collide are named', () => {
    action('conversation.resolve', 'r');
    action('conversation.reply', 'a');
    expect(shortcuts.conflicts()).toEqual([]);
    shortcuts.remap({ 'conversation.reply': 'r' });
    expect(shortcuts.conflicts()).toEqual([{ keys: 'r', ids: ['conversation.resolve', 'conversation.reply'] }]);
  });
});

test('an action taken away is gone from keys and list', () => {
  const run = vi.fn();
  const remove = shortcuts.register({ id: 'a.b', label: 'B', keys: 'b', scope: 'global', run });
  remove();
  press('b');
  expect(run).not.toHaveBeenCalled();
  expect(shortcuts.list()).toEqual([]);
});
