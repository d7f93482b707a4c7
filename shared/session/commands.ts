import * as z from 'zod/mini';
import type { CommandDef } from '../lib/command.ts';
import { idSchema } from '../lib/ids.ts';

const reasonSchema = z.string().check(z.trim(), z.minLength(1), z.maxLength(300));
const voidArgs = z.object({ kind: z.string().check(z.maxLength(60)), reason: reasonSchema });
const discardArgs = z.object({
  items: z
    .array(z.object({ n: z.int(), id: idSchema, kind: z.string().check(z.maxLength(60)) }))
    .check(z.minLength(1), z.maxLength(200)),
  reason: reasonSchema,
});

/** `session.void`: stands in for a command that was discarded before it was ever sent, so that the count has no gap. */
export const voided: CommandDef<z.infer<typeof voidArgs>> = {
  kind: 'session.void',
  args: voidArgs,
  permission: 'session.own',
  onStale: 'append',
  mayFollowRefused: true,
  subjects: () => [],
  check: () => null,
  effect: () => [],
};

/** `session.discard`: tells the hub that refused commands were given up, and why. */
export const discard: CommandDef<z.infer<typeof discardArgs>> = {
  kind: 'session.discard',
  args: discardArgs,
  permission: 'session.own',
  onStale: 'append',
  mayFollowRefused: true,
  subjects: () => [],
  check: () => null,
  effect: () => [],
};
