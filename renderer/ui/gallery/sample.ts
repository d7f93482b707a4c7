import { FakeClock } from '#shared/lib/time.ts';

/** The moment of the picture: 22 November 2026, 10:35:24 by the computer's own zone. It stands still. */
export const pictureTime = new Date(2026, 10, 22, 10, 35, 24).getTime();
export const pictureClock = new FakeClock(pictureTime);

/** A time of the picture's day. */
export function at(hours: number, minutes: number): number {
  return new Date(2026, 10, 22, hours, minutes).getTime();
}

/** So many seconds before the picture. */
export function ago(seconds: number): number {
  return pictureTime - seconds * 1000;
}

/** So many seconds after the picture. */
export function ahead(seconds: number): number {
  return pictureTime + seconds * 1000;
}
