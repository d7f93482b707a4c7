import * as z from 'zod/mini';
import { badInput } from '#shared/lib/errors.ts';
import { type Id, idSchema, type IdMint, type RandomBytes } from '#shared/lib/ids.ts';
import { fail, ok, type Result } from '#shared/lib/result.ts';
import { siteKeySchema } from '#shared/wire/visitor.ts';
import type { WriteTx } from '#server/db/tx.ts';
import { openingHoursSchema } from './opening.ts';
import type { Site } from './ports.ts';
import { putSite } from './store.ts';

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
