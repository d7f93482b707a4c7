import type { ReactNode } from 'react';
import { tv, type VariantProps } from 'tailwind-variants/lite';
import { type Tone, toneText } from './tone.ts';

const gaps = { none: 'gap-0', xs: 'gap-1', sm: 'gap-2', md: 'gap-3', lg: 'gap-4', xl: 'gap-6' };
const pads = { none: '', xs: 'p-1', sm: 'p-2', md: 'p-3', lg: 'p-4', xl: 'p-6' };

const stack = tv({
  base: 'flex min-w-0 flex-col',
  variants: {
    gap: gaps,
    pad: pads,
    align: { stretch: 'items-stretch', start: 'items-start', center: 'items-center', end: 'items-end' },
    isFilling: { true: 'min-h-0 flex-1' },
  },
  defaultVariants: { gap: 'sm', pad: 'none', align: 'stretch' },
});

/** Things under each other. `isFilling` takes the height that is left. */
export function Stack({ children, ...variants }: VariantProps<typeof stack> & { children: ReactNode }) {
  return <div className={stack(variants)}>{children}</div>;
}

const inline = tv({
  base: 'flex min-w-0',
  variants: {
    gap: gaps,
    pad: pads,
    align: { center: 'items-center', start: 'items-start', end: 'items-end', baseline: 'items-baseline' },
    justify: { start: '', end: 'justify-end', between: 'justify-between' },
    isWrapping: { true: 'flex-wrap' },
  },
  defaultVariants: { gap: 'sm', pad: 'none', align: 'center', justify: 'start' },
});

/** Things beside each other. */
export function Inline({ children, ...variants }: VariantProps<typeof inline> & { children: ReactNode }) {
  return <div className={inline(variants)}>{children}</div>;
}

/** Takes the room that is left in an Inline. */
export function Spacer() {
  return <span aria-hidden="true" className="flex-1" />;
}

const text = tv({
  base: 'm-0',
  variants: {
    size: { xs: 'text-xs', sm: 'text-sm', md: 'text-md', lg: 'text-lg', xl: 'text-xl' },
    shade: { ink: 'text-ink', soft: 'text-ink-2', faint: 'text-ink-3', inherit: '' },
    weight: { normal: 'font-normal', medium: 'font-medium', semibold: 'font-semibold' },
    isTruncated: { true: 'truncate' },
    isTabular: { true: 'num' },
    isPreserved: { true: 'whitespace-pre-wrap' },
  },
  defaultVariants: { shade: 'inherit', weight: 'normal' },
});

export interface TextProps extends VariantProps<typeof text> {
  children: ReactNode;
  as?: 'span' | 'p' | 'div' | 'strong' | 'h1' | 'h2' | 'h3';
  tone?: Tone;
  id?: string;
  /** `auto` for words from outside, so that right-to-left text stands right. */
  dir?: 'auto';
  /** The language of the words where it is known and not the agent's. */
  lang?: string;
  title?: string;
}

/** Words in the sizes, shades and tones of the look. Everything given as children is text, never markup. */
export function Text({ as: Tag = 'span', tone, children, id, dir, lang, title, ...variants }: TextProps) {
  return (
    <Tag className={`${text(variants)} ${toneText({ tone })}`} id={id} dir={dir} lang={lang} title={title}>
      {children}
    </Tag>
  );
}

/** For screen readers only. */
export function HiddenText({ children, id }: { children: ReactNode; id?: string }) {
  return (
    <span className="sr-only" id={id}>
      {children}
    </span>
  );
}

/** A centred column on the app's ground: sign-in, enrolment, first start. */
export function CenterStage({ children, label }: { children: ReactNode; label: string }) {
  return (
    <main aria-label={label} className="grid h-full place-items-center overflow-auto bg-app p-6">
      <div className="w-full max-w-96">{children}</div>
    </main>
  );
}

/** A raised sheet on the app's ground. */
export function Sheet({ children }: { children: ReactNode }) {
  return <div className="rounded-l border border-line bg-raised p-6 shadow-1">{children}</div>;
}
