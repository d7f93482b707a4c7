import * as z from 'zod/mini';
import { idSchema } from '../lib/ids.ts';
import type { CallDef } from '../lib/query.ts';
import { longestText } from './model.ts';

const nothing = z.object({});
const byConversation = z.object({ conversationId: idSchema });

/** `conversation.open`: asks the hub to let this desk hold a conversation; audited as an access. */
export const open: CallDef<z.infer<typeof byConversation>, z.infer<typeof nothing>> = {
  name: 'conversation.open',
  where: 'hub',
  permission: 'conversation.read',
  args: byConversation,
  result: nothing,
};

/** `conversation.close`: gives an opened conversation up; the hub takes the holding back and the cache loses its rows. */
export const close: CallDef<z.infer<typeof byConversation>, z.infer<typeof nothing>> = {
  name: 'conversation.close',
  where: 'hub',
  permission: 'conversation.read',
  args: byConversation,
  result: nothing,
};

const draftArgs = z.object({
  conversationId: idSchema,
  kind: z.enum(['reply', 'note']),
  text: z.string().check(z.maxLength(longestText)),
});

/** `conversation.saveDraft`: keeps what is being written on disk; an empty text ends the draft. */
export const saveDraft: CallDef<z.infer<typeof draftArgs>, z.infer<typeof nothing>> = {
  name: 'conversation.saveDraft',
  where: 'core',
  permission: 'conversation.write',
  args: draftArgs,
  result: nothing,
};

const seenArgs = z.object({ conversationId: idSchema, upTo: z.int() });

/** `conversation.seen`: the person has this much of the thread on screen. Sent when there is a link, else with the next one. */
export const seen: CallDef<z.infer<typeof seenArgs>, z.infer<typeof nothing>> = {
  name: 'conversation.seen',
  where: 'core',
  permission: 'conversation.read',
  args: seenArgs,
  result: nothing,
};

const typingArgs = z.object({ conversationId: idSchema, isTyping: z.boolean() });

/** `conversation.typing`: a fleeting sign for the customer; lost without harm. */
export const typing: CallDef<z.infer<typeof typingArgs>, z.infer<typeof nothing>> = {
  name: 'conversation.typing',
  where: 'core',
  permission: 'conversation.write',
  args: typingArgs,
  result: nothing,
};
