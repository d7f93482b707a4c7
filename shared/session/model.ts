import * as z from 'zod/mini';
import { appErrorSchema } from '../lib/errors.ts';
import { idSchema } from '../lib/ids.ts';
import { scopeSchema } from '../lib/scope.ts';

/** What a person is at work here. One role each; the rights of each role stand in `rules.ts`. */
export const roleSchema = z.enum(['customer', 'agent', 'supervisor', 'super-user', 'operations', 'admin']);
export type Role = z.infer<typeof roleSchema>;

/** The roles a person at a desk can have. */
export const staffRoleSchema = z.enum(['agent', 'supervisor', 'super-user', 'operations', 'admin']);

export const nameSchema = z.string().check(z.trim(), z.minLength(1), z.maxLength(120));
export const emailSchema = z
  .string()
  .check(z.trim(), z.toLowerCase(), z.maxLength(254), z.regex(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, 'not an e-mail address'));
export const passwordSchema = z.string().check(z.minLength(10), z.maxLength(200));

/** Entity `person`, scope `org`: who works here, as colleagues see them. */
export const personSchema = z.object({
  id: idSchema,
  name: nameSchema,
  role: staffRoleSchema,
  teamIds: z.array(idSchema),
  isDisabled: z.boolean(),
});
export type Person = z.infer<typeof personSchema>;

/** Entity `team`, scope `org`. Region as ISO 3166 country or a name of the house's own. */
export const teamSchema = z.object({ id: idSchema, name: nameSchema, region: z.string().check(z.maxLength(60)) });
export type Team = z.infer<typeof teamSchema>;

/** Entity `account`, scope `admin`: what only administrators see of a person. */
export const accountSchema = z.object({
  id: idSchema,
  email: emailSchema,
  isDisabled: z.boolean(),
  mustChangePassword: z.boolean(),
  createdAt: z.int(),
  lastSignInAt: z.nullable(z.int()),
});
export type Account = z.infer<typeof accountSchema>;

/** Entity `device`, scope `admin`: one profile on one computer. */
export const deviceSchema = z.object({
  id: idSchema,
  personId: idSchema,
  label: z.string().check(z.maxLength(120)),
  state: z.enum(['active', 'frozen', 'revoked']),
  enrolledAt: z.int(),
  lastSeenAt: z.nullable(z.int()),
  /** how many commands it had not sent when it was revoked and wiped */
  lost: z.optional(z.int()),
});
export type Device = z.infer<typeof deviceSchema>;

/**
 * Entity `holding`, scope `device:D`: one scope this device holds, and why. id = `${scope}|${cause}`. `since` names the time without
 * a break in which the scope has been held, for whatever cause: the same in all its rows, another after every break.
 */
export const holdingSchema = z.object({
  scope: scopeSchema,
  cause: z.string().check(z.maxLength(90)),
  since: z.optional(z.string().check(z.maxLength(40))),
});
export type Holding = z.infer<typeof holdingSchema>;

/** Entity `presence`, scope `team:T` (id = `${T}|${person}`): whether new work may go to a person. Changes only. */
export const presenceSchema = z.object({
  personId: idSchema,
  teamId: idSchema,
  state: z.enum(['available', 'away', 'gone']),
  since: z.int(),
});
export type Presence = z.infer<typeof presenceSchema>;

/** Where a command of this desk stands. */
export const outboxStateSchema = z.enum(['waiting', 'sent', 'done', 'refused', 'held', 'failed', 'discarded']);
export type OutboxState = z.infer<typeof outboxStateSchema>;

/** One command of this desk, as the outbox screen shows it. */
export const outboxItemSchema = z.object({
  n: z.int(),
  id: idSchema,
  kind: z.string(),
  state: outboxStateSchema,
  at: z.int(),
  sentAt: z.nullable(z.int()),
  error: z.nullable(appErrorSchema),
  conversationId: z.nullable(idSchema),
  customerName: z.nullable(z.string()),
  text: z.nullable(z.string()),
  /** items with one group stand or fall together: the n of the first refused one */
  group: z.nullable(z.int()),
  isDiscardable: z.boolean(),
});
export type OutboxItem = z.infer<typeof outboxItemSchema>;

/** How the desk stands to the hub; the words on the status pill come from these facts and nothing else. */
export const linkSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('never') }),
  z.object({ state: z.literal('connecting'), since: z.int() }),
  z.object({ state: z.literal('catching-up'), since: z.int(), behind: z.int() }),
  z.object({ state: z.literal('live'), since: z.int() }),
  z.object({
    state: z.literal('unreachable'),
    since: z.int(),
    why: z.enum(['no-network', 'no-answer', 'refused', 'silent']),
  }),
  z.object({
    state: z.literal('sign-in-needed'),
    why: z.enum(['expired', 'revoked', 'cloned', 'disabled', 'version']),
  }),
]);
export type Link = z.infer<typeof linkSchema>;

export const statusSchema = z.object({
  link: linkSchema,
  /** when the newest data here was true at the hub (hub time), null = nothing yet */
  dataAt: z.nullable(z.int()),
  waiting: z.int(),
  attention: z.int(),
  /** hub time minus device time (ms) */
  clockOffset: z.int(),
  hubAddress: z.string(),
  offlineUntil: z.nullable(z.int()),
  isEncrypted: z.boolean(),
});
export type Status = z.infer<typeof statusSchema>;

/** A profile on this computer, as the sign-in screen lists it. */
export const profileSchema = z.object({
  id: z.string(),
  hubAddress: z.string(),
  orgName: z.string(),
  personName: z.string(),
  email: z.string(),
  kind: z.enum(['normal', 'demo']),
  lastUsedAt: z.int(),
});
export type Profile = z.infer<typeof profileSchema>;

/** Who is signed in here, and what the person may do. */
export const meSchema = z.object({
  person: personSchema,
  teams: z.array(teamSchema),
  permissions: z.array(z.string()),
  profile: profileSchema,
  deviceId: idSchema,
  presence: z.enum(['available', 'away']),
  /** signed in with a one-time password: nothing else is offered before it is changed */
  mustChangePassword: z.boolean(),
});
export type Me = z.infer<typeof meSchema>;
