import type { Opening } from '#shared/wire/visitor.ts';
import type { Copy } from './copy.ts';

/** How times are written in the page's language. */
export type Format = {
  /** Hour and minute. */
  time(at: number): string;
  /** Today, yesterday, or the date. */
  day(at: number, now: number): string;
  /** The whole date and time. */
  full(at: number): string;
  /** What to say of the opening hours, and null while open. */
  closed(opening: Opening, now: number): string | null;
};

const DAY_MS = 86_400_000;

function localeOf(language: string): string {
  return Intl.DateTimeFormat.supportedLocalesOf(language)[0] ?? 'en';
}

/** The widget speaks two languages; dates follow the words, but keep the page's region (en-GB, de-AT). */
export function formatFor(language: string, copy: Copy): Format {
  const locale = localeOf(/^(de|en)\b/i.test(language) ? language : 'en');
  const time = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' });
  const date = new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long' });
  const full = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'short' });
  const dayOf = new Intl.DateTimeFormat('en-CA', { dateStyle: 'short' });
  return {
    time: (at) => time.format(at),
    full: (at) => full.format(at),
    day(at, now) {
      const day = dayOf.format(at);
      if (day === dayOf.format(now)) return copy.today;
      return day === dayOf.format(now - DAY_MS) ? copy.yesterday : date.format(at);
    },
    closed(opening, now) {
      if (opening.isOpen) return null;
      const { opensAt, timeZone } = opening;
      if (opensAt === null) return copy.closedNow;
      const isSoon = opensAt - now < 6 * DAY_MS;
      const when = new Intl.DateTimeFormat(locale, {
        timeZone,
        hour: '2-digit',
        minute: '2-digit',
        weekday: 'long',
        ...(isSoon ? {} : { day: 'numeric', month: 'long' }),
      });
      return copy.opensAt(when.format(opensAt));
    },
  };
}
