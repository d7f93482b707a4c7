import type { Id } from '#shared/lib/ids.ts';
import { Composer } from './composer.ts';
import type { Copy } from './copy.ts';
import { el, ICONS, icon, setAttribute, setText } from './dom.ts';
import type { Format } from './format.ts';
import type { WidgetState } from './state.ts';
import { isOnItsWay, ThreadView } from './thread-view.ts';

export type PanelActions = {
  send(text: string): boolean;
  typed(text: string): void;
  takeBack(id: Id): string | null;
  readAll(): void;
  close(): void;
};

/** Closer to the end than this counts as reading along. */
const NEAR_END_PX = 48;

/** The chat as one sees it. It is told a state and shows it; what people do it passes on. */
export class Panel {
  readonly root: HTMLElement;
  readonly composer: Composer;
  private readonly copy: Copy;
  private readonly format: Format;
  private readonly actions: PanelActions;
  private readonly isKept: boolean;
  private readonly thread: ThreadView;
  private readonly title = el('h1', { id: 'title', tabindex: '-1' });
  private readonly presence = el('p', { class: 'presence' });
  private readonly banner = el('p', { class: 'banner' });
  private readonly linkWords = el('p', { class: 'hidden', role: 'status' });
  private readonly away = el('p', { class: 'away' });
  private readonly empty = el('div', { class: 'empty' });
  private readonly typing = el('p', { class: 'typing', role: 'status' });
  private readonly scroller = el('div', { class: 'scroller', tabindex: '0' });
  private readonly log = el('div', { role: 'log' });
  private readonly jump = el('button', { type: 'button', class: 'jump', hidden: true });
  private isShown = false;
  private isAtEnd = true;
  private newFrom: Id | null = null;
  private wasDown = false;

  constructor(copy: Copy, format: Format, actions: PanelActions, isKept: boolean) {
    this.copy = copy;
    this.format = format;
    this.actions = actions;
    this.isKept = isKept;
    this.thread = new ThreadView(copy, format, {
      edit: (id) => this.edit(id),
      again: (id) => void this.actions.send(this.actions.takeBack(id) ?? ''),
      remove: (id) => {
        this.actions.takeBack(id);
        this.composer.field.focus();
      },
    });
    this.composer = new Composer(copy, { send: (text) => this.send(text), typed: (text) => actions.typed(text) });
    const close = el(
      'button',
      { type: 'button', class: 'close', 'aria-label': copy.close, title: copy.close },
      icon(...ICONS.close),
    );
    close.addEventListener('click', () => actions.close());
    this.log.append(this.thread.list);
    setAttribute(this.scroller, 'aria-label', copy.conversation);
    setAttribute(this.scroller, 'role', 'region');
    this.scroller.append(this.empty, this.away, this.log, this.typing);
    this.scroller.addEventListener('scroll', () => this.scrolled(), { passive: true });
    this.jump.addEventListener('click', () => this.toEnd());
    this.root = el(
      'main',
      { class: 'panel', 'aria-labelledby': 'title' },
      el('header', {}, el('div', { class: 'who' }, this.title, this.presence), close),
      this.banner,
      this.linkWords,
      el('div', { class: 'middle' }, this.scroller, this.jump),
      this.composer.form,
    );
  }

  /** The panel came up or went away. */
  show(isShown: boolean, state: WidgetState): void {
    if (isShown && !this.isShown) {
      this.newFrom = state.unread[0]?.id ?? null;
      this.isAtEnd = true;
      this.composer.fit();
    }
    this.isShown = isShown;
    // Only now may new lines be read out; the history that was there is not news.
    setAttribute(this.log, 'aria-live', isShown && state.isLoaded ? 'polite' : 'off');
  }

  focus(at: 'start' | 'end'): void {
    if (at === 'end') this.composer.field.focus();
    else this.root.querySelector<HTMLElement>('.close')?.focus();
  }

  /** Puts the focus where writing begins; on a touch screen on the title, so that no keyboard covers what is there. */
  focusFirst(): void {
    const isTouch = matchMedia('(pointer: coarse)').matches;
    (isTouch ? this.title : this.composer.field).focus();
  }

  render(state: WidgetState, now: number): void {
    const { items, opening, unread } = state;
    const site = state.siteName ?? document.documentElement.dataset['name'] ?? '';
    setText(this.title, site);
    const closed = opening ? this.format.closed(opening, now) : null;
    setText(this.presence, opening ? (closed ?? this.copy.openNow) : '');
    setAttribute(this.presence, 'data-open', opening ? String(opening.isOpen) : null);
    this.renderLink(state);
    setText(this.away, closed === null ? '' : (opening?.text ?? this.copy.away));
    const isEmpty = items.length === 0;
    this.empty.hidden = !isEmpty;
    if (this.empty.childElementCount === 0 || site !== this.empty.dataset['site']) this.renderEmpty(site);
    const wasAtEnd = this.isAtEnd;
    if (this.isShown && document.visibilityState === 'hidden') this.newFrom ??= unread[0]?.id ?? null;
    this.thread.render(items, this.newFrom, now);
    setAttribute(this.log, 'aria-busy', items.some((item) => isOnItsWay(item.state)) ? 'true' : null);
    setText(this.typing, state.typing === null ? '' : this.copy.typing(state.typing || this.copy.team));
    if (wasAtEnd) this.toEnd();
    this.look(unread.length);
    if (state.isLoaded && this.isShown) setAttribute(this.log, 'aria-live', 'polite');
  }

  private renderEmpty(site: string): void {
    this.empty.dataset['site'] = site;
    const words = [el('h2', {}, this.copy.emptyTitle), el('p', {}, this.copy.emptyText(site))];
    if (!this.isKept) words.push(el('p', {}, this.copy.notKept));
    this.empty.replaceChildren(...words);
  }

  private renderLink(state: WidgetState): void {
    const { obstacle, link } = state;
    const isDown = obstacle === null && link === 'down';
    const words = { outdated: this.copy.outdated, unavailable: this.copy.unavailable, expired: this.copy.expired };
    const bad = obstacle === null ? (isDown ? this.copy.down : '') : words[obstacle];
    setText(this.banner, bad);
    setAttribute(this.root, 'data-link', link);
    setText(this.linkWords, bad || (this.wasDown && link === 'online' ? this.copy.back : ''));
    if (isDown) this.wasDown = true;
    this.composer.form.hidden = obstacle !== null;
  }

  private send(text: string): boolean {
    if (!this.actions.send(text)) return false;
    this.newFrom = null;
    this.toEnd();
    return true;
  }

  private edit(id: Id): void {
    const text = this.actions.takeBack(id);
    if (text !== null) this.composer.set(text);
    this.composer.field.focus();
  }

  private scrolled(): void {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    this.isAtEnd = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
    if (this.isAtEnd) this.look(0);
  }

  private toEnd(): void {
    this.isAtEnd = true;
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  /** What is on screen counts as read; what came in below it is offered instead. */
  private look(unread: number): void {
    const isSeen = this.isShown && this.isAtEnd && document.visibilityState === 'visible';
    if (isSeen) this.actions.readAll();
    this.jump.hidden = isSeen || unread === 0 || !this.isShown;
    if (!this.jump.hidden) this.jump.replaceChildren(icon(...ICONS.down), this.copy.jumpToNew(unread));
  }
}
