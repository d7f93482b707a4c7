import { errors, jwtVerify, SignJWT } from 'jose';
import * as z from 'zod/mini';
import { type AppError, hubError } from '#shared/lib/errors.ts';
import { fail, ok, type Result } from '#shared/lib/result.ts';
import type { Identity } from './ports.ts';

export const IDENTITY_AUDIENCE = 'fairlead-widget';
/** The longest life a site may give an identity; a longer one is refused, so that a leaked one soon is worthless. */
export const IDENTITY_MAX_LIFE_S = 3_600;
/** How far the site's clock may be off. */
const CLOCK_TOLERANCE_S = 30;

const claimsSchema = z.object({
  sub: z.string().check(z.minLength(1), z.maxLength(120)),
  iat: z.number(),
  exp: z.number(),
  name: z.optional(z.string().check(z.maxLength(120))),
  email: z.optional(z.string().check(z.maxLength(254))),
});

/**
 * Checks what a site's server says of a visitor: HS256 with the site's secret, `aud` fairlead-widget, `iss` the site's
 * key, `sub` the customer's reference at the site, `iat`, and `exp` at most an hour after it.
 * Errors: `visitor/identity-expired` (a fresh one helps), `visitor/identity-invalid`.
 */
export async function verifyIdentity(
  jwt: string,
  siteKey: string,
  secret: Uint8Array,
  now: number,
): Promise<Result<Identity, AppError>> {
  try {
    const { payload } = await jwtVerify(jwt, secret, {
      algorithms: ['HS256'],
      audience: IDENTITY_AUDIENCE,
      issuer: siteKey,
      clockTolerance: CLOCK_TOLERANCE_S,
      currentDate: new Date(now),
    });
    const claims = claimsSchema.safeParse(payload);
    if (!claims.success) return fail(hubError('visitor/identity-invalid'));
    const { sub, iat, exp, name, email } = claims.data;
    const isFromFuture = iat * 1_000 > now + CLOCK_TOLERANCE_S * 1_000;
    if (exp - iat > IDENTITY_MAX_LIFE_S || isFromFuture) return fail(hubError('visitor/identity-invalid'));
    return ok({ subject: sub, name: name?.trim() || null, email: email ?? null, expiresAt: exp * 1_000 });
  } catch (error) {
    if (error instanceof errors.JWTExpired) return fail(hubError('visitor/identity-expired', { retry: 'later' }));
    if (error instanceof errors.JOSEError) return fail(hubError('visitor/identity-invalid'));
    throw error;
  }
}

/** Makes an identity as a site's server would; the demo shop and the tests are such servers. `life` in seconds. */
export function signIdentity(
  identity: { subject: string; name: string | null; email: string | null },
  siteKey: string,
  secret: Uint8Array,
  now: number,
  life = 300,
): Promise<string> {
  const issuedAt = Math.floor(now / 1_000);
  return new SignJWT({
    ...(identity.name === null ? {} : { name: identity.name }),
    ...(identity.email === null ? {} : { email: identity.email }),
  })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(identity.subject)
    .setIssuer(siteKey)
    .setAudience(IDENTITY_AUDIENCE)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + life)
    .sign(secret);
}
