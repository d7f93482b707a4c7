import * as z from 'zod/mini';
import type { QueryDef } from '../lib/query.ts';
import {
  accountSchema,
  deviceSchema,
  meSchema,
  outboxItemSchema,
  personSchema,
  presenceSchema,
  profileSchema,
  statusSchema,
  teamSchema,
} from './model.ts';

const none = z.object({});
type None = z.infer<typeof none>;

const stageSchema = z.discriminatedUnion('stage', [
  /** no profile is open: enrol, sign in or unlock */
  z.object({
    stage: z.literal('closed'),
    profiles: z.array(profileSchema),
    stations: z.array(z.object({ id: z.string(), hubAddress: z.string(), orgName: z.string() })),
  }),
  z.object({ stage: z.literal('open'), me: meSchema }),
]);
export type Stage = z.infer<typeof stageSchema>;

/** `session.stage`: whether somebody is signed in on this desk, and who could be. */
export const stage: QueryDef<None, Stage> = {
  name: 'session.stage',
  args: none,
  result: stageSchema,
  rests: () => [{ entity: 'local.profile' }, { entity: 'person' }, { entity: 'team' }],
};

/** `session.status`: the facts behind the status pill. */
export const status: QueryDef<None, z.infer<typeof statusSchema>> = {
  name: 'session.status',
  args: none,
  result: statusSchema,
  rests: () => [{ entity: 'local.status' }, { entity: 'local.outbox' }],
};

const outboxResult = z.object({ items: z.array(outboxItemSchema) });

/** `session.outbox`: everything this desk did that is not settled, oldest first, refused groups together. */
export const outbox: QueryDef<None, z.infer<typeof outboxResult>> = {
  name: 'session.outbox',
  args: none,
  result: outboxResult,
  // heads: the customers' names go with the conversations
  rests: () => [{ entity: 'local.outbox' }, { entity: 'head' }],
};

const peopleResult = z.object({
  people: z.array(
    z.object({
      person: personSchema,
      account: z.nullable(accountSchema),
      presence: z.nullable(presenceSchema.shape.state),
    }),
  ),
  teams: z.array(teamSchema),
});

/** `session.people`: who works here; accounts only for those who may manage people. */
export const people: QueryDef<None, z.infer<typeof peopleResult>> = {
  name: 'session.people',
  args: none,
  result: peopleResult,
  rests: () => [{ entity: 'person' }, { entity: 'account' }, { entity: 'team' }, { entity: 'presence' }],
};

const devicesResult = z.object({ devices: z.array(z.object({ device: deviceSchema, personName: z.string() })) });

/** `session.devices`: every enrolled profile, for those who may manage people. */
export const devices: QueryDef<None, z.infer<typeof devicesResult>> = {
  name: 'session.devices',
  args: none,
  result: devicesResult,
  rests: () => [{ entity: 'device' }, { entity: 'person' }],
};
