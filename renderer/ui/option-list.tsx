import type { ReactNode } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import { tv } from 'tailwind-variants/lite';
import { KeyHint } from './key-hint.tsx';
import { ariaKeys } from './key-names.ts';

const option = tv({
  base: 'ring-focus flex min-h-8 w-full min-w-0 cursor-default items-center gap-2 rounded-s border px-2 py-1.5 text-start text-sm text-ink transition-colors',
  variants: {
    isSuggested: { true: 'border-accent bg-accent-soft', false: 'border-line hover:bg-hover' },
  },
});

export interface OptionButtonProps {
  children: ReactNode;
  onPress: () => void;
  keyHint?: string;
  /** Where the answer is already known from, and its age; marks the option as the suggested one. */
  knownFrom?: ReactNode;
}

/** One answer to a question of the guide. */
export function OptionButton({ children, onPress, keyHint, knownFrom }: OptionButtonProps) {
  return (
    <AriaButton
      className={option({ isSuggested: knownFrom !== undefined })}
      onPress={onPress}
      render={(props) =>
        keyHint === undefined ? <button {...props} /> : <button {...props} aria-keyshortcuts={ariaKeys(keyHint)} />
      }
    >
      {keyHint === undefined ? null : <KeyHint keys={keyHint} />}
      <span className="min-w-0 flex-1">{children}</span>
      {knownFrom === undefined ? null : <span className="num text-xs text-ink-3">{knownFrom}</span>}
    </AriaButton>
  );
}
