import type { ReactNode } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import { tv } from 'tailwind-variants/lite';
import { KeyHint } from './key-hint.tsx';
import { ariaKeys } from './key-names.ts';
import { type Tone, toneText } from './tone.ts';

/** One line of facts at the bottom, 28 px. `end` stands at the other side: the palette and the report key. */
export function StatusBar({ label, children, end }: { label: string; children: ReactNode; end?: ReactNode }) {
  return (
    <section
      aria-label={label}
      className="flex min-h-7 flex-wrap items-center gap-x-3 bg-sunken px-3 text-xs text-ink-2"
    >
      {children}
      <span aria-hidden="true" className="flex-1" />
      {end}
    </section>
  );
}

const dot = tv({
  base: 'paint-kept size-[7px] shrink-0 rounded-full',
  variants: {
    tone: {
      neutral: 'bg-ink-3',
      ok: 'bg-(--presence)',
      warn: 'bg-warn',
      bad: 'bg-bad',
      wait: 'bg-wait',
      accent: 'bg-accent',
    },
  },
});

const item =
  'ring-focus-inside num inline-flex min-h-6 max-w-full cursor-default items-center gap-1.5 rounded-s px-1 hover:bg-hover';

export interface StatusPillProps {
  tone: Tone;
  children: ReactNode;
  /** What pressing it does ("Show what waits"); without it the pill is only words. */
  onPress?: () => void;
  keyHint?: string;
}

/** The state in a dot and words. Announced politely when the words given as `announced` change. */
export function StatusPill({ tone, children, onPress, announced }: StatusPillProps & { announced: string }) {
  const inside = (
    <>
      <span aria-hidden="true" className={dot({ tone })} />
      <span className="truncate">{children}</span>
    </>
  );
  return (
    <>
      {onPress === undefined ? (
        <span className="num inline-flex max-w-full items-center gap-1.5 px-1">{inside}</span>
      ) : (
        <AriaButton className={item} onPress={onPress}>
          {inside}
        </AriaButton>
      )}
      <span role="status" className="sr-only">
        {announced}
      </span>
    </>
  );
}

export interface StatusActionProps {
  children: ReactNode;
  onPress: () => void;
  tone?: Tone;
  keyHint?: string | undefined;
}

/** A quiet action or count in the bar, with its key. */
export function StatusAction({ children, onPress, tone = 'neutral', keyHint }: StatusActionProps) {
  return (
    <AriaButton
      className={`${item} ${toneText({ tone })}`}
      onPress={onPress}
      render={(props) =>
        keyHint === undefined ? <button {...props} /> : <button {...props} aria-keyshortcuts={ariaKeys(keyHint)} />
      }
    >
      {children}
      {keyHint === undefined ? null : <KeyHint keys={keyHint} />}
    </AriaButton>
  );
}
