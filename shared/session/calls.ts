import * as z from 'zod/mini';
import { idSchema } from '../lib/ids.ts';
import type { CallDef } from '../lib/query.ts';
import { emailSchema, nameSchema, passwordSchema, staffRoleSchema } from './model.ts';

const none = z.object({});
type None = z.infer<typeof none>;

function onCore<A, R>(
  name: string,
  args: z.ZodMiniType<A>,
  result: z.ZodMiniType<R>,
  permission: string | null,
): CallDef<A, R> {
  return { name, where: 'core', permission, args, result };
}

function onHub<A, R>(
  name: string,
  args: z.ZodMiniType<A>,
  result: z.ZodMiniType<R>,
  permission: string,
): CallDef<A, R> {
  return { name, where: 'hub', permission, args, result };
}

const anyPassword = z.string().check(z.minLength(1), z.maxLength(200));
const address = z.string().check(z.trim(), z.minLength(1), z.maxLength(300));

/** `session.enrol`: makes this computer known to a hub by its address and a one-time code. */
export const enrol = onCore(
  'session.enrol',
  z.object({ address, code: z.string().check(z.trim(), z.minLength(4), z.maxLength(40)) }),
  z.object({ stationId: z.string(), orgName: z.string() }),
  null,
);

/**
 * What to do with data of this person that is on the computer under an earlier password (`session/local-password` asks for it):
 * open it with that password, after which the new one opens it; or forget it, with whatever never reached the hub.
 */
const here = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('earlier'), password: anyPassword }),
  z.object({ kind: z.literal('forget') }),
]);

/** `session.signIn`: opens a profile for a person at an enrolled hub; needs the hub. */
export const signIn = onCore(
  'session.signIn',
  z.object({ stationId: z.string(), email: emailSchema, password: anyPassword, here: z.optional(here) }),
  none,
  null,
);

/** `session.unlock`: opens a profile that is on this computer by its password; works offline inside the allowed time. */
export const unlock = onCore(
  'session.unlock',
  z.object({ profileId: z.string(), password: z.string().check(z.maxLength(200)) }),
  none,
  null,
);

/** `session.lock`: closes the profile and forgets its keys; everything stays on the disk, encrypted. */
export const lock = onCore('session.lock', none, none, 'session.own');

/** `session.signOut`: wipes the profile from this computer. With unsent work it is refused unless the loss is confirmed. */
export const signOut = onCore('session.signOut', z.object({ isLossConfirmed: z.boolean() }), none, 'session.own');

/** `session.changePassword`: at the hub and for this computer's profile. */
export const changePassword = onCore(
  'session.changePassword',
  z.object({ current: anyPassword, next: passwordSchema }),
  none,
  'session.own',
);

/** `session.present`: whether new work may come (available) or not (away). */
export const present = onCore(
  'session.present',
  z.object({ state: z.enum(['available', 'away']) }),
  none,
  'session.own',
);

/** `session.sendAgain`: refused, held or failed items go out as new commands, in their order, on what the person sees now. */
export const sendAgain = onCore(
  'session.sendAgain',
  z.object({ ns: z.array(z.int()).check(z.minLength(1), z.maxLength(200)) }),
  none,
  'session.own',
);

/** `session.giveUp`: discards items with a reason; what was never sent leaves no trace at the hub but that reason. */
export const giveUp = onCore(
  'session.giveUp',
  z.object({
    ns: z.array(z.int()).check(z.minLength(1), z.maxLength(200)),
    reason: z.string().check(z.trim(), z.minLength(1), z.maxLength(300)),
  }),
  none,
  'session.own',
);

/** `session.reconnect`: tries the hub now instead of at the next turn. */
export const reconnect = onCore('session.reconnect', none, none, 'session.own');

const oneTimeSecret = z.object({ password: z.string() });
const byPerson = z.object({ personId: idSchema });

/** `session.addPerson`: a new account; answers with a one-time password, shown once. */
export const addPerson = onHub(
  'session.addPerson',
  z.object({
    personId: idSchema,
    name: nameSchema,
    email: emailSchema,
    role: staffRoleSchema,
    teamIds: z.array(idSchema).check(z.maxLength(50)),
  }),
  oneTimeSecret,
  'people.manage',
);

/** `session.changePerson`: name, role and teams; what the person may no longer see leaves their desks. */
export const changePerson = onHub(
  'session.changePerson',
  z.object({
    personId: idSchema,
    name: nameSchema,
    role: staffRoleSchema,
    teamIds: z.array(idSchema).check(z.maxLength(50)),
  }),
  none,
  'people.manage',
);

/** `session.disablePerson`: no more sign-in, every device of theirs loses everything at its next contact; or enables again. */
export const disablePerson = onHub(
  'session.disablePerson',
  z.object({ personId: idSchema, isDisabled: z.boolean() }),
  none,
  'people.manage',
);

/** `session.resetPassword`: a new one-time password, shown once; every session of the person ends. */
export const resetPassword = onHub('session.resetPassword', byPerson, oneTimeSecret, 'people.manage');

/** `session.addTeam` */
export const addTeam = onHub(
  'session.addTeam',
  z.object({ teamId: idSchema, name: nameSchema, region: z.string().check(z.maxLength(60)) }),
  none,
  'people.manage',
);

/** `session.renameTeam` */
export const renameTeam = onHub(
  'session.renameTeam',
  z.object({ teamId: idSchema, name: nameSchema, region: z.string().check(z.maxLength(60)) }),
  none,
  'people.manage',
);

/** `session.revokeDevice`: the device is wiped at its next contact. */
export const revokeDevice = onHub('session.revokeDevice', z.object({ deviceId: idSchema }), none, 'people.manage');

/** `session.issueCode`: a one-time enrolment code for a computer. */
export const issueCode = onHub(
  'session.issueCode',
  z.object({ codeId: idSchema }),
  z.object({ code: z.string(), until: z.int() }),
  'people.manage',
);

export type { None };
