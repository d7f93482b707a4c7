import type { HubContext } from '#server/context.ts';
import { inTransaction } from '#server/db/tx.ts';
import { judgeCursor } from '#server/replica/page.ts';
import { type DevicePerson, deviceOfAccess, isSignedBy, lockDevice, noteLoss, orgs } from '#server/session/handle.ts';
import type { Id } from '#shared/lib/ids.ts';
import type { Down, Up } from '#shared/wire/messages.ts';
import { wireVersion } from '#shared/wire/version.ts';
import { barredBecause, freeze } from './commands.ts';

type Dismissed = Extract<Down, { t: 'dismissed' }>;

/** What a hello comes to: the device is not wanted, it has to start over, or it is welcome until its token ends. */
export type Greeting =
  | { readonly is: 'dismissed'; readonly say: Dismissed }
  | { readonly is: 'resync'; readonly say: Extract<Down, { t: 'resync' }> }
  | {
      readonly is: 'welcome';
      readonly say: Extract<Down, { t: 'welcome' }>;
      readonly org: Id;
      readonly person: DevicePerson;
      readonly until: number;
    };

const dismissed = (why: Dismissed['why']): Greeting => ({ is: 'dismissed', say: { t: 'dismissed', why } });

/** Judges a hello: version, token, signature, the state of device and person, whether the disk is a copy, whether the cursor is known. */
export async function greet(ctx: HubContext, message: Extract<Up, { t: 'hello' }>): Promise<Greeting> {
  if (message.v !== wireVersion) return dismissed('version');
  const now = ctx.clock.now();
  const access = await deviceOfAccess(ctx.db, message.token, now);
  if (access?.device !== message.device) return dismissed('expired');
  const { org } = access;
  const found = await inTransaction(ctx.db, async (tx) => {
    const row = await lockDevice(tx, org, access.device);
    const barred = row === null ? 'unknown' : barredBecause(row);
    if (row !== null && barred === 'revoked') await noteLoss(tx, ctx, org, row, message);
    if (row === null || barred) return { barred: barred ?? ('unknown' as const) };
    // A token that somebody else got hold of opens nothing without the device's key.
    const { sig, ...content } = message;
    if (!isSignedBy(row.public_key, content, sig)) return { barred: 'expired' as const };
    const isBehind = message.lastN < row.last_n || (message.lastN === row.last_n && message.lastId !== row.last_id);
    if (!isBehind) return { row };
    await freeze(tx, ctx, org, row);
    return { barred: 'cloned' as const };
  });
  if (found.barred) return dismissed(found.barred);
  const lastN = found.row.last_n;
  const why = message.cursor === null ? null : await judgeCursor(ctx.db, org, message.cursor);
  if (why) return { is: 'resync', say: { t: 'resync', why, lastN } };
  const home = (await orgs(ctx.db)).find((o) => o.id === org);
  return {
    is: 'welcome',
    say: {
      t: 'welcome',
      v: wireVersion,
      hubId: org,
      orgName: home?.name ?? '',
      hubAt: now,
      lastN,
      offlineForMs: ctx.settings.offlineForMs,
    },
    org,
    person: found.row,
    until: access.until,
  };
}
