import * as z from 'zod/mini';
import { basisSchema } from '../lib/command.ts';
import { appErrorSchema } from '../lib/errors.ts';
import { idSchema } from '../lib/ids.ts';

/**
 * Renderer to core, over one MessagePort. Every request carries an id and gets exactly one answer.
 * Names and arguments are checked again in the core against the registry; results are parsed in the bridge.
 */
export const toCoreSchema = z.discriminatedUnion('op', [
  z.object({ op: z.literal('query'), id: z.int(), name: z.string().check(z.maxLength(60)), args: z.unknown() }),
  z.object({
    op: z.literal('command'),
    id: z.int(),
    kind: z.string().check(z.maxLength(60)),
    args: z.unknown(),
    basis: basisSchema,
    /** minted by the page: one that is in the outbox already is answered with its n, so a page may ask again after the core died */
    commandId: z.optional(idSchema),
  }),
  z.object({ op: z.literal('call'), id: z.int(), name: z.string().check(z.maxLength(60)), args: z.unknown() }),
]);
export type ToCore = z.infer<typeof toCoreSchema>;

/** The answer to a command says only that it is safely on disk here, under which n and id. */
export const acceptedSchema = z.object({ n: z.int(), id: z.string() });

export const changeSchema = z.object({ entity: z.string(), scope: z.optional(z.string()), id: z.optional(z.string()) });

/** Core to renderer. */
export const fromCoreSchema = z.union([
  z.object({ op: z.literal('answer'), id: z.int(), ok: z.literal(true), value: z.unknown() }),
  z.object({ op: z.literal('answer'), id: z.int(), ok: z.literal(false), error: appErrorSchema }),
  z.object({ op: z.literal('changed'), changes: z.array(changeSchema) }),
  z.object({
    op: z.literal('signal'),
    signal: z.object({
      kind: z.literal('typing'),
      conversationId: z.string(),
      party: z.enum(['customer', 'agent']),
      name: z.string(),
      isTyping: z.boolean(),
    }),
  }),
  /** something the person must be told though no screen of theirs asks for it: a refusal, a lost right */
  z.object({
    op: z.literal('notice'),
    notice: z.object({ error: appErrorSchema, conversationId: z.nullable(z.string()), kind: z.nullable(z.string()) }),
  }),
]);
export type FromCore = z.infer<typeof fromCoreSchema>;
