import type { ReadDb, WriteDb } from '#core/db/handles.ts';
import { readMeta, writeMeta } from '#core/db/work-meta.ts';

/** What the offline time is reckoned from; times are the device's clock (epoch ms). */
export interface OfflineFacts {
  /** When the hub last confirmed this session. */
  readonly confirmedAt: number;
  /** How long this desk may work without the hub, as the hub said. */
  readonly allowedMs: number;
  /** The highest time this desk has reckoned since then. */
  readonly seenAt: number;
}

/**
 * The time to reckon with: never before the highest one seen, so that setting the clock back gains nothing; and while the desk runs,
 * what has really passed (`ranMs`, monotonic, since `seenAt` was last noted) counts even under a clock that was set back.
 */
export function reckonedNow(facts: OfflineFacts, now: number, ranMs: number): number {
  return Math.max(now, facts.seenAt + Math.max(0, ranMs));
}

/** When the allowed time ends, in the device's clock as `reckonedNow` reckons it. */
export function offlineUntil(facts: OfflineFacts): number {
  return facts.confirmedAt + facts.allowedMs;
}

/** Whether the allowed time is over. */
export function isOfflineTimeOver(facts: OfflineFacts, now: number, ranMs: number): boolean {
  return reckonedNow(facts, now, ranMs) >= offlineUntil(facts);
}

/** The facts after the hub confirmed the session at `now`: an honest clock starts anew, whatever was seen before. */
export function confirmedByHub(now: number, allowedMs: number): OfflineFacts {
  return { confirmedAt: now, allowedMs, seenAt: now };
}

/** The facts after `ranMs` of running; to be noted about once a minute and before closing. */
export function seenLater(facts: OfflineFacts, now: number, ranMs: number): OfflineFacts {
  return { ...facts, seenAt: reckonedNow(facts, now, ranMs) };
}

/** Reads the facts from work.db, where nobody can edit them; null before the first confirmation. */
export function readOfflineFacts(db: ReadDb): OfflineFacts | null {
  const kept = readMeta(db, 'offline.facts');
  if (kept === null) return null;
  const [confirmedAt = Number.NaN, allowedMs = Number.NaN, seenAt = Number.NaN] = kept.split(' ').map(Number);
  const isWhole = [confirmedAt, allowedMs, seenAt].every(Number.isSafeInteger);
  return isWhole ? { confirmedAt, allowedMs, seenAt } : null;
}

/** Keeps the facts in work.db. */
export function writeOfflineFacts(tx: WriteDb, facts: OfflineFacts): void {
  const numbers = [facts.confirmedAt, facts.allowedMs, facts.seenAt].map(Math.round);
  writeMeta(tx, 'offline.facts', numbers.join(' '));
}
