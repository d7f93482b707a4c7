import * as z from 'zod/mini';
import { idSchema } from '../lib/ids.ts';
import { emailSchema, passwordSchema } from '../session/model.ts';

const token = z.string().check(z.minLength(20), z.maxLength(200));
const publicKey = z.string().check(z.maxLength(120));
const label = z.string().check(z.maxLength(120));

/** POST /v1/enrol: a one-time code for a station token. */
export const enrolRequest = z.object({ code: z.string().check(z.trim(), z.maxLength(40)), label });
export const enrolAnswer = z.object({ stationToken: token, hubId: idSchema, orgName: z.string() });

/** POST /v1/sign-in: a new device for this person on an enrolled computer. publicKey: base64 SPKI DER of an Ed25519 key. */
export const signInRequest = z.object({
  stationToken: token,
  email: emailSchema,
  password: z.string().check(z.minLength(1), z.maxLength(200)),
  deviceId: idSchema,
  publicKey,
  label,
});
export const sessionTokens = z.object({ access: token, accessUntil: z.int(), refresh: token });
export const signInAnswer = z.object({
  tokens: sessionTokens,
  deviceId: idSchema,
  personId: idSchema,
  personName: z.string(),
  hubId: idSchema,
  orgName: z.string(),
  offlineForMs: z.int(),
  hubAt: z.int(),
  mustChangePassword: z.boolean(),
});
export type SignInAnswer = z.infer<typeof signInAnswer>;

/** POST /v1/refresh: sig = base64 Ed25519 of canonical JSON of the other members by the device's key. */
export const refreshRequest = z.object({
  deviceId: idSchema,
  refresh: token,
  at: z.int(),
  sig: z.string().check(z.maxLength(120)),
});
export const refreshAnswer = z.object({ tokens: sessionTokens, hubAt: z.int() });

/** POST /v1/password, with `authorization: Bearer ACCESS`: the person's own password. */
export const passwordRequest = z.object({
  current: z.string().check(z.minLength(1), z.maxLength(200)),
  next: passwordSchema,
});

/** POST /v1/demo: only on a hub started with --demo; enrols and signs the demo agent in without code or password. */
export const demoRequest = z.object({ deviceId: idSchema, publicKey, label, email: z.optional(emailSchema) });
