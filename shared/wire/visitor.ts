import * as z from 'zod/mini';
import { appErrorSchema } from '#shared/lib/errors.ts';
import { idSchema } from '#shared/lib/ids.ts';

/**
 * What the chat widget and the hub say to each other: socket.io namespace `/visitor`, one event `m` each way, each
 * carrying one of these objects. The visitor speaks first (`hello`) and once per connection; everything else follows
 * the hub's `welcome`.
 */
export const VISITOR_WIRE_VERSION = 1;

/** One line per version: what changed and why. The newest is last. */
export const VISITOR_WIRE_HISTORY = [
  '1: hello, message, mark, typing, reset; welcome, rows, accepted, refused, typing, opening, bye',
] as const;

export const VISITOR_NAMESPACE = '/visitor';
/** The longest text a customer may send, in UTF-16 code units (what a text field counts). */
export const VISITOR_TEXT_MAX = 4_000;

const at = z.int().check(z.nonnegative());
const order = z.int().check(z.nonnegative());
const text = z.string().check(z.minLength(1), z.maxLength(VISITOR_TEXT_MAX));
const name = z.string().check(z.maxLength(120));
/** 256 random bits, base64url. */
const token = z.string().check(z.regex(/^[A-Za-z0-9_-]{43}$/));
/** Where a visitor stopped reading; only the hub knows what is in it. */
const cursor = z.string().check(z.minLength(1), z.maxLength(160));
/** A site's public name in the widget's address. */
export const siteKeySchema = z.string().check(z.regex(/^[a-z0-9][a-z0-9-]{0,62}$/));

/** The part of a hello every version has had, so that an unknown version is told so instead of "malformed". */
export const visitorGreetingSchema = z.object({ t: z.literal('hello'), version: z.int() });

export const visitorUpSchema = z.discriminatedUnion('t', [
  z.object({
    t: z.literal('hello'),
    version: z.int(),
    site: siteKeySchema,
    token: z.nullable(token),
    /** Who the site says this is: a short-lived JWT made by the site's server. Without it a visitor is anonymous. */
    identity: z.nullable(z.string().check(z.minLength(1), z.maxLength(4_096))),
    /** BCP 47 tag of the page. */
    language: z.string().check(z.regex(/^[A-Za-z0-9-]{2,35}$/)),
    /** The cursor of the last `rows` this page kept, or null when it holds none. */
    cursor: z.nullable(cursor),
  }),
  /** Sent again with the same id until it is accepted or refused for good. `at` is the visitor's own clock. */
  z.object({ t: z.literal('message'), id: idSchema, text, at }),
  /** Up to which order of a conversation messages have reached the page, and been on screen. Never goes back. */
  z.object({ t: z.literal('mark'), conversation: idSchema, deliveredUpTo: order, readUpTo: order }),
  z.object({ t: z.literal('typing'), isTyping: z.boolean() }),
  /** Log-out: the hub forgets the token and says `bye`. */
  z.object({ t: z.literal('reset') }),
]);
export type VisitorUp = z.infer<typeof visitorUpSchema>;
export type VisitorHello = Extract<VisitorUp, { t: 'hello' }>;

export const visitorRowSchema = z.discriminatedUnion('k', [
  z.object({
    k: z.literal('message'),
    conversation: idSchema,
    id: idSchema,
    /** Place in its conversation; gaps are normal (what only the team sees is counted too). */
    order,
    from: z.enum(['customer', 'agent', 'bot', 'system']),
    /** Who wrote it, as the customer may know them; null for the customer's own. */
    name: z.nullable(name),
    text: z.string().check(z.maxLength(20_000)),
    at,
  }),
  z.object({
    k: z.literal('receipt'),
    conversation: idSchema,
    side: z.enum(['customer', 'agent']),
    deliveredUpTo: order,
    readUpTo: order,
  }),
  z.object({ k: z.literal('gone'), conversation: idSchema, id: idSchema }),
]);
export type VisitorRow = z.infer<typeof visitorRowSchema>;

export const openingSchema = z.object({
  isOpen: z.boolean(),
  /** The site's own words for now (away text, greeting), or null for the widget's. */
  text: z.nullable(z.string().check(z.maxLength(500))),
  /** When it opens next (epoch ms); null when open, or never within two weeks. */
  opensAt: z.nullable(at),
  /** The hours' time zone, so that "opens at 9" can be told in the shop's time. */
  timeZone: z.string().check(z.maxLength(64)),
});
export type Opening = z.infer<typeof openingSchema>;

export const visitorDownSchema = z.discriminatedUnion('t', [
  z.object({
    t: z.literal('welcome'),
    version: z.int(),
    /** A new token, which replaces the old one from now on; absent when the old one stays. */
    token: z.optional(token),
    siteName: name,
    /** The visitor's name when the site's server vouched for it. */
    visitorName: z.nullable(name),
    opening: openingSchema,
    /** The conversation the next message most likely joins. */
    conversation: z.nullable(idSchema),
    hubAt: at,
  }),
  z.object({
    t: z.literal('rows'),
    /** `all`: forget what you hold, this is everything; `lost`: the same, and offer again what I had accepted. */
    restart: z.nullable(z.enum(['all', 'lost'])),
    rows: z.array(visitorRowSchema).check(z.maxLength(1_000)),
    cursor,
  }),
  z.object({ t: z.literal('accepted'), id: idSchema, conversation: idSchema, order, at }),
  /** `id` names the message refused, or null when it was something else. With `retry: 'later'` it may be sent again. */
  z.object({ t: z.literal('refused'), id: z.nullable(idSchema), error: appErrorSchema, retryInMs: z.nullable(at) }),
  z.object({ t: z.literal('typing'), name: z.nullable(name), isTyping: z.boolean() }),
  z.object({ t: z.literal('opening'), opening: openingSchema }),
  /** The last thing said before the hub closes; with `retry: 'never'` coming back unchanged is pointless. */
  z.object({ t: z.literal('bye'), error: appErrorSchema, retryInMs: z.nullable(at) }),
]);
export type VisitorDown = z.infer<typeof visitorDownSchema>;
