import * as z from 'zod/mini';
import { type Id, idSchema } from './ids.ts';

/**
 * Who may see a row: a closed union. Text form: `org`, `admin`, `team:T`, `floor:T`, `agent:A`, `device:D`,
 * `conversation:X`, `conversation:X:public`, `customer:C`, `customer:C:finance`.
 * - org: everyone at work here; admin: accounts and devices; team: heads of its conversations; floor: what only its supervisors see;
 * - conversation: everything internal to it; conversation public: exactly what the customer may see;
 * - customer: who they are and their orders; customer finance: amounts.
 */
export type Scope =
  | { readonly kind: 'org' }
  | { readonly kind: 'admin' }
  | { readonly kind: 'team' | 'floor' | 'agent' | 'device'; readonly id: Id }
  | { readonly kind: 'conversation'; readonly id: Id; readonly part: 'internal' | 'public' }
  | { readonly kind: 'customer'; readonly id: Id; readonly part: 'profile' | 'finance' };

/** A scope in its text form, as it stands in rows, on the wire and in the cache. */
export type ScopeText = string;

const single = new Set(['team', 'floor', 'agent', 'device']);

/** Reads the text form; null when it is none of the closed union. */
export function parseScope(text: string): Scope | null {
  if (text === 'org' || text === 'admin') return { kind: text };
  const [kind, id, part, ...rest] = text.split(':');
  if (!kind || !id || rest.length > 0 || !z.safeParse(idSchema, id).success) return null;
  if (single.has(kind)) return part === undefined ? { kind: kind as 'team' | 'floor' | 'agent' | 'device', id } : null;
  if (kind === 'conversation') {
    if (part === undefined) return { kind, id, part: 'internal' };
    return part === 'public' ? { kind, id, part } : null;
  }
  if (kind === 'customer') {
    if (part === undefined) return { kind, id, part: 'profile' };
    return part === 'finance' ? { kind, id, part } : null;
  }
  return null;
}

/** The schema of a scope's text form. */
export const scopeSchema = z.string().check(
  z.maxLength(80),
  z.refine((text) => parseScope(text) !== null, 'not a known scope'),
);

/** Text forms, so that nobody glues strings. */
export const scopeOf = {
  org: 'org' as ScopeText,
  admin: 'admin' as ScopeText,
  team: (id: Id): ScopeText => `team:${id}`,
  floor: (id: Id): ScopeText => `floor:${id}`,
  agent: (id: Id): ScopeText => `agent:${id}`,
  device: (id: Id): ScopeText => `device:${id}`,
  conversation: (id: Id): ScopeText => `conversation:${id}`,
  publicOf: (id: Id): ScopeText => `conversation:${id}:public`,
  customer: (id: Id): ScopeText => `customer:${id}`,
  finance: (id: Id): ScopeText => `customer:${id}:finance`,
};
