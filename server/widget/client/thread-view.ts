import type { Id } from '#shared/lib/ids.ts';
import type { Copy } from './copy.ts';
import { el, setAttribute, setText } from './dom.ts';
import type { Format } from './format.ts';
import type { Item, OwnState } from './thread.ts';

type Line = {
  root: HTMLLIElement;
  name: HTMLElement;
  text: HTMLElement;
  time: HTMLElement;
  state: HTMLElement;
  actions: HTMLElement;
};

export type ThreadActions = { edit(id: Id): void; again(id: Id): void; remove(id: Id): void };

const ACTIONS = ['again', 'edit', 'remove'] as const;

/** The conversation as a list: one element per message for as long as it lives, so that nothing is read out twice. */
export class ThreadView {
  readonly list: HTMLOListElement;
  private readonly copy: Copy;
  private readonly format: Format;
  private readonly actions: ThreadActions;
  private readonly lines = new Map<Id, Line>();
  private readonly days = new Map<string, HTMLLIElement>();
  private readonly marker: HTMLLIElement;

  constructor(copy: Copy, format: Format, actions: ThreadActions) {
    this.copy = copy;
    this.format = format;
    this.actions = actions;
    this.list = el('ol', { class: 'thread' });
    this.marker = el('li', { class: 'marker' }, el('span', {}, copy.newMessages));
  }

  /** Shows these items; `newFrom` is the first one that was unread when the panel was opened. */
  render(items: readonly Item[], newFrom: Id | null, now: number): void {
    const wanted: HTMLLIElement[] = [];
    const days = new Set<string>();
    for (const [i, item] of items.entries()) {
      const day = this.format.day(item.at, now);
      if (!days.has(day)) wanted.push(this.dayLine(day));
      const isNewDay = !days.has(day);
      days.add(day);
      if (item.id === newFrom) wanted.push(this.marker);
      const before = items[i - 1];
      const isFirst = isNewDay || before?.from !== item.from || before.name !== item.name || item.id === newFrom;
      wanted.push(this.line(item, items[i + 1], isFirst));
    }
    this.place(wanted);
    const shown = new Set(items.map((item) => item.id));
    for (const id of this.lines.keys()) if (!shown.has(id)) this.lines.delete(id);
    for (const day of this.days.keys()) if (!days.has(day)) this.days.delete(day);
  }

  /** Moves and adds as little as possible: an element in its place is not touched. */
  private place(wanted: readonly HTMLLIElement[]): void {
    const keep = new Set<Element>(wanted);
    for (const child of [...this.list.children]) if (!keep.has(child)) child.remove();
    for (const [i, element] of wanted.entries()) {
      if (this.list.children[i] !== element) this.list.insertBefore(element, this.list.children[i] ?? null);
    }
  }

  private dayLine(day: string): HTMLLIElement {
    const line = this.days.get(day) ?? el('li', { class: 'day' }, el('span', {}, day));
    this.days.set(day, line);
    return line;
  }

  private line(item: Item, next: Item | undefined, isFirst: boolean): HTMLLIElement {
    const line = this.lines.get(item.id) ?? this.makeLine(item);
    this.lines.set(item.id, line);
    setAttribute(line.root, 'class', `line from-${item.from}${isFirst ? ' first' : ''}`);
    setAttribute(line.root, 'data-state', item.state);
    setText(line.name, this.nameOf(item));
    setText(line.text, item.text);
    setText(line.time, this.format.time(item.at));
    setAttribute(line.time, 'datetime', new Date(item.at).toISOString());
    setAttribute(line.time, 'title', this.format.full(item.at));
    // One word under a run of messages in the same state is enough to see; none when the next says the same.
    const isSaid = item.state !== null && item.state !== next?.state;
    setText(line.state, item.state === null || !isSaid ? '' : this.copy[item.state]);
    line.actions.hidden = item.state !== 'failed';
    line.time.hidden = next?.from === item.from && next.at - item.at < 300_000 && !isSaid;
    return line.root;
  }

  private nameOf(item: Item): string {
    if (item.from === 'customer') return this.copy.you;
    return item.name || (item.from === 'bot' ? this.copy.bot : this.copy.team);
  }

  private makeLine(item: Item): Line {
    const name = el('span', { class: item.from === 'customer' ? 'name hidden' : 'name', dir: 'auto' });
    const text = el('p', { class: 'text', dir: 'auto' });
    const time = el('time', { dir: 'auto' });
    const state = el('span', { class: 'state', dir: 'auto' });
    const actions = el('span', { class: 'actions' });
    for (const action of ACTIONS) {
      const button = el('button', { type: 'button' }, this.copy[action]);
      button.addEventListener('click', () => this.actions[action](item.id));
      actions.append(button);
    }
    const meta = el('div', { class: 'meta' }, time, state, actions);
    const root = el('li', {}, name, el('div', { class: 'bubble' }, text), meta);
    return { root, name, text, time, state, actions };
  }
}

/** The states that mean "not there yet". */
export function isOnItsWay(state: OwnState | null): boolean {
  return state === 'sending' || state === 'waiting';
}
