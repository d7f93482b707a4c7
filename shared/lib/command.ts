import * as z from 'zod/mini';
import type { AppError } from './errors.ts';
import { type Id, idSchema } from './ids.ts';
import type { ScopeText } from './scope.ts';

/**
 * What happens to a command whose ground has moved while it waited:
 * append - it stands beside what came in between; merge - it is applied to the new state, or does nothing when already so;
 * ask - the writer is asked again before it counts; refuse - it is refused with the reason.
 */
export type OnStale = 'append' | 'merge' | 'ask' | 'refuse';

/** The versions a command was decided on, by name; each kind says which names it looks at. */
export const basisSchema = z.record(z.string().check(z.maxLength(40)), z.int());
export type Basis = z.infer<typeof basisSchema>;

/**
 * A command as it leaves a desk. n counts per device without gaps; id is minted at the desk and names what it creates;
 * at is the device's clock, hubAt the desk's estimate of the hub's (null before the first contact);
 * offline = written while the hub was unreachable; after = earlier unsettled commands of this device that share a subject;
 * sig = base64 Ed25519 over the canonical JSON of all other members.
 */
export const envelopeSchema = z.object({
  device: idSchema,
  n: z.int().check(z.positive()),
  id: idSchema,
  kind: z.string().check(z.maxLength(60)),
  args: z.record(z.string(), z.unknown()),
  at: z.int(),
  hubAt: z.nullable(z.int()),
  offline: z.boolean(),
  basis: basisSchema,
  after: z.array(z.int()).check(z.maxLength(500)),
  sig: z.string().check(z.maxLength(120)),
});
export type Envelope = z.infer<typeof envelopeSchema>;

/** Who acts: the facts rules need of a person. */
export interface Actor {
  readonly personId: Id;
  readonly role: string;
  readonly teamIds: readonly Id[];
}

/** A written command as an effect sees it. */
export interface Written<A> {
  readonly id: Id;
  readonly args: A;
  /** when it was written: the desk's estimate of hub time, else device time (epoch ms) */
  readonly at: number;
  readonly basis: Basis;
  readonly offline: boolean;
}

/** Reads one row's body by entity and id, as the person sees it now. */
export type ReadRow = (entity: string, id: string) => unknown;

/** What an effect does to the screen: a row's new body, or its end. */
export interface Patch {
  readonly scope: ScopeText;
  readonly entity: string;
  readonly id: string;
  readonly body: unknown;
}

/** What every kind of command declares; the house check refuses a kind that leaves one out. */
export interface CommandDef<A = unknown> {
  readonly kind: string;
  readonly args: z.ZodMiniType<A>;
  readonly permission: string;
  readonly onStale: OnStale;
  readonly mayFollowRefused: boolean;
  /** refused, and nothing rests on it: the person is told and it is off their hands; there is nothing to send again */
  readonly isOverWhenRefused?: true;
  /** what it touches, as `entity:id`; commands that share one keep their order and hold one another */
  subjects(args: A): string[];
  /** what the desk refuses at once, by the very rule the hub applies; null = go ahead */
  check(command: Written<A>, actor: Actor, read: ReadRow): AppError | null;
  /** what the screen shows until the hub has answered */
  effect(command: Written<A>, actor: Actor, read: ReadRow): Patch[];
}

/** The settled answer to a command. held = an earlier command it rests on was refused. */
export const outcomeStatusSchema = z.enum(['done', 'refused', 'held', 'failed']);
export type OutcomeStatus = z.infer<typeof outcomeStatusSchema>;
