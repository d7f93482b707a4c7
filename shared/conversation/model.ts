import * as z from 'zod/mini';
import { appErrorSchema } from '../lib/errors.ts';
import { idSchema } from '../lib/ids.ts';

/** The longest text of one message, in UTF-16 code units. */
export const longestText = 4000;

export const textSchema = z.string().check(
  z.minLength(1),
  z.maxLength(longestText),
  z.refine((text) => text.trim().length > 0, 'empty'),
);

export const channelSchema = z.enum(['web']);
export type Channel = z.infer<typeof channelSchema>;

/** Who a message is from. */
export const speakerSchema = z.enum(['customer', 'agent', 'bot', 'system']);
export type Speaker = z.infer<typeof speakerSchema>;

/** Why a conversation was resolved. */
export const resolutionSchema = z.enum([
  'answered',
  'order-fixed',
  'refunded',
  'replaced',
  'no-answer',
  'duplicate',
  'spam',
  'other',
]);
export type Resolution = z.infer<typeof resolutionSchema>;

/**
 * Entity `head`: what a list needs of a conversation. Scope `team:T` while it is open, and `conversation:X` always.
 * Orders count the conversation's messages, notes and events from 1; 0 = none yet. Times are hub time.
 */
export const headSchema = z.object({
  id: idSchema,
  teamId: idSchema,
  customerId: idSchema,
  customerName: z.string().check(z.maxLength(120)),
  channel: channelSchema,
  state: z.enum(['open', 'resolved']),
  ownerId: z.nullable(idSchema),
  createdAt: z.int(),
  lastOrder: z.int(),
  lastAt: z.int(),
  lastCustomerOrder: z.int(),
  /** since when the customer waits for an answer; null = nobody waits */
  waitingSince: z.nullable(z.int()),
  snippet: z.object({ from: speakerSchema, text: z.string().check(z.maxLength(200)) }),
  resolution: z.nullable(resolutionSchema),
  resolvedAt: z.nullable(z.int()),
});
export type Head = z.infer<typeof headSchema>;

/** Entity `message`, scope `conversation:X:public`. order is null only at the desk that wrote it, until the hub has it. */
export const messageSchema = z.object({
  id: idSchema,
  conversationId: idSchema,
  order: z.nullable(z.int()),
  from: speakerSchema,
  authorId: z.nullable(idSchema),
  authorName: z.string().check(z.maxLength(120)),
  text: z.string().check(z.maxLength(longestText)),
  at: z.int(),
  /** when the author wrote it, where that differs from when the hub took it */
  writtenAt: z.nullable(z.int()),
});
export type Message = z.infer<typeof messageSchema>;

/** Entity `note`, scope `conversation:X`: only the team sees it. */
export const noteSchema = z.object({
  id: idSchema,
  conversationId: idSchema,
  order: z.nullable(z.int()),
  authorId: idSchema,
  authorName: z.string().check(z.maxLength(120)),
  text: z.string().check(z.maxLength(longestText)),
  at: z.int(),
});
export type Note = z.infer<typeof noteSchema>;

/** Entity `event`, scope `conversation:X`: what happened to the conversation, as a line in the thread. */
export const eventSchema = z.object({
  id: z.string().check(z.maxLength(80)),
  conversationId: idSchema,
  order: z.nullable(z.int()),
  what: z.enum(['started', 'taken', 'released', 'moved', 'resolved', 'reopened']),
  byId: z.nullable(idSchema),
  byName: z.string().check(z.maxLength(120)),
  at: z.int(),
  /** team name for moved, resolution for resolved */
  detail: z.string().check(z.maxLength(500)),
  /** what the person who did it said about it; only for the team */
  comment: z.optional(z.string().check(z.maxLength(500))),
});
export type ThreadEvent = z.infer<typeof eventSchema>;

/** Entity `receipt`, scope `conversation:X:public`, id `${X}|customer` or `${X}|agent`: how far a side has got, in message order. */
export const receiptSchema = z.object({
  conversationId: idSchema,
  party: z.enum(['customer', 'agent']),
  deliveredUpTo: z.int(),
  readUpTo: z.int(),
  at: z.int(),
});
export type Receipt = z.infer<typeof receiptSchema>;

/** How far one message of ours has got. */
export const deliverySchema = z.enum(['waiting', 'sending', 'sent', 'delivered', 'read', 'not-sent', 'held', 'none']);
export type Delivery = z.infer<typeof deliverySchema>;

/** One line of a thread as the screen shows it. */
export const threadItemSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('message'),
    message: messageSchema,
    delivery: deliverySchema,
    n: z.nullable(z.int()),
    error: z.nullable(appErrorSchema),
  }),
  z.object({
    kind: z.literal('note'),
    note: noteSchema,
    delivery: deliverySchema,
    n: z.nullable(z.int()),
    error: z.nullable(appErrorSchema),
  }),
  z.object({ kind: z.literal('event'), event: eventSchema, isWaiting: z.boolean() }),
]);
export type ThreadItem = z.infer<typeof threadItemSchema>;

/** A draft on this desk. */
export const draftSchema = z.object({
  conversationId: idSchema,
  kind: z.enum(['reply', 'note']),
  text: z.string().check(z.maxLength(longestText)),
  updatedAt: z.int(),
});
export type Draft = z.infer<typeof draftSchema>;
