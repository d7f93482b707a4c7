import type { Actor, Basis } from '../lib/command.ts';
import { type AppError, deskError } from '../lib/errors.ts';
import type { Head, Speaker } from './model.ts';

/** How long after its resolution a conversation is reopened by a new message instead of a new one being started (ms). */
export const reopenWithinMs = 14 * 24 * 60 * 60 * 1000;

/** The conversation facts these rules look at; the hub passes its locked row, the desk its head. */
export type ConversationFacts = Pick<Head, 'id' | 'teamId' | 'ownerId' | 'state' | 'lastCustomerOrder'>;

/** Shortens a text for a list: one line, at most 140 code points, cut between them. */
export function snippetOf(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  const points = Array.from(line);
  return points.length <= 140 ? line : `${points.slice(0, 139).join('')}…`;
}

/** Whether a person may act on a conversation at all: it is theirs, or lies with a team of theirs. */
export function mayAct(conversation: ConversationFacts, actor: Actor): AppError | null {
  if (conversation.ownerId === actor.personId || actor.teamIds.includes(conversation.teamId)) return null;
  return deskError('conversation/not-found', { params: { id: conversation.id } });
}

/**
 * Whether the writer has seen what the customer said last. Judged only for commands written while the hub was
 * unreachable: live, what stands on the screen is the truth, and a message that crosses is part of any chat.
 */
export function isOvertaken(conversation: ConversationFacts, basis: Basis, offline: boolean): boolean {
  return offline && conversation.lastCustomerOrder > (basis['lastCustomerOrder'] ?? 0);
}

/** Whether a reply may be sent now. */
export function mayReply(
  conversation: ConversationFacts,
  actor: Actor,
  basis: Basis,
  offline: boolean,
): AppError | null {
  const barred = mayAct(conversation, actor);
  if (barred) return barred;
  if (conversation.state === 'resolved') return deskError('conversation/resolved');
  if (conversation.ownerId !== actor.personId) {
    return deskError(conversation.ownerId === null ? 'conversation/not-taken' : 'conversation/not-yours');
  }
  if (isOvertaken(conversation, basis, offline)) return deskError('conversation/overtaken');
  return null;
}

/** Whether a note may be added: anyone who may see the conversation may, at any time. */
export function mayNote(conversation: ConversationFacts, actor: Actor): AppError | null {
  return mayAct(conversation, actor);
}

/** Whether a conversation may be resolved now. */
export function mayResolve(
  conversation: ConversationFacts,
  actor: Actor,
  basis: Basis,
  offline: boolean,
): AppError | null {
  const barred = mayAct(conversation, actor);
  if (barred) return barred;
  if (conversation.state === 'resolved') return deskError('conversation/resolved');
  if (conversation.ownerId !== null && conversation.ownerId !== actor.personId)
    return deskError('conversation/not-yours');
  if (isOvertaken(conversation, basis, offline)) return deskError('conversation/overtaken');
  return null;
}

/** The head after someone spoke. order = null leaves the counters alone (an unsent message at the desk). */
export function headAfterMessage(
  head: Head,
  message: { from: Speaker; text: string; at: number; order: number | null },
): Head {
  const isCustomer = message.from === 'customer';
  return {
    ...head,
    lastAt: Math.max(head.lastAt, message.at),
    lastOrder: message.order ?? head.lastOrder,
    lastCustomerOrder: isCustomer && message.order !== null ? message.order : head.lastCustomerOrder,
    waitingSince: isCustomer ? (head.waitingSince ?? message.at) : message.from === 'agent' ? null : head.waitingSince,
    snippet: { from: message.from, text: snippetOf(message.text) },
  };
}

/** What a customer's message does to the conversation it belongs to: it goes in, wakes it again, or starts a new one. */
export function onCustomerMessage(
  conversation: { state: 'open' | 'resolved'; resolvedAt: number | null } | null,
  now: number,
): 'append' | 'reopen' | 'start' {
  if (conversation === null) return 'start';
  if (conversation.state === 'open') return 'append';
  return now - (conversation.resolvedAt ?? 0) <= reopenWithinMs ? 'reopen' : 'start';
}

/** How far a message of ours has got, from the customer's receipt. */
export function deliveryOf(
  order: number | null,
  receipt: { deliveredUpTo: number; readUpTo: number } | null,
): 'sent' | 'delivered' | 'read' {
  if (order === null || receipt === null) return 'sent';
  if (order <= receipt.readUpTo) return 'read';
  return order <= receipt.deliveredUpTo ? 'delivered' : 'sent';
}
