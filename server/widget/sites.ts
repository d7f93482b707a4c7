import * as z from 'zod/mini';
import type { HubContext } from '#server/context.ts';
import { inTransaction, type WriteTx } from '#server/db/tx.ts';
import { badInput } from '#shared/lib/errors.ts';
import { type Id, type IdMint, idSchema, type RandomBytes } from '#shared/lib/ids.ts';
import { fail, ok, type Result } from '#shared/lib/result.ts';
import { siteKeySchema } from '#shared/wire/visitor.ts';
import { openingHoursSchema } from './opening.ts';
import type { Site } from './ports.ts';
import { putSite, secretOfSite, siteByKey } from './store.ts';

/** An origin as browsers name it (scheme, host, port if not the usual one), or `self` for the hub's own. */
const originSchema = z.string().check(
  z.maxLength(200),
  z.refine((text) => text === 'self' || isOrigin(text), 'not an origin'),
);

function isOrigin(text: string): boolean {
  try {
    return /^https?:$/.test(new URL(text).protocol) && new URL(text).origin === text;
  } catch {
    return false;
  }
}

/** What an administrator says of a site. */
export const newSiteSchema = z.object({
  key: siteKeySchema,
  name: z.string().check(z.minLength(1), z.maxLength(120)),
  teamId: idSchema,
  allowedOrigins: z.array(originSchema).check(z.maxLength(50)),
  hours: z.nullable(openingHoursSchema),
  awayText: z.record(z.string().check(z.regex(/^[a-z]{2}$/)), z.string().check(z.minLength(1), z.maxLength(500))),
});
export type NewSite = z.infer<typeof newSiteSchema>;

/**
 * Adds a web site that may embed the widget; answers it and the secret its server signs identities with (shown once).
 * Errors: `widget/bad-site`.
 */
export async function addSite(
  tx: WriteTx,
  org: Id,
  wanted: unknown,
  by: { mint: IdMint; random: RandomBytes; now: number },
): Promise<Result<{ site: Site; secret: string }>> {
  const parsed = newSiteSchema.safeParse(wanted);
  if (!parsed.success) return fail(badInput('widget/bad-site', parsed.error, 'hub'));
  const secret = new Uint8Array(32);
  by.random(secret);
  const site: Site = { org, id: by.mint.next(), ...parsed.data };
  await putSite(tx, site, secret, by.now);
  return ok({ site, secret: Buffer.from(secret).toString('base64url') });
}

const DEMO_KEY = 'harbour-pine';

/** The demo shop's site: made at the first start of a demo hub, the same at every other. */
export async function demoSite(ctx: HubContext, org: Id, teamId: Id): Promise<{ key: string; secret: Uint8Array }> {
  const known = await siteByKey(ctx.db, DEMO_KEY);
  if (known) return { key: DEMO_KEY, secret: await secretOfSite(ctx.db, org, known.id) };
  const wanted = { key: DEMO_KEY, name: 'Harbour & Pine', teamId, allowedOrigins: ['self'], hours: null, awayText: {} };
  const { mint, random, clock } = ctx;
  const added = await inTransaction(ctx.db, (tx) => addSite(tx, org, wanted, { mint, random, now: clock.now() }));
  if (!added.ok) throw new Error(added.error.code);
  return { key: DEMO_KEY, secret: Buffer.from(added.value.secret, 'base64url') };
}
