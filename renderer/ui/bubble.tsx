import type { ReactNode, Ref } from 'react';
import { tv } from 'tailwind-variants/lite';
import { HiddenText } from './layout.tsx';

const bubble = tv({
  slots: {
    box: 'w-fit max-w-[72%] min-w-24 rounded-l border px-3 py-2 text-md',
    meta: 'num mt-[3px] flex flex-wrap gap-x-1.5 text-xs',
  },
  variants: {
    kind: {
      in: { box: 'self-start bg-bubble-in text-ink' },
      out: { box: 'self-end text-ink', meta: 'justify-end' },
      bot: { box: 'self-start text-ink-2' },
      note: { box: 'self-end border-dashed text-ink' },
    },
    state: {
      sent: { meta: 'text-ink-3' },
      waiting: { meta: 'text-wait' },
      refused: { box: 'border-bad', meta: 'text-bad' },
    },
  },
  compoundVariants: [
    { kind: ['in', 'out'], state: ['sent', 'waiting'], class: { box: 'border-transparent' } },
    { kind: 'bot', state: ['sent', 'waiting'], class: { box: 'border-line' } },
    { kind: 'note', state: ['sent', 'waiting'], class: { box: 'border-line-strong' } },
    { kind: 'out', state: ['sent', 'refused'], class: { box: 'bg-bubble-out' } },
    { kind: 'note', state: ['sent', 'refused'], class: { box: 'bg-bubble-note' } },
    { kind: 'out', state: 'waiting', class: { box: 'bg-[color-mix(in_srgb,var(--bubble-out)_82%,var(--bg-pane))]' } },
    {
      kind: 'note',
      state: 'waiting',
      class: { box: 'bg-[color-mix(in_srgb,var(--bubble-note)_82%,var(--bg-pane))]' },
    },
  ],
  defaultVariants: { kind: 'in', state: 'sent' },
});

export interface BubbleProps {
  /** `in` the customer, `out` us, `bot` the bot, `note` only our team. */
  kind: 'in' | 'out' | 'bot' | 'note';
  /** `waiting`: not yet confirmed by the hub. `refused`: not sent; `children` then hold what can be done. */
  state?: 'sent' | 'waiting' | 'refused';
  /** Who wrote it, for screen readers (and in `meta` where it must be seen). */
  by: string;
  /** The words, shown as text. */
  text: string;
  /** The small line: who, time, delivery state, why it waits; each child stands apart. */
  meta: ReactNode;
  /** The language of the text, where known. */
  lang?: string;
  children?: ReactNode;
}

/** One turn of the thread. */
export function Bubble({ kind, state = 'sent', by, text, meta, lang, children }: BubbleProps) {
  const style = bubble({ kind, state });
  return (
    <article className={style.box()}>
      <HiddenText>{by}: </HiddenText>
      <div dir="auto" lang={lang} className="text-start whitespace-pre-wrap [overflow-wrap:anywhere]">
        {text}
      </div>
      <div className={style.meta()}>{meta}</div>
      {children === undefined ? null : <div className="mt-1.5 flex flex-wrap justify-end gap-1.5">{children}</div>}
    </article>
  );
}

/** A line across the thread: handover, day, who took it and why. */
export function ThreadLine({ children }: { children: ReactNode }) {
  return (
    <div className="my-1 flex items-center gap-2.5 text-xs text-ink-3 before:h-px before:min-w-3 before:flex-1 before:bg-line after:h-px after:min-w-3 after:flex-1 after:bg-line">
      <span className="max-w-[92%] text-center">{children}</span>
    </div>
  );
}

// What scrolls must be reachable by keys, also when nothing inside takes focus.
const scrollable = { tabIndex: 0 };

/** The column a thread stands in, newest at the bottom. Scrolls, also by keys; `ref` is the scrolling element. */
export function Thread({ label, children, ref }: { label: string; children: ReactNode; ref?: Ref<HTMLDivElement> }) {
  return (
    <div
      role="log"
      aria-label={label}
      {...scrollable}
      {...(ref === undefined ? {} : { ref })}
      className="ring-focus-inside flex min-h-0 flex-1 flex-col overflow-y-auto px-5 py-4"
    >
      <div className="mt-auto flex flex-col gap-2.5">{children}</div>
    </div>
  );
}
