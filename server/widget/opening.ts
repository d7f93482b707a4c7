import * as z from 'zod/mini';
import type { Opening } from '#shared/wire/visitor.ts';

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const MINUTE = 60_000;
const DAY_MINUTES = 1_440;
const LOOK_AHEAD_DAYS = 14;

const timeOfDay = z.string().check(z.regex(/^(?:[01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$/));
const spans = z.array(z.object({ from: timeOfDay, to: timeOfDay })).check(z.maxLength(6));

/** A week of opening hours in the shop's own time zone; a span ends after it starts, on the same day. */
export const openingHoursSchema = z.object({
  timeZone: z.string().check(z.minLength(1), z.maxLength(64)),
  week: z.object({ mon: spans, tue: spans, wed: spans, thu: spans, fri: spans, sat: spans, sun: spans }),
});
export type OpeningHours = z.infer<typeof openingHoursSchema>;

type LocalTime = { day: number; minute: number };

function minutes(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}

/** Day of the week (Monday 0) and minute of the day at an instant, on the wall clock of a time zone. */
function localTime(at: number, format: Intl.DateTimeFormat): LocalTime {
  const part: Record<string, string> = {};
  for (const { type, value } of format.formatToParts(at)) part[type] = value;
  const day = DAYS.indexOf((part['weekday'] ?? 'Mon').slice(0, 3).toLowerCase() as (typeof DAYS)[number]);
  return { day: Math.max(0, day), minute: Number(part['hour'] ?? 0) * 60 + Number(part['minute'] ?? 0) };
}

function isOpenAt(hours: OpeningHours, local: LocalTime): boolean {
  const today = hours.week[DAYS[local.day] ?? 'mon'];
  return today.some((span) => minutes(span.from) <= local.minute && local.minute < minutes(span.to));
}

/** The first minute at or after `at` that is open, found on the wall clock so that clock changes cannot shift it. */
function nextOpening(hours: OpeningHours, at: number, format: Intl.DateTimeFormat): number | null {
  let instant = Math.ceil(at / MINUTE) * MINUTE;
  const end = instant + LOOK_AHEAD_DAYS * DAY_MINUTES * MINUTE;
  while (instant <= end) {
    const local = localTime(instant, format);
    if (isOpenAt(hours, local)) return instant;
    const starts = hours.week[DAYS[local.day] ?? 'mon'].map((s) => minutes(s.from)).filter((m) => m > local.minute);
    const next = Math.min(...starts, DAY_MINUTES) - local.minute;
    // Never over a change of the clock in one step: at most to the next full hour.
    instant += Math.min(next, 60 - (local.minute % 60)) * MINUTE;
  }
  return null;
}

/**
 * Whether a site is open at `at` (epoch ms) and when it opens next. No hours means always open.
 * `text` is the site's away text in the visitor's language, only while closed.
 */
export function openingAt(
  hours: OpeningHours | null,
  awayText: Readonly<Record<string, string>>,
  language: string,
  at: number,
): Opening {
  if (!hours) return { isOpen: true, text: null, opensAt: null, timeZone: 'UTC' };
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: hours.timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  if (isOpenAt(hours, localTime(at, format))) {
    return { isOpen: true, text: null, opensAt: null, timeZone: hours.timeZone };
  }
  const text = awayText[language.slice(0, 2).toLowerCase()] ?? null;
  return { isOpen: false, text, opensAt: nextOpening(hours, at, format), timeZone: hours.timeZone };
}
