import * as z from 'zod/mini';
import { noticeSchema, runtimeKindSchema } from './main.ts';

/**
 * Main process (the host) and core over `process.parentPort`. The core is plain Node and never imports electron,
 * so whatever only Electron can do for it is asked for here. Customer data never passes here.
 */

/** Names a profile on this computer; part of a file name, hence the narrow alphabet. */
export const profileIdSchema = z.string().check(z.regex(/^[a-z0-9][a-z0-9-]{0,63}$/));

const askId = z.int().check(z.gte(0));

/**
 * The random secret that a keychain guards for a profile.
 * `kept`: 32 bytes in base64. `none`: no keychain here and none was ever used: a password alone guards the profile.
 * `unreadable`: one was made earlier but the keychain does not give it back now (another user, a locked keychain).
 */
export const secretAnswerSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('kept'), secret: z.string().check(z.maxLength(64)) }),
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('unreadable') }),
]);
export type SecretAnswer = z.infer<typeof secretAnswerSchema>;

/** The first message to a fresh core. `dir` is its own folder under the user's data, created by the host. */
export const coreInitSchema = z.object({
  t: z.literal('init'),
  dir: z.string().check(z.minLength(1), z.maxLength(4096)),
  appVersion: z.string().check(z.maxLength(40)),
  runtimeKind: runtimeKindSchema,
  /** Address of a hub started with --demo, or null: then the core opens no demo profile. */
  demoHub: z.nullable(z.string().check(z.maxLength(500))),
  platform: z.string().check(z.maxLength(40)),
});
export type CoreInit = z.infer<typeof coreInitSchema>;

/** Host to core. `connect` carries exactly one port, for one page; a page that reloads gets another. */
export const toCoreSchema = z.discriminatedUnion('t', [
  coreInitSchema,
  z.object({ t: z.literal('connect') }),
  z.object({ t: z.literal('secret'), id: askId, answer: secretAnswerSchema }),
  /** The computer is about to sleep, woke up, or its screen was locked. */
  z.object({ t: z.literal('power'), state: z.enum(['suspend', 'resume', 'locked']) }),
  /** Finish writing, close the files, answer `closed`; after the host's time limit the process is killed. */
  z.object({ t: z.literal('close') }),
]);
export type ToCore = z.infer<typeof toCoreSchema>;

/** Core to host. */
export const fromCoreSchema = z.discriminatedUnion('t', [
  /** `init` was done; ports are served from here on. */
  z.object({ t: z.literal('ready') }),
  /** Asks for the profile's secret, making it where a keychain is there and `isNew` is true. */
  z.object({ t: z.literal('secretWanted'), id: askId, profile: profileIdSchema, isNew: z.boolean() }),
  /** The profile was wiped: destroy its secret. */
  z.object({ t: z.literal('secretForgotten'), profile: profileIdSchema }),
  z.object({ t: z.literal('notify'), notice: noticeSchema }),
  z.object({ t: z.literal('badge'), count: z.int().check(z.gte(0), z.lte(9999)) }),
  /** One line for the log file: ids, codes and counts, never personal data. */
  z.object({
    t: z.literal('log'),
    level: z.enum(['debug', 'info', 'warn', 'error']),
    text: z.string().check(z.maxLength(2000)),
    facts: z.optional(z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))),
  }),
  z.object({ t: z.literal('closed') }),
]);
export type FromCore = z.infer<typeof fromCoreSchema>;
