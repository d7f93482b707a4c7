import type { Actor } from '../lib/command.ts';
import { type AppError, deskError } from '../lib/errors.ts';
import type { Id } from '../lib/ids.ts';

/** The conversation facts these rules look at. */
export interface OwnedConversation {
  readonly id: Id;
  readonly teamId: Id;
  readonly ownerId: Id | null;
  readonly state: 'open' | 'resolved';
}

function barred(conversation: OwnedConversation, actor: Actor): AppError | null {
  if (conversation.ownerId === actor.personId || actor.teamIds.includes(conversation.teamId)) return null;
  return deskError('conversation/not-found', { params: { id: conversation.id } });
}

/** Whether a person may take a conversation: it is open, nobody has it, it lies with a team of theirs. Taking what is yours already is fine. */
export function mayTake(conversation: OwnedConversation, actor: Actor, ownerName: string): AppError | null {
  const no = barred(conversation, actor);
  if (no) return no;
  if (conversation.state === 'resolved') return deskError('conversation/resolved');
  if (conversation.ownerId !== null && conversation.ownerId !== actor.personId) {
    return deskError('inbox/taken', { params: { name: ownerName } });
  }
  return null;
}

/** Whether a person may give a conversation back to its team. */
export function mayRelease(conversation: OwnedConversation, actor: Actor): AppError | null {
  const no = barred(conversation, actor);
  if (no) return no;
  if (conversation.state === 'resolved') return deskError('conversation/resolved');
  if (conversation.ownerId !== null && conversation.ownerId !== actor.personId)
    return deskError('conversation/not-yours');
  return null;
}

/** Whether a person may move a conversation to another team. A supervisor may move what a colleague of the team owns. */
export function mayMove(
  conversation: OwnedConversation,
  actor: Actor,
  toTeamId: Id,
  isSupervisor: boolean,
): AppError | null {
  const no = barred(conversation, actor);
  if (no) return no;
  if (conversation.state === 'resolved') return deskError('conversation/resolved');
  if (conversation.teamId === toTeamId) return deskError('inbox/already-there', { field: 'teamId' });
  if (conversation.ownerId !== null && conversation.ownerId !== actor.personId && !isSupervisor)
    return deskError('conversation/not-yours');
  return null;
}

/** The order of a list: who waits longest comes first, then what moved last. */
export function byUrgency(
  a: { waitingSince: number | null; lastAt: number },
  b: { waitingSince: number | null; lastAt: number },
): number {
  if (a.waitingSince !== null && b.waitingSince !== null) return a.waitingSince - b.waitingSince;
  if (a.waitingSince !== null) return -1;
  if (b.waitingSince !== null) return 1;
  return b.lastAt - a.lastAt;
}
