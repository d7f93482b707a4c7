import * as z from 'zod/mini';
import { envelopeSchema, outcomeStatusSchema } from '../lib/command.ts';
import { appErrorSchema } from '../lib/errors.ts';
import { idSchema } from '../lib/ids.ts';
import { scopeSchema } from '../lib/scope.ts';

/** How many rows a page or a backfill answer carries at most. */
export const pageRows = 500;
/** The first page of a desk that starts over carries all its holdings, this many at most, and nothing else. */
export const firstPageRows = 10_000;
/** The largest message either side takes, in bytes. */
export const largestMessage = 4 * 1024 * 1024;

/** A place in the organisation's stream: the last seq seen and the mark of the commit it belongs to. */
export const cursorSchema = z.object({ seq: z.int().check(z.nonnegative()), mark: z.string().check(z.maxLength(40)) });
export type Cursor = z.infer<typeof cursorSchema>;

/** One row on the wire: s scope, e entity, i id, q seq, b body as JSON text (null = gone), c id of the command that wrote it. */
export const wireRowSchema = z.object({
  s: scopeSchema,
  e: z.string().check(z.maxLength(40)),
  i: z.string().check(z.maxLength(200)),
  q: z.int().check(z.positive()),
  b: z.nullable(z.string().check(z.maxLength(262_144))),
  c: z.optional(idSchema),
});
export type WireRow = z.infer<typeof wireRowSchema>;

/** The settled answer to a command, with its own place in the stream. */
export const outcomeSchema = z.object({
  n: z.int().check(z.positive()),
  id: idSchema,
  status: outcomeStatusSchema,
  error: z.nullable(appErrorSchema),
  seq: z.int().check(z.positive()),
});
export type Outcome = z.infer<typeof outcomeSchema>;

const helloSchema = z.object({
  t: z.literal('hello'),
  v: z.int(),
  device: idSchema,
  token: z.string().check(z.maxLength(200)),
  /** null = start over */
  cursor: z.nullable(cursorSchema),
  /** the last n this desk ever counted, with its id; 0 and null before the first */
  lastN: z.int().check(z.nonnegative()),
  lastId: z.nullable(idSchema),
  /** base64 Ed25519 by the device's key over the canonical JSON of all other members: a token alone opens nothing */
  sig: z.string().check(z.maxLength(120)),
});
const pageDoneSchema = z.object({ t: z.literal('pageDone'), upTo: cursorSchema });
const backfillSchema = z.object({
  t: z.literal('backfill'),
  id: z.int(),
  scope: scopeSchema,
  upTo: z.int().check(z.nonnegative()),
  after: z.int().check(z.nonnegative()),
});
const commandSchema = z.object({ t: z.literal('command'), command: envelopeSchema });
const askSchema = z.object({
  t: z.literal('ask'),
  id: idSchema,
  name: z.string().check(z.maxLength(60)),
  args: z.record(z.string(), z.unknown()),
});
const markSchema = z.object({
  t: z.literal('mark'),
  conversationId: idSchema,
  deliveredUpTo: z.int().check(z.nonnegative()),
  readUpTo: z.int().check(z.nonnegative()),
});
const beatSchema = z.object({
  t: z.literal('beat'),
  state: z.enum(['available', 'away']),
  /** conversations with an unsent draft on this desk */
  drafts: z.array(idSchema).check(z.maxLength(50)),
});
const typingUpSchema = z.object({ t: z.literal('typing'), conversationId: idSchema, isTyping: z.boolean() });
const authSchema = z.object({ t: z.literal('auth'), token: z.string().check(z.maxLength(200)) });

/** Desk to hub. */
export const upSchema = z.discriminatedUnion('t', [
  helloSchema,
  pageDoneSchema,
  backfillSchema,
  commandSchema,
  askSchema,
  markSchema,
  beatSchema,
  typingUpSchema,
  authSchema,
]);
export type Up = z.infer<typeof upSchema>;

const welcomeSchema = z.object({
  t: z.literal('welcome'),
  v: z.int(),
  hubId: idSchema,
  orgName: z.string(),
  hubAt: z.int(),
  /** the last n of this device the hub has an outcome for: everything later is offered again */
  lastN: z.int().check(z.nonnegative()),
  /** how long this desk may work without the hub from now on (ms) */
  offlineForMs: z.int(),
});
const resyncSchema = z.object({
  t: z.literal('resync'),
  why: z.enum(['unknown-cursor', 'too-old', 'other-hub']),
  lastN: z.int().check(z.nonnegative()),
});
const pageSchema = z.object({
  t: z.literal('page'),
  from: cursorSchema,
  rows: z.array(wireRowSchema).check(z.maxLength(firstPageRows)),
  outcomes: z.array(outcomeSchema),
  upTo: cursorSchema,
  /** the newest seq when the page was read: how far there is to go */
  head: z.int(),
  /** the page ends inside one commit; the screen is told after its last part */
  more: z.boolean(),
  hubAt: z.int(),
});
const backfilledSchema = z.object({
  t: z.literal('backfilled'),
  id: z.int(),
  scope: scopeSchema,
  upTo: z.int(),
  rows: z.array(wireRowSchema).check(z.maxLength(pageRows)),
  /** ask again with after = next; null = that was all; isHeld false = the device does not hold the scope (any more) */
  next: z.nullable(z.int()),
  isHeld: z.boolean(),
});
const outcomeDownSchema = z.object({ t: z.literal('outcome'), outcome: outcomeSchema });
const gapSchema = z.object({ t: z.literal('gap'), lastN: z.int().check(z.nonnegative()) });
const retrySchema = z.object({ t: z.literal('retry'), n: z.int(), afterMs: z.int().check(z.nonnegative()) });
const answerSchema = z.discriminatedUnion('ok', [
  z.object({ t: z.literal('answer'), id: idSchema, ok: z.literal(true), value: z.unknown() }),
  z.object({ t: z.literal('answer'), id: idSchema, ok: z.literal(false), error: appErrorSchema }),
]);
const typingDownSchema = z.object({
  t: z.literal('typing'),
  conversationId: idSchema,
  party: z.enum(['customer', 'agent']),
  name: z.string(),
  isTyping: z.boolean(),
});
const refusedSchema = z.object({ t: z.literal('refused'), error: appErrorSchema });
/** the device is not welcome (any more): revoked = wipe; cloned = enrol again; expired = new token or sign-in; disabled; version */
const dismissedSchema = z.object({
  t: z.literal('dismissed'),
  why: z.enum(['revoked', 'cloned', 'expired', 'disabled', 'version', 'unknown']),
});
const byeSchema = z.object({ t: z.literal('bye'), why: z.enum(['draining', 'slow', 'replaced', 'flood']) });

/** Hub to desk. */
export const downSchema = z.union([
  welcomeSchema,
  resyncSchema,
  pageSchema,
  backfilledSchema,
  outcomeDownSchema,
  gapSchema,
  retrySchema,
  answerSchema,
  typingDownSchema,
  refusedSchema,
  dismissedSchema,
  byeSchema,
]);
export type Down = z.infer<typeof downSchema>;
export type Page = z.infer<typeof pageSchema>;
export type Backfilled = z.infer<typeof backfilledSchema>;
export type Welcome = z.infer<typeof welcomeSchema>;
