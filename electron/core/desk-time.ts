import type { Clock } from '#shared/lib/time.ts';
import type { Store } from './db/open.ts';
import { readMeta, writeMeta } from './db/work-meta.ts';
import {
  confirmedByHub,
  isOfflineTimeOver,
  readOfflineFacts,
  seenLater,
  writeOfflineFacts,
} from './profile/offline-time.ts';

/** Where the difference between the hub's clock and this one is kept. */
export const offsetKey = 'sync.clock_offset';

/** The hub's time as this desk knows it, and how long it may still work without the hub. */
export class DeskTime {
  private readonly store: Store;
  private readonly clock: Clock;
  private known: number | null;
  /** up to when (monotonic) the running time has been noted */
  private notedAt: number;

  constructor(store: Store, clock: Clock) {
    this.store = store;
    this.clock = clock;
    this.notedAt = clock.monotonic();
    const kept = store.read((db) => readMeta(db, offsetKey));
    this.known = kept.ok && kept.value !== null ? Number(kept.value) : null;
  }

  /** Hub time minus device time (ms); null before the first contact. */
  get offset(): number | null {
    return this.known;
  }

  /** The hub's time as far as this desk knows (epoch ms). */
  hubNow(): number {
    return this.clock.now() + (this.known ?? 0);
  }

  /** The hub has confirmed the session: its clock, and how long this desk may go without it from now on (ms). */
  confirmed(hubAt: number, offlineForMs: number): void {
    const offset = hubAt - this.clock.now();
    this.known = offset;
    this.notedAt = this.clock.monotonic();
    this.store.write((tx) => {
      writeMeta(tx, offsetKey, String(offset));
      writeOfflineFacts(tx, confirmedByHub(this.clock.now(), offlineForMs));
    });
  }

  /** Notes how much time has gone by, about once a minute and before closing. Answers whether the offline time is over. */
  note(isUp: boolean): boolean {
    const ranMs = this.clock.monotonic() - this.notedAt;
    this.notedAt = this.clock.monotonic();
    const now = this.clock.now();
    const over = this.store.write((tx) => {
      const facts = readOfflineFacts(tx);
      if (!facts) return false;
      const next = isUp ? confirmedByHub(now, facts.allowedMs) : seenLater(facts, now, ranMs);
      writeOfflineFacts(tx, next);
      return isOfflineTimeOver(next, now, 0);
    });
    return over.ok && over.value;
  }
}
