import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type OpeningHours, openingAt, openingHoursSchema } from './opening.ts';

const day = [{ from: '09:00', to: '18:00' }];
const hours: OpeningHours = {
  timeZone: 'Europe/Berlin',
  week: { mon: day, tue: day, wed: day, thu: day, fri: day, sat: [{ from: '10:00', to: '14:00' }], sun: [] },
};
const away = { en: 'Gone hiking.' };

describe('openingAt', () => {
  it('is open from the first minute to the last, in the shop’s own time', () => {
    const at = (time: string) => openingAt(hours, away, 'en', Date.parse(`2026-11-23T${time}+01:00`)).isOpen;
    expect([at('08:59:59'), at('09:00:00'), at('17:59:59'), at('18:00:00')]).toEqual([false, true, true, false]);
  });

  it('says when it opens next, over a closed Sunday and over a change of the clock', () => {
    const next = (iso: string) => openingAt(hours, away, 'en', Date.parse(iso)).opensAt;
    expect(next('2026-11-21T15:00:00+01:00')).toBe(Date.parse('2026-11-23T09:00:00+01:00'));
    expect(next('2026-10-24T15:00:00+02:00')).toBe(Date.parse('2026-10-26T09:00:00+01:00'));
    expect(next('2026-03-28T14:00:00+01:00')).toBe(Date.parse('2026-03-30T09:00:00+02:00'));
  });

  it('gives the site’s away text only while closed and only in a language it has', () => {
    const sunday = Date.parse('2026-11-22T12:00:00Z');
    expect(openingAt(hours, away, 'en-GB', sunday).text).toBe('Gone hiking.');
    expect(openingAt(hours, away, 'de', sunday).text).toBeNull();
    expect(openingAt(hours, away, 'en', Date.parse('2026-11-23T12:00:00Z')).text).toBeNull();
  });

  it('never opens when no day has hours, and is always open without hours', () => {
    const never = { ...hours, week: { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] } };
    expect(openingAt(never, {}, 'en', 0)).toMatchObject({ isOpen: false, opensAt: null });
    expect(openingAt(null, {}, 'en', 0).isOpen).toBe(true);
  });

  it('is open at the instant it names, and closed a minute before', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1_700_000_000, max: 1_900_000_000 }), (seconds) => {
        const now = openingAt(hours, away, 'en', seconds * 1_000);
        if (now.isOpen) return;
        const opensAt = now.opensAt ?? 0;
        expect(openingAt(hours, away, 'en', opensAt).isOpen).toBe(true);
        expect(openingAt(hours, away, 'en', opensAt - 60_000).isOpen).toBe(false);
        expect(opensAt).toBeGreaterThan(seconds * 1_000);
      }),
      { numRuns: 300 },
    );
  });

  it('refuses hours that are not times of a day', () => {
    expect(
      openingHoursSchema.safeParse({ ...hours, week: { ...hours.week, sun: [{ from: '9', to: '25:00' }] } }).success,
    ).toBe(false);
  });
});
