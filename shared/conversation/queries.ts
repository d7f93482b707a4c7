import * as z from 'zod/mini';
import { idSchema } from '../lib/ids.ts';
import type { QueryDef } from '../lib/query.ts';
import { scopeOf } from '../lib/scope.ts';
import { draftSchema, headSchema, threadItemSchema } from './model.ts';

const byConversation = z.object({ conversationId: idSchema });
const threadArgs = z.object({
  conversationId: idSchema,
  /** only what stands before this order; null = from the end */
  before: z.nullable(z.int()),
  limit: z.int().check(z.minimum(1), z.maximum(200)),
});
const threadResult = z.object({
  items: z.array(threadItemSchema),
  /** whether this desk holds the conversation and has it whole */
  isHeld: z.boolean(),
  hasEarlier: z.boolean(),
});

/** `conversation.thread`: a page of the thread, oldest first, unsent last. */
export const thread: QueryDef<z.infer<typeof threadArgs>, z.infer<typeof threadResult>> = {
  name: 'conversation.thread',
  args: threadArgs,
  result: threadResult,
  rests: ({ conversationId }) => [
    { entity: 'message', scope: scopeOf.publicOf(conversationId) },
    { entity: 'receipt', scope: scopeOf.publicOf(conversationId) },
    { entity: 'note', scope: scopeOf.conversation(conversationId) },
    { entity: 'event', scope: scopeOf.conversation(conversationId) },
    { entity: 'local.outbox', id: conversationId },
    { entity: 'local.scope', scope: scopeOf.publicOf(conversationId) },
  ],
};

const headResult = z.nullable(headSchema);

/** `conversation.head`: one conversation as a list knows it; null = not here. */
export const head: QueryDef<z.infer<typeof byConversation>, z.infer<typeof headResult>> = {
  name: 'conversation.head',
  args: byConversation,
  result: headResult,
  rests: ({ conversationId }) => [
    { entity: 'head', id: conversationId },
    { entity: 'local.outbox', id: conversationId },
  ],
};

const draftResult = z.object({ draft: z.nullable(draftSchema), history: z.array(draftSchema) });

/** `conversation.draft`: what was being written here, and its earlier states, newest first. */
export const draft: QueryDef<z.infer<typeof byConversation>, z.infer<typeof draftResult>> = {
  name: 'conversation.draft',
  args: byConversation,
  result: draftResult,
  rests: ({ conversationId }) => [{ entity: 'local.draft', id: conversationId }],
};
