import { X } from 'lucide-react';
import {
  Button as AriaButton,
  Text as AriaText,
  UNSTABLE_Toast as AriaToast,
  UNSTABLE_ToastContent as ToastContent,
  UNSTABLE_ToastQueue as ToastQueue,
  UNSTABLE_ToastRegion as ToastRegion,
} from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { tv } from 'tailwind-variants/lite';
import { Button } from './button.tsx';
import type { Tone } from './tone.ts';

/** A short message that passes. Never the only copy of an error: that stands in place, where it happened. */
export interface ToastWords {
  text: string;
  tone?: Tone;
  action?: { label: string; run: () => void };
}

const queue = new ToastQueue<ToastWords>({ maxVisibleToasts: 3 });

/**
 * Shows a message for 6 s (React Aria pauses while it is hovered or focused); with an action for 12 s.
 * Returns what takes it away sooner.
 */
export function showToast(words: ToastWords): () => void {
  const key = queue.add(words, { timeout: words.action === undefined ? 6000 : 12_000 });
  return () => queue.close(key);
}

const edge = tv({
  base: 'ring-focus flex items-center gap-1.5 rounded-m border border-s-4 border-line-strong bg-raised py-2 ps-3 pe-2 text-md text-ink shadow-2',
  variants: {
    tone: {
      neutral: '',
      ok: 'border-s-ok',
      warn: 'border-s-warn',
      bad: 'border-s-bad',
      wait: 'border-s-wait',
      accent: 'border-s-accent',
    },
  },
});

/** Where messages appear: over the end of the list, never over what is being written. Once in the window; F6 moves focus to it and back. */
export function Toasts() {
  const { t } = useTranslation('ui');
  return (
    <ToastRegion
      queue={queue}
      aria-label={t('toast.region')}
      className="ring-focus fixed start-[3.875rem] bottom-10 z-50 flex max-w-[18.5rem] flex-col-reverse gap-2 rounded-m"
    >
      {({ toast }) => (
        <AriaToast toast={toast} className={edge({ tone: toast.content.tone ?? 'neutral' })}>
          <ToastContent className="min-w-0 flex-1 text-sm">
            <AriaText slot="title">{toast.content.text}</AriaText>
          </ToastContent>
          {toast.content.action === undefined ? null : (
            <Button
              variant="quiet"
              onPress={() => {
                toast.content.action?.run();
                queue.close(toast.key);
              }}
            >
              {toast.content.action.label}
            </Button>
          )}
          <AriaButton
            slot="close"
            aria-label={t('toast.dismiss')}
            className="ring-focus grid size-6 shrink-0 cursor-default place-items-center rounded-s text-ink-3 hover:bg-hover"
          >
            <X size="0.875rem" aria-hidden />
          </AriaButton>
        </AriaToast>
      )}
    </ToastRegion>
  );
}
