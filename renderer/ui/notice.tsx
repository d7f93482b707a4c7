import { CircleAlert, CircleCheck, Clock3, Info, OctagonAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { tv } from 'tailwind-variants/lite';
import { Button } from './button.tsx';
import { Age } from './time-text.tsx';
import { type Tone, toneSoft } from './tone.ts';

const banner = tv({
  extend: toneSoft,
  base: 'edge-forced flex shrink-0 flex-wrap items-center gap-x-2 gap-y-1 rounded-m px-3 py-[7px] text-sm',
  variants: {
    place: { composer: 'mx-4 mb-1.5', pane: 'mx-3 mt-3', none: '' },
  },
  defaultVariants: { place: 'none' },
});

const pictures: Record<Tone, typeof Info> = {
  neutral: Info,
  accent: Info,
  ok: CircleCheck,
  warn: CircleAlert,
  bad: OctagonAlert,
  wait: Clock3,
};

export interface BannerProps {
  tone: Tone;
  /** What is known and what it means. */
  children: ReactNode;
  /** The button or key that fixes it. */
  action?: ReactNode;
  place?: 'composer' | 'pane' | 'none';
  /** Interrupts screen readers: only for what must be known now. Otherwise it is said politely. */
  isUrgent?: boolean;
}

/** A notice in place, where the eyes are. */
export function Banner({ tone, children, action, place = 'none', isUrgent = false }: BannerProps) {
  const Picture = pictures[tone];
  return (
    <div role={isUrgent ? 'alert' : 'status'} className={banner({ tone, place })}>
      <Picture size="0.875rem" aria-hidden className="shrink-0" />
      <span className="min-w-0 flex-1">{children}</span>
      {action === undefined ? null : <span className="flex items-center gap-1.5">{action}</span>}
    </div>
  );
}

export interface EmptyStateProps {
  title: string;
  /** What will appear here. */
  children: ReactNode;
  /** The one thing to do. */
  action?: ReactNode;
  icon?: ReactNode;
}

/** Nothing here yet: what will appear, and the one thing to do. */
export function EmptyState({ title, children, action, icon }: EmptyStateProps) {
  return (
    <div className="m-auto flex max-w-80 flex-col items-center gap-1.5 p-6 text-center">
      {icon === undefined ? null : <span className="mb-1 text-ink-3">{icon}</span>}
      <p className="m-0 text-md font-semibold">{title}</p>
      <p className="m-0 text-sm text-ink-2">{children}</p>
      {action === undefined ? null : <div className="mt-2">{action}</div>}
    </div>
  );
}

export interface ErrorStateProps {
  /** What happened. */
  title: string;
  /** What it means and what to do. */
  children: ReactNode;
  onRetry?: () => void;
  /** The error's code, for a report. */
  code?: string;
}

/** Something failed: what happened, what it means, what to do. */
export function ErrorState({ title, children, onRetry, code }: ErrorStateProps) {
  const { t } = useTranslation('ui');
  return (
    <div role="alert" className="m-auto flex max-w-96 flex-col items-center gap-1.5 p-6 text-center">
      <OctagonAlert size="1.25rem" aria-hidden className="mb-1 text-bad" />
      <p className="m-0 text-md font-semibold">{title}</p>
      <p className="m-0 text-sm text-ink-2">{children}</p>
      {code === undefined ? null : <p className="m-0 font-mono text-xs text-ink-3">{code}</p>}
      {onRetry === undefined ? null : (
        <div className="mt-2">
          <Button onPress={onRetry}>{t('retry')}</Button>
        </div>
      )}
    </div>
  );
}

/** Newer data is on its way; what is shown is the last known, and this says how old. */
export function LoadingHint({ dataAt, isFirst = false }: { dataAt?: number | undefined; isFirst?: boolean }) {
  const { t } = useTranslation('ui');
  return (
    <span role="status" className="num inline-flex items-center gap-1 text-xs text-ink-3">
      {isFirst || dataAt === undefined ? (
        t('loading.first')
      ) : (
        <>
          {t('loading.updating')} · {t('loading.dataFrom')} <Age at={dataAt} isAgo isFocusable={false} />
        </>
      )}
    </span>
  );
}
