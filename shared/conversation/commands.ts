import * as z from 'zod/mini';
import type { CommandDef, Patch, ReadRow } from '../lib/command.ts';
import { deskError } from '../lib/errors.ts';
import { type Id, idSchema } from '../lib/ids.ts';
import { scopeOf } from '../lib/scope.ts';
import { type Head, headSchema, resolutionSchema, textSchema } from './model.ts';
import { headAfterMessage, mayNote, mayReply, mayResolve } from './rules.ts';

const replyArgs = z.object({ conversationId: idSchema, text: textSchema });
const noteArgs = z.object({ conversationId: idSchema, text: textSchema });
const resolveArgs = z.object({
  conversationId: idSchema,
  resolution: resolutionSchema,
  comment: z.string().check(z.maxLength(500)),
});

function headOf(read: ReadRow, id: Id): Head | null {
  const parsed = z.safeParse(headSchema, read('head', id));
  return parsed.success ? parsed.data : null;
}

/** The head in both scopes it stands in: the team's list while open, the conversation itself always. */
export function headPatches(head: Head): Patch[] {
  return [
    { scope: scopeOf.team(head.teamId), entity: 'head', id: head.id, body: head.state === 'open' ? head : null },
    { scope: scopeOf.conversation(head.id), entity: 'head', id: head.id, body: head },
  ];
}

function nameOf(read: ReadRow, personId: Id): string {
  const person = read('person', personId);
  return typeof person === 'object' && person !== null && 'name' in person ? String(person.name) : '';
}

/** `conversation.reply`: an answer to the customer. The message takes the command's id. */
export const reply: CommandDef<z.infer<typeof replyArgs>> = {
  kind: 'conversation.reply',
  args: replyArgs,
  permission: 'conversation.write',
  onStale: 'ask',
  mayFollowRefused: false,
  subjects: (args) => [`conversation:${args.conversationId}`],
  check(command, actor, read) {
    const head = headOf(read, command.args.conversationId);
    return head ? mayReply(head, actor, command.basis, false) : deskError('conversation/not-found');
  },
  effect(command, actor, read) {
    const { conversationId, text } = command.args;
    const message = {
      id: command.id,
      conversationId,
      order: null,
      from: 'agent',
      authorId: actor.personId,
      authorName: nameOf(read, actor.personId),
      text,
      at: command.at,
      writtenAt: null,
    };
    const patches: Patch[] = [
      { scope: scopeOf.publicOf(conversationId), entity: 'message', id: command.id, body: message },
    ];
    const head = headOf(read, conversationId);
    if (head)
      patches.push(...headPatches(headAfterMessage(head, { from: 'agent', text, at: command.at, order: null })));
    return patches;
  },
};

/** `conversation.note`: a remark only the team sees. It harms nobody when late, so it goes through whatever came before. */
export const note: CommandDef<z.infer<typeof noteArgs>> = {
  kind: 'conversation.note',
  args: noteArgs,
  permission: 'conversation.write',
  onStale: 'append',
  mayFollowRefused: true,
  subjects: (args) => [`conversation:${args.conversationId}`],
  check(command, actor, read) {
    const head = headOf(read, command.args.conversationId);
    return head ? mayNote(head, actor) : deskError('conversation/not-found');
  },
  effect(command, actor, read) {
    const { conversationId, text } = command.args;
    const body = {
      id: command.id,
      conversationId,
      order: null,
      authorId: actor.personId,
      authorName: nameOf(read, actor.personId),
      text,
      at: command.at,
    };
    return [{ scope: scopeOf.conversation(conversationId), entity: 'note', id: command.id, body }];
  },
};

/** `conversation.resolve`: the matter is closed, with a reason. */
export const resolve: CommandDef<z.infer<typeof resolveArgs>> = {
  kind: 'conversation.resolve',
  args: resolveArgs,
  permission: 'conversation.write',
  onStale: 'ask',
  mayFollowRefused: false,
  subjects: (args) => [`conversation:${args.conversationId}`],
  check(command, actor, read) {
    const head = headOf(read, command.args.conversationId);
    return head ? mayResolve(head, actor, command.basis, false) : deskError('conversation/not-found');
  },
  effect(command, actor, read) {
    const { conversationId, resolution, comment } = command.args;
    const head = headOf(read, conversationId);
    const event = {
      id: command.id,
      conversationId,
      order: null,
      what: 'resolved',
      byId: actor.personId,
      byName: nameOf(read, actor.personId),
      at: command.at,
      detail: resolution,
      ...(comment === '' ? {} : { comment }),
    };
    const patches: Patch[] = [
      { scope: scopeOf.conversation(conversationId), entity: 'event', id: command.id, body: event },
    ];
    if (head) {
      patches.push(
        ...headPatches({ ...head, state: 'resolved', resolution, resolvedAt: command.at, waitingSince: null }),
      );
    }
    return patches;
  },
};
