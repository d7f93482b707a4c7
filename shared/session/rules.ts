import type { Actor } from '../lib/command.ts';
import type { Id } from '../lib/ids.ts';
import { parseScope, type Scope, type ScopeText, scopeOf } from '../lib/scope.ts';
import type { Holding, Role } from './model.ts';

/** Every right there is. */
export const permissions = [
  'conversation.read',
  'conversation.write',
  'conversation.move',
  'customer.read',
  'customer.finance',
  'team.supervise',
  'people.manage',
  'audit.read',
  'session.own',
] as const;
export type Permission = (typeof permissions)[number];

/** The one permission table. An unknown role has no right at all. */
const table: Record<Role, readonly Permission[]> = {
  customer: [],
  agent: [
    'session.own',
    'conversation.read',
    'conversation.write',
    'conversation.move',
    'customer.read',
    'customer.finance',
  ],
  supervisor: [
    'session.own',
    'conversation.read',
    'conversation.write',
    'conversation.move',
    'customer.read',
    'customer.finance',
    'team.supervise',
  ],
  'super-user': ['session.own', 'conversation.read', 'conversation.write', 'conversation.move', 'customer.read'],
  operations: ['session.own', 'conversation.read', 'customer.read', 'audit.read'],
  admin: ['session.own', 'people.manage', 'audit.read'],
};

/** The rights of a role; none for a role that is not known. */
export function permissionsOf(role: string): readonly Permission[] {
  return Object.hasOwn(table, role) ? table[role as Role] : [];
}

/** Whether a role has a right. */
export function can(role: string, permission: string): boolean {
  return (permissionsOf(role) as readonly string[]).includes(permission);
}

/** The facts of a device and its person that decide what it may hold. */
export interface Holder extends Actor {
  readonly deviceId: Id;
  readonly isDisabled: boolean;
  readonly deviceState: 'active' | 'frozen' | 'revoked';
}

/** The facts of a conversation that decide who may hold it. */
export interface HeldConversation {
  readonly id: Id;
  readonly teamId: Id;
  readonly ownerId: Id | null;
  readonly customerId: Id;
}

function conversationScopes(holder: Holder, conversation: HeldConversation): ScopeText[] {
  const scopes = [scopeOf.conversation(conversation.id), scopeOf.publicOf(conversation.id)];
  if (can(holder.role, 'customer.read')) scopes.push(scopeOf.customer(conversation.customerId));
  if (can(holder.role, 'customer.finance')) scopes.push(scopeOf.finance(conversation.customerId));
  return scopes;
}

function isActive(holder: Holder): boolean {
  return !holder.isDisabled && holder.deviceState === 'active';
}

/** What a device holds because of who uses it: its own scopes, its teams, its role. */
export function standingHoldings(holder: Holder): Holding[] {
  if (!isActive(holder)) return [];
  const held: Holding[] = [
    { scope: scopeOf.org, cause: 'device' },
    { scope: scopeOf.device(holder.deviceId), cause: 'device' },
    { scope: scopeOf.agent(holder.personId), cause: 'device' },
  ];
  if (can(holder.role, 'conversation.read')) {
    for (const team of holder.teamIds) held.push({ scope: scopeOf.team(team), cause: `membership:${team}` });
  }
  if (can(holder.role, 'team.supervise')) {
    for (const team of holder.teamIds) held.push({ scope: scopeOf.floor(team), cause: `membership:${team}` });
  }
  if (can(holder.role, 'people.manage')) held.push({ scope: scopeOf.admin, cause: 'role' });
  return held;
}

/** Whether a person may open a conversation: they own it, or it lies with one of their teams. */
export function mayOpen(holder: Holder, conversation: HeldConversation): boolean {
  if (!isActive(holder) || !can(holder.role, 'conversation.read')) return false;
  return conversation.ownerId === holder.personId || holder.teamIds.includes(conversation.teamId);
}

/** What a device holds because its person owns a conversation. */
export function ownershipHoldings(holder: Holder, conversation: HeldConversation): Holding[] {
  if (!isActive(holder) || !can(holder.role, 'conversation.read') || conversation.ownerId !== holder.personId)
    return [];
  const cause = `ownership:${conversation.id}`;
  return conversationScopes(holder, conversation).map((scope) => ({ scope, cause }));
}

/** What a device holds because its person opened a conversation there. */
export function openedHoldings(holder: Holder, conversation: HeldConversation): Holding[] {
  if (!mayOpen(holder, conversation)) return [];
  const cause = `opened:${conversation.id}`;
  return conversationScopes(holder, conversation).map((scope) => ({ scope, cause }));
}

/**
 * Whether a device may hold a scope for a cause. The one judge of what is granted and, by the same facts, of what is taken away.
 * `conversation` is the one the cause names; null when it is gone.
 */
export function mayHold(holder: Holder, holding: Holding, conversation: HeldConversation | null): boolean {
  const scope: Scope | null = parseScope(holding.scope);
  if (scope === null) return false;
  const [kind] = holding.cause.split(':');
  const granted =
    kind === 'ownership'
      ? conversation && ownershipHoldings(holder, conversation)
      : kind === 'opened'
        ? conversation && openedHoldings(holder, conversation)
        : standingHoldings(holder);
  return (granted ?? []).some((g) => g.scope === holding.scope && g.cause === holding.cause);
}

/** The conversation a cause names, if it names one. */
export function conversationOfCause(cause: string): Id | null {
  const [kind, id] = cause.split(':');
  return (kind === 'ownership' || kind === 'opened') && id ? id : null;
}

/** The row id of a holding. */
export function holdingId(holding: Holding): string {
  return `${holding.scope}|${holding.cause}`;
}
