import type { TFunction } from 'i18next';
import { Focusable, useLocale } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { type AgeWords, ageInWords, clockDigits, exactTime, moneyText, timeOfDay } from './format.ts';
import { useNow } from './now.tsx';
import { type Tone, toneText } from './tone.ts';
import { Tooltip } from './tooltip.tsx';

function ageWords(t: TFunction<'ui'>): AgeWords {
  return {
    now: t('age.now'),
    seconds: (n) => t('age.seconds', { n }),
    minutes: (n) => t('age.minutes', { n }),
    hours: (n) => t('age.hours', { n }),
    hoursMinutes: (hours, minutes) => t('age.hoursMinutes', { hours, minutes }),
    days: (count) => t('age.days', { count }),
  };
}

interface TimeProps {
  /** Epoch milliseconds. */
  at: number;
  /** False inside rows and other things that take focus themselves: the exact time is then on hover only. */
  isFocusable?: boolean;
}

function Exact({ at, isFocusable = true, words }: TimeProps & { words: string }) {
  const { locale } = useLocale();
  const exact = exactTime(at, locale);
  const machine = new Date(at).toISOString();
  if (!isFocusable) {
    return (
      <time dateTime={machine} title={exact} className="num whitespace-nowrap">
        {words}
      </time>
    );
  }
  return (
    <Tooltip text={<span className="num">{exact}</span>} delay={300}>
      <Focusable>
        <span role="img" aria-label={`${words}, ${exact}`} className="ring-focus num rounded-xs whitespace-nowrap">
          <time dateTime={machine}>{words}</time>
        </span>
      </Focusable>
    </Tooltip>
  );
}

/** How long ago, in words that keep current; the exact time on hover and focus. `isAgo` writes "2 min ago". */
export function Age({ at, isAgo = false, isFocusable = true }: TimeProps & { isAgo?: boolean }) {
  const { t } = useTranslation('ui');
  const { locale } = useLocale();
  const words = useNow((now) => {
    const age = ageInWords(at, now, locale, ageWords(t));
    if (!isAgo || now - at >= 7 * 86_400_000) return age;
    return now - at < 10_000 ? t('age.justNow') : t('age.ago', { age });
  });
  return <Exact at={at} isFocusable={isFocusable} words={words} />;
}

/** The time of day; date and seconds on hover and focus. */
export function TimeOfDay({ at, isFocusable = false }: TimeProps) {
  const { locale } = useLocale();
  return <Exact at={at} isFocusable={isFocusable} words={timeOfDay(at, locale)} />;
}

/** A clock that counts to or from a time, in place: digits keep their width. Epoch milliseconds. */
export function Clock({ at }: { at: number }) {
  const { t } = useTranslation('ui');
  const { locale } = useLocale();
  const digits = useNow((now) => clockDigits(at - now, locale, ageWords(t).hoursMinutes));
  return <span className="num">{digits}</span>;
}

/** The clock that matters on a row: time left to reply, amber when short, red and "late" when over. */
export function DueClock({ at, warnMs = 120_000, isIn = false }: { at: number; warnMs?: number; isIn?: boolean }) {
  const { t } = useTranslation('ui');
  const { locale } = useLocale();
  const tone = useNow<Tone>((now) => (at <= now ? 'bad' : at - now <= warnMs ? 'warn' : 'neutral'));
  const text = useNow((now) => {
    const clock = clockDigits(at - now, locale, ageWords(t).hoursMinutes);
    if (at <= now) return t('due.late', { clock });
    if (isIn) return t('due.replyIn', { clock });
    return at - now <= warnMs ? t('due.reply', { clock }) : clock;
  });
  return <span className={`num ${toneText({ tone })}`}>{text}</span>;
}

/** An amount. `minor` is an integer in the currency's smallest unit. */
export function Money({ minor, currency }: { minor: number; currency: string }) {
  const { locale } = useLocale();
  return <span className="num whitespace-nowrap">{moneyText(minor, currency, locale)}</span>;
}
