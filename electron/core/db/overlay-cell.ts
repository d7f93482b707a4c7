import type { Actor, CommandDef } from '#shared/lib/command.ts';
import { readCursor } from './cache-scopes.ts';
import type { ReadDb } from './handles.ts';
import { itemsInEffect, type OutboxItem } from './outbox-items.ts';
import { computeOverlay, type GrowingOverlay, noOverlay, type Overlay, type OverlayBase } from './overlay.ts';

/** The cache under an overlay, for the length of one read. */
export function overlayBase(db: ReadDb): OverlayBase {
  return {
    row(entity, id) {
      const body = db.value<string>('select body from cache.visible_row where entity = ? and id = ?', entity, id);
      return body === undefined ? null : JSON.parse(body);
    },
    writerOf: (scope, entity, id) =>
      db.value<string | null>(
        `select r.cmd from cache.row r join cache.scope_state s on s.n = r.scope_n
         where r.entity = ? and r.id = ? and s.scope = ?`,
        entity,
        id,
        scope,
      ) ?? null,
    isShown: (scope) =>
      db.value('select 1 from cache.scope_state where scope = ? and complete = 1', scope) !== undefined,
  };
}

/** Keeps the overlay until something beneath or in it has changed. With nothing waiting, a read pays nothing. */
export class OverlayCell {
  private readonly kinds: ReadonlyMap<string, CommandDef>;
  private readonly actor: (db: ReadDb) => Actor | null;
  private kept: GrowingOverlay | null = null;
  private hasItems = true;

  constructor(kinds: ReadonlyMap<string, CommandDef>, actor: (db: ReadDb) => Actor | null) {
    this.kinds = kinds;
    this.actor = actor;
  }

  /** The overlay over what the database holds now. */
  current(db: ReadDb): Overlay {
    if (!this.hasItems) return noOverlay;
    if (this.kept) return this.kept;
    const actor = this.actor(db);
    if (!actor) return noOverlay;
    const items = itemsInEffect(db, readCursor(db)?.seq ?? 0);
    this.hasItems = items.length > 0;
    if (!this.hasItems) return noOverlay;
    this.kept = computeOverlay(items, { kinds: this.kinds, actor }, overlayBase(db));
    return this.kept;
  }

  /** Rows beneath have changed, or the cursor has moved: effects run again at the next read. */
  beneathChanged(): void {
    this.kept = null;
  }

  /** Items have come, gone or been settled. */
  itemsChanged(): void {
    this.kept = null;
    this.hasItems = true;
  }

  /** One more command, written last of all. */
  added(db: ReadDb, item: OutboxItem): void {
    const actor = this.actor(db);
    if (!this.kept || !actor) this.itemsChanged();
    else this.kept.add(item, { kinds: this.kinds, actor }, overlayBase(db));
  }

  /** Items stand elsewhere on their way; what they do is the same. */
  moved(ns: readonly number[], state: OutboxItem['state']): void {
    for (const n of ns) this.kept?.setState(n, state);
  }
}
