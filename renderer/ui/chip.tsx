import type { ReactNode } from 'react';
import { tv } from 'tailwind-variants/lite';
import { type Tone, toneSoft } from './tone.ts';

const chip = tv({
  extend: toneSoft,
  base: 'edge-forced inline-flex max-w-full shrink-0 items-center gap-1 rounded-full px-[7px] align-middle text-xs/[1.125rem] font-medium whitespace-nowrap',
  defaultVariants: { tone: 'neutral' },
});

export interface ChipProps {
  children: ReactNode;
  tone?: Tone;
  /** `auto` for words from outside. */
  dir?: 'auto';
}

/** A short fact: a state, a channel, a count. Not a control. */
export function Chip({ children, tone = 'neutral', dir }: ChipProps) {
  return (
    <span className={chip({ tone })} dir={dir}>
      <span className="truncate">{children}</span>
    </span>
  );
}
