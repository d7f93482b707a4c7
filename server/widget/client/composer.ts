import { maskCards } from '#shared/privacy/rules.ts';
import { VISITOR_TEXT_MAX } from '#shared/wire/visitor.ts';
import type { Copy } from './copy.ts';
import { el, ICONS, icon, setAttribute, setText } from './dom.ts';

/** The count is shown from here on. */
const NEAR_LIMIT = 300;

export type ComposerActions = { send(text: string): boolean; typed(text: string): void };

/** Where the customer writes: grows with the text, Enter sends, and says before sending what would be hidden or too long. */
export class Composer {
  readonly form: HTMLFormElement;
  readonly field: HTMLTextAreaElement;
  private readonly hint: HTMLElement;
  private readonly button: HTMLButtonElement;
  private readonly copy: Copy;
  private readonly actions: ComposerActions;
  private isComposing = false;

  constructor(copy: Copy, actions: ComposerActions) {
    this.copy = copy;
    this.actions = actions;
    this.field = el('textarea', {
      id: 'text',
      rows: '1',
      placeholder: copy.placeholder,
      autocomplete: 'off',
      'aria-describedby': 'hint keys',
      dir: 'auto',
      enterkeyhint: 'send',
    });
    this.hint = el('p', { id: 'hint', class: 'hint', role: 'status' });
    this.button = el(
      'button',
      { type: 'submit', class: 'send', 'aria-label': copy.send, title: copy.send },
      icon(...ICONS.send),
    );
    this.form = el(
      'form',
      { class: 'composer' },
      this.hint,
      el('label', { for: 'text', class: 'hidden' }, copy.composer),
      el('p', { id: 'keys', class: 'hidden' }, copy.keys),
      el('div', { class: 'row' }, this.field, this.button),
    );
    this.listen();
    this.look();
  }

  get text(): string {
    return this.field.value;
  }

  set(text: string): void {
    this.field.value = text;
    this.look();
  }

  private listen(): void {
    this.form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.submit();
    });
    this.field.addEventListener('compositionstart', () => (this.isComposing = true));
    this.field.addEventListener('compositionend', () => (this.isComposing = false));
    this.field.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.shiftKey || this.isComposing || event.isComposing) return;
      event.preventDefault();
      this.submit();
    });
    this.field.addEventListener('input', () => {
      this.look();
      this.actions.typed(this.field.value);
    });
  }

  private submit(): void {
    if (this.actions.send(this.field.value)) this.set('');
    this.field.focus();
  }

  private look(): void {
    const { value } = this.field;
    const left = VISITOR_TEXT_MAX - value.trim().length;
    const isTooLong = left < 0;
    const isMasked = maskCards(value) !== value;
    const counted = isTooLong ? this.copy.tooLong(-left) : left <= NEAR_LIMIT ? this.copy.left(left) : '';
    setText(this.hint, isMasked && !isTooLong ? this.copy.masked : counted);
    setAttribute(this.hint, 'data-kind', isTooLong ? 'bad' : isMasked ? 'warn' : null);
    setAttribute(this.field, 'aria-invalid', isTooLong ? 'true' : null);
    this.button.disabled = value.trim() === '' || isTooLong;
    this.fit();
  }

  /** As high as its text; to be called again when the panel becomes visible, as nothing has a height before. */
  fit(): void {
    this.field.style.height = 'auto';
    const { scrollHeight } = this.field;
    if (scrollHeight > 0) this.field.style.height = `${scrollHeight + 2}px`;
  }
}
