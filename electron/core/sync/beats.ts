import { readDrafts } from '#core/db/drafts.ts';
import type { Store } from '#core/db/open.ts';
import { readMeta, writeMeta } from '#core/db/work-meta.ts';
import { type Clock, every, type Timer } from '#shared/lib/time.ts';
import type { Up } from '#shared/wire/messages.ts';

/** How often the hub is told that somebody is at work here (ms). */
const beatMs = 10_000;
const key = 'session.presence';

export type PresenceState = Extract<Up, { t: 'beat' }>['state'];

/** Tells the hub every 10 s, and at once when it changes, whether new work may come and where answers are being written. */
export class Beats {
  private readonly parts: { readonly store: Store; readonly clock: Clock; readonly send: (message: Up) => boolean };
  private timer: Timer | null = null;

  constructor(parts: { store: Store; clock: Clock; send: (message: Up) => boolean }) {
    this.parts = parts;
  }

  get state(): PresenceState {
    const kept = this.parts.store.read((db) => readMeta(db, key));
    return kept.ok && kept.value === 'away' ? 'away' : 'available';
  }

  present(state: PresenceState): void {
    this.parts.store.write((tx) => writeMeta(tx, key, state));
    if (this.timer) this.beat();
  }

  lineUp(): void {
    this.lineDown();
    this.timer = every(this.parts.clock, beatMs, () => this.beat());
    this.beat();
  }

  lineDown(): void {
    this.timer?.cancel();
    this.timer = null;
  }

  private beat(): void {
    const drafts = this.parts.store.read(readDrafts);
    const written = drafts.ok ? drafts.value.filter((d) => d.text.trim() !== '').map((d) => d.conversation) : [];
    this.parts.send({ t: 'beat', state: this.state, drafts: written.slice(0, 50) });
  }
}
