import type * as z from 'zod/mini';

/**
 * What a query rests on: rows of an entity, narrowed to a scope or an id where it can be.
 * Entities that never leave the desk start with `local.` (`local.outbox`, `local.draft`, `local.status`, `local.profile`).
 */
export interface Dependency {
  readonly entity: string;
  readonly scope?: string;
  readonly id?: string;
}

/** One thing that changed at the desk; no scope or id = anything of that entity may have. */
export interface Change {
  readonly entity: string;
  readonly scope?: string;
  readonly id?: string;
}

/** A read from the desk's own data. */
export interface QueryDef<A = unknown, R = unknown> {
  readonly name: string;
  readonly args: z.ZodMiniType<A>;
  readonly result: z.ZodMiniType<R>;
  rests(args: A): Dependency[];
}

/** True when a change can alter what a query with these dependencies shows. */
export function touches(change: Change, dependencies: readonly Dependency[]): boolean {
  return dependencies.some(
    (d) =>
      d.entity === change.entity &&
      (d.scope === undefined || change.scope === undefined || d.scope === change.scope) &&
      (d.id === undefined || change.id === undefined || d.id === change.id),
  );
}

/**
 * Something asked for now and answered now, never queued: done by the core itself (`core`),
 * or by the hub over the live link (`hub`), and then refused with a reason while the hub is out of reach.
 */
export interface CallDef<A = unknown, R = unknown> {
  readonly name: string;
  readonly where: 'core' | 'hub';
  readonly permission: string | null;
  readonly args: z.ZodMiniType<A>;
  readonly result: z.ZodMiniType<R>;
}
