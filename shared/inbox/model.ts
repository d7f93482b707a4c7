import * as z from 'zod/mini';
import { headSchema } from '../conversation/model.ts';
import { idSchema } from '../lib/ids.ts';

/** One row of the inbox list. */
export const inboxRowSchema = z.object({
  head: headSchema,
  isUnread: z.boolean(),
  hasDraft: z.boolean(),
  draft: z.string().check(z.maxLength(200)),
  /** commands of this desk on this conversation the hub has not confirmed */
  waiting: z.int(),
  /** commands of this desk on it that were refused, failed or held */
  attention: z.int(),
  ownerName: z.nullable(z.string()),
});
export type InboxRow = z.infer<typeof inboxRowSchema>;

/** A part of the list: what is yours, what waits in a team, what colleagues of that team have, what you resolved lately. */
export const inboxSectionSchema = z.object({
  kind: z.enum(['yours', 'waiting', 'colleagues', 'resolved']),
  teamId: z.nullable(idSchema),
  teamName: z.nullable(z.string()),
  rows: z.array(inboxRowSchema),
  total: z.int(),
});
export type InboxSection = z.infer<typeof inboxSectionSchema>;
