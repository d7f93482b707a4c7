import type { Actor, CommandDef, Patch, ReadRow, Written } from '#shared/lib/command.ts';
import type { ScopeText } from '#shared/lib/scope.ts';
import type { OutboxItem } from './outbox-items.ts';

/** The cache as the overlay lies over it. */
export interface OverlayBase {
  /** the body shown for a row without any overlay; null = none */
  row(entity: string, id: string): unknown;
  /** the command that wrote the stored row with this key, whether shown or not */
  writerOf(scope: ScopeText, entity: string, id: string): string | null;
  /** whether rows of a scope are shown: held and complete */
  isShown(scope: ScopeText): boolean;
}

/** A row as commands of this desk leave it until the hub has answered; body null = gone. `n` is the last command that touched it. */
export interface PatchedRow extends Patch {
  readonly n: number;
}

/** What unconfirmed commands do to the screen. */
export interface Overlay {
  readonly isEmpty: boolean;
  /** the patch that decides what is shown for a row: the newest body in a scope that is shown, else its end; undefined = untouched */
  row(entity: string, id: string): PatchedRow | undefined;
  /** all patches of an entity in scopes that are shown, each key once */
  rows(entity: string): readonly PatchedRow[];
  /** every key an item touches, shown or not: what changes on screen when it settles */
  touchedBy(n: number): readonly Pick<Patch, 'scope' | 'entity' | 'id'>[];
  /** where an item in the overlay stands */
  stateOf(n: number): OutboxItem['state'] | null;
}

export const noOverlay: Overlay = {
  isEmpty: true,
  row: () => undefined,
  rows: () => [],
  touchedBy: () => [],
  stateOf: () => null,
};

/** A stored command as rules and effects see it. */
export function writtenOf(item: OutboxItem): Written<unknown> {
  return { id: item.id, args: item.args, at: item.hubAt ?? item.at, basis: item.basis, offline: item.isOffline };
}

const keyOf = (patch: Pick<Patch, 'scope' | 'id'>): string => `${patch.scope} ${patch.id}`;

/** The kinds of commands by name, and who acts: what effects need. */
export interface EffectContext {
  readonly kinds: ReadonlyMap<string, CommandDef>;
  readonly actor: Actor;
}

/** An overlay that can be added to: a command written now costs one effect, however many wait before it. */
export class GrowingOverlay implements Overlay {
  private readonly byEntity = new Map<string, Map<string, PatchedRow>>();
  private readonly byId = new Map<string, PatchedRow[]>();
  private readonly touched = new Map<number, readonly Patch[]>();
  private readonly states = new Map<number, OutboxItem['state']>();

  get isEmpty(): boolean {
    return this.byEntity.size === 0;
  }

  /** Runs the effect of the next command over what the base and the commands before it show. */
  add(item: OutboxItem, context: EffectContext, base: OverlayBase): void {
    const kind = context.kinds.get(item.kind);
    this.states.set(item.n, item.state);
    if (!kind) return;
    const patches = kind.effect(writtenOf(item), context.actor, readThrough(this, base));
    this.touched.set(item.n, patches);
    // The cache knows this command already: its rows are the truth and the effect has had its time.
    if (patches.some((p) => base.writerOf(p.scope, p.entity, p.id) === item.id)) return;
    for (const patch of patches) if (base.isShown(patch.scope)) this.put({ ...patch, n: item.n });
  }

  setState(n: number, state: OutboxItem['state']): void {
    if (this.states.has(n)) this.states.set(n, state);
  }

  row(entity: string, id: string): PatchedRow | undefined {
    const patches = this.byId.get(`${entity} ${id}`);
    return patches?.findLast((p) => p.body !== null) ?? patches?.at(-1);
  }

  rows(entity: string): readonly PatchedRow[] {
    return [...(this.byEntity.get(entity)?.values() ?? [])];
  }

  touchedBy(n: number): readonly Patch[] {
    return this.touched.get(n) ?? [];
  }

  stateOf(n: number): OutboxItem['state'] | null {
    return this.states.get(n) ?? null;
  }

  private put(row: PatchedRow): void {
    const rows = this.byEntity.get(row.entity) ?? new Map<string, PatchedRow>();
    rows.set(keyOf(row), row);
    this.byEntity.set(row.entity, rows);
    const name = `${row.entity} ${row.id}`;
    const others = (this.byId.get(name) ?? []).filter((p) => p.scope !== row.scope);
    this.byId.set(name, [...others, row]);
  }
}

/**
 * Runs the effects of unconfirmed commands, in order of n, over the current rows; each sees what the ones before it did.
 * A command whose row is in the cache already, or whose kind this program does not know, does nothing.
 */
export function computeOverlay(
  items: readonly OutboxItem[],
  context: EffectContext,
  base: OverlayBase,
): GrowingOverlay {
  const overlay = new GrowingOverlay();
  for (const item of items) overlay.add(item, context, base);
  return overlay;
}

/** Reads a row as the person sees it, overlay included. */
export function readThrough(overlay: Overlay, base: OverlayBase): ReadRow {
  return (entity, id) => {
    const patch = overlay.row(entity, id);
    return patch === undefined ? base.row(entity, id) : patch.body;
  };
}
