import { tv } from 'tailwind-variants/lite';

/**
 * What a colour says. `wait` (purple) means "not yet confirmed by the hub" and nothing else;
 * `warn` act soon, `bad` late or refused, `ok` verified or may be quoted, `accent` where you are.
 * A tone never speaks alone: a word or a number stands beside it.
 */
export type Tone = 'neutral' | 'ok' | 'warn' | 'bad' | 'wait' | 'accent';

/** Text in a tone. */
export const toneText = tv({
  variants: {
    tone: {
      neutral: '',
      ok: 'text-ok',
      warn: 'text-warn',
      bad: 'text-bad',
      wait: 'text-wait',
      accent: 'text-accent-ink',
    },
  },
});

/** Text in a tone on its soft ground. */
export const toneSoft = tv({
  variants: {
    tone: {
      neutral: 'bg-hover text-ink-2',
      ok: 'bg-ok-soft text-ok',
      warn: 'bg-warn-soft text-warn',
      bad: 'bg-bad-soft text-bad',
      wait: 'bg-wait-soft text-wait',
      accent: 'bg-accent-soft text-accent-ink',
    },
  },
});
