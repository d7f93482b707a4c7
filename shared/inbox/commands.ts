import * as z from 'zod/mini';
import { type Head, headSchema } from '../conversation/model.ts';
import type { Actor, CommandDef, Patch, ReadRow, Written } from '../lib/command.ts';
import { deskError } from '../lib/errors.ts';
import { type Id, idSchema } from '../lib/ids.ts';
import { scopeOf } from '../lib/scope.ts';
import { mayMove, mayRelease, mayTake } from './rules.ts';

const takeArgs = z.object({ conversationId: idSchema });
const releaseArgs = z.object({ conversationId: idSchema, reason: z.string().check(z.maxLength(500)) });
const moveArgs = z.object({ conversationId: idSchema, teamId: idSchema, reason: z.string().check(z.maxLength(500)) });

function headOf(read: ReadRow, id: Id): Head | null {
  const parsed = z.safeParse(headSchema, read('head', id));
  return parsed.success ? parsed.data : null;
}

function nameOf(read: ReadRow, entity: 'person' | 'team', id: Id | null): string {
  const row = id === null ? null : read(entity, id);
  return typeof row === 'object' && row !== null && 'name' in row ? String(row.name) : '';
}

/** The head as the team's list and the conversation show it, and the line in the thread that says why. */
function changed(
  head: Head,
  command: Written<unknown>,
  actor: Actor,
  read: ReadRow,
  what: string,
  words: { detail: string; comment: string },
): Patch[] {
  const event = {
    id: command.id,
    conversationId: head.id,
    order: null,
    what,
    byId: actor.personId,
    byName: nameOf(read, 'person', actor.personId),
    at: command.at,
    detail: words.detail,
    ...(words.comment === '' ? {} : { comment: words.comment }),
  };
  return [
    { scope: scopeOf.team(head.teamId), entity: 'head', id: head.id, body: head },
    { scope: scopeOf.conversation(head.id), entity: 'head', id: head.id, body: head },
    { scope: scopeOf.conversation(head.id), entity: 'event', id: command.id, body: event },
  ];
}

/** `inbox.take`: this conversation is mine. One owner at a time; the second is told who was first. */
export const take: CommandDef<z.infer<typeof takeArgs>> = {
  kind: 'inbox.take',
  args: takeArgs,
  permission: 'conversation.write',
  onStale: 'refuse',
  mayFollowRefused: false,
  isOverWhenRefused: true,
  subjects: (args) => [`conversation:${args.conversationId}`],
  check(command, actor, read) {
    const head = headOf(read, command.args.conversationId);
    return head ? mayTake(head, actor, nameOf(read, 'person', head.ownerId)) : deskError('conversation/not-found');
  },
  effect(command, actor, read) {
    const head = headOf(read, command.args.conversationId);
    if (!head || head.ownerId === actor.personId) return [];
    return changed({ ...head, ownerId: actor.personId }, command, actor, read, 'taken', { detail: '', comment: '' });
  },
};

/** `inbox.release`: back to the team, for someone else to take. */
export const release: CommandDef<z.infer<typeof releaseArgs>> = {
  kind: 'inbox.release',
  args: releaseArgs,
  permission: 'conversation.write',
  onStale: 'merge',
  mayFollowRefused: false,
  isOverWhenRefused: true,
  subjects: (args) => [`conversation:${args.conversationId}`],
  check(command, actor, read) {
    const head = headOf(read, command.args.conversationId);
    return head ? mayRelease(head, actor) : deskError('conversation/not-found');
  },
  effect(command, actor, read) {
    const head = headOf(read, command.args.conversationId);
    if (!head || head.ownerId !== actor.personId) return [];
    return changed({ ...head, ownerId: null }, command, actor, read, 'released', {
      detail: '',
      comment: command.args.reason,
    });
  },
};

/** `inbox.move`: to another team. Who is in neither team loses sight of it, at once and wholly. */
export const move: CommandDef<z.infer<typeof moveArgs>> = {
  kind: 'inbox.move',
  args: moveArgs,
  permission: 'conversation.move',
  onStale: 'refuse',
  mayFollowRefused: false,
  subjects: (args) => [`conversation:${args.conversationId}`],
  check(command, actor, read) {
    const head = headOf(read, command.args.conversationId);
    return head
      ? mayMove(head, actor, command.args.teamId, actor.role === 'supervisor')
      : deskError('conversation/not-found');
  },
  effect(command, actor, read) {
    const { conversationId, teamId } = command.args;
    const head = headOf(read, conversationId);
    if (!head) return [];
    const moved = { ...head, teamId, ownerId: null };
    return [
      { scope: scopeOf.team(head.teamId), entity: 'head', id: head.id, body: null },
      ...changed(moved, command, actor, read, 'moved', {
        detail: nameOf(read, 'team', teamId),
        comment: command.args.reason,
      }),
    ];
  },
};
