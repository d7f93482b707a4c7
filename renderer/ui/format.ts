/** Words for ages, from the catalogue (`ui:age`). Numbers come in already written for the locale. */
export interface AgeWords {
  now: string;
  seconds: (n: string) => string;
  minutes: (n: string) => string;
  hours: (n: string) => string;
  hoursMinutes: (hours: string, minutes: string) => string;
  days: (n: number) => string;
}

const numberFormats = new Map<string, Intl.NumberFormat>();
const dateFormats = new Map<string, Intl.DateTimeFormat>();

/** Formatters are dear to make (0.1 ms and more) and cheap to keep; a screen of a thread needs a hundred. */
export function numberFormat(locale: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = locale + JSON.stringify(options);
  const known = numberFormats.get(key) ?? new Intl.NumberFormat(locale, options);
  numberFormats.set(key, known);
  return known;
}

/** The same for dates. */
export function dateFormat(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale + JSON.stringify(options);
  const known = dateFormats.get(key) ?? new Intl.DateTimeFormat(locale, options);
  dateFormats.set(key, known);
  return known;
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/**
 * An age in words: now, 40 s, 2 min, 3 h 10, 4 days; from a week on the date. Times ahead of `now` (clocks that
 * disagree a little) read as now. Both times in epoch milliseconds.
 */
export function ageInWords(at: number, now: number, locale: string, words: AgeWords): string {
  const age = Math.max(0, now - at);
  const number = numberFormat(locale, { maximumFractionDigits: 0 });
  const two = numberFormat(locale, { minimumIntegerDigits: 2 });
  if (age < 10 * second) return words.now;
  if (age < minute) return words.seconds(number.format(Math.floor(age / (10 * second)) * 10));
  if (age < hour) return words.minutes(number.format(Math.floor(age / minute)));
  if (age < day) {
    const rest = Math.floor((age % hour) / minute);
    const hours = number.format(Math.floor(age / hour));
    return rest === 0 ? words.hours(hours) : words.hoursMinutes(hours, two.format(rest));
  }
  if (age < 7 * day) return words.days(Math.floor(age / day));
  return shortDate(at, now, locale);
}

/** Day and month; the year when it is another one than now. */
export function shortDate(at: number, now: number, locale: string): string {
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  const year = sameYear ? undefined : 'numeric';
  return dateFormat(locale, { day: 'numeric', month: 'short', year }).format(at);
}

/** The exact time, to the second, with its date. */
export function exactTime(at: number, locale: string): string {
  return dateFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' }).format(at);
}

/** The time of day, hours and minutes. */
export function timeOfDay(at: number, locale: string): string {
  return dateFormat(locale, { hour: '2-digit', minute: '2-digit' }).format(at);
}

/** A span on a clock: 0:41, 1:12, 59:59, then 3 h 10. Milliseconds, the sign is dropped. */
export function clockDigits(
  ms: number,
  locale: string,
  hoursMinutes: (hours: string, minutes: string) => string,
): string {
  const total = Math.floor(Math.abs(ms) / second);
  const number = numberFormat(locale, { useGrouping: false });
  const two = numberFormat(locale, { minimumIntegerDigits: 2, useGrouping: false });
  const minutes = Math.floor(total / 60);
  if (minutes < 60) return `${number.format(minutes)}:${two.format(total % 60)}`;
  return hoursMinutes(number.format(Math.floor(minutes / 60)), two.format(minutes % 60));
}

/** An amount in its currency: 80,00 €, €80.00. `minor` in the currency's smallest unit. */
export function moneyText(minor: number, currency: string, locale: string): string {
  const format = numberFormat(locale, { style: 'currency', currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(minor / 10 ** digits);
}
