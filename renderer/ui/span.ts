import { useLocale } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { numberFormat } from './format.ts';
import { useNow } from './now.tsx';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** A length of time in its one or two largest parts. Milliseconds; what is negative counts as nothing. */
export type Span =
  | { readonly unit: 'seconds' | 'minutes' | 'hours' | 'days'; readonly n: number }
  | { readonly unit: 'hoursMinutes'; readonly hours: number; readonly minutes: number };

/** Cuts a length of time into what is said of it: every second below a minute, then minutes, hours, days. */
export function spanOf(ms: number): Span {
  const length = Math.max(0, ms);
  if (length < minute) return { unit: 'seconds', n: Math.floor(length / second) };
  if (length < hour) return { unit: 'minutes', n: Math.floor(length / minute) };
  if (length >= day) return { unit: 'days', n: Math.floor(length / day) };
  const minutes = Math.floor((length % hour) / minute);
  const hours = Math.floor(length / hour);
  return minutes === 0 ? { unit: 'hours', n: hours } : { unit: 'hoursMinutes', hours, minutes };
}

/** How long something lasts now, in words that tick: 4 s, 2 min, 1 h 10. `since` in the screen's time (epoch ms); null: nothing. */
export function useSpanSince(since: number | null): string {
  const { t } = useTranslation('ui');
  const { locale } = useLocale();
  return useNow((now) => {
    if (since === null) return '';
    const span = spanOf(now - since);
    const number = numberFormat(locale, { useGrouping: false });
    if (span.unit === 'hoursMinutes') {
      const two = numberFormat(locale, { minimumIntegerDigits: 2 });
      return t('age.hoursMinutes', { hours: number.format(span.hours), minutes: two.format(span.minutes) });
    }
    return span.unit === 'days'
      ? t('age.days', { count: span.n })
      : t(`age.${span.unit}`, { n: number.format(span.n) });
  });
}
