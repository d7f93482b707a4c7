import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { FakeClock } from '#shared/lib/time.ts';
import { IDENTITY_AUDIENCE, signIdentity, verifyIdentity } from './identity.ts';
import { Limits } from './limits.ts';
import type { Identity, Visitor } from './ports.ts';
import { decideVisitor, hashToken, mintToken } from './visitors.ts';

const NOW = Date.parse('2026-11-22T10:00:00Z');
const secret = new Uint8Array(32).fill(7);
const identity: Identity = { subject: 'C-1', name: 'Ada', email: null, expiresAt: NOW + 300_000 };
const visitor: Visitor = {
  org: 'org',
  id: '019a9d3c-0000-7000-8000-000000000001',
  siteId: '019a9d3c-0000-7000-8000-000000000002',
  subject: null,
  name: null,
  customerId: null,
  isSignedOut: false,
};

describe('decideVisitor', () => {
  it('lets a token alone open an anonymous visitor, and an identity upgrade it', () => {
    expect(decideVisitor(visitor, null, true).kind).toBe('resume');
    expect(decideVisitor(visitor, identity, true).kind).toBe('upgrade');
  });

  it('gives an identified visitor’s conversations only to the same subject with a current identity', () => {
    const known = { ...visitor, subject: 'C-1' };
    expect(decideVisitor(known, identity, true).kind).toBe('renew');
    expect(decideVisitor(known, null, true)).toEqual({ kind: 'create', identity: null, tokenWasUnknown: false });
    const other = { ...identity, subject: 'C-2' };
    expect(decideVisitor(known, other, true)).toEqual({ kind: 'create', identity: other, tokenWasUnknown: false });
  });

  it('makes someone new of an unknown token, and turns a signed-out one away', () => {
    expect(decideVisitor(null, null, true)).toEqual({ kind: 'create', identity: null, tokenWasUnknown: true });
    expect(decideVisitor(null, null, false)).toEqual({ kind: 'create', identity: null, tokenWasUnknown: false });
    expect(decideVisitor({ ...visitor, isSignedOut: true }, identity, true).kind).toBe('signed-out');
  });

  it('never hands the visitor of one subject to another, whatever the combination', () => {
    const subject = fc.constantFrom(null, 'a', 'b');
    fc.assert(
      fc.property(subject, subject, fc.boolean(), (had, claims, isSignedOut) => {
        const proved = claims === null ? null : { ...identity, subject: claims };
        const decided = decideVisitor({ ...visitor, subject: had, isSignedOut }, proved, true);
        const isKept = 'visitor' in decided;
        if (isKept) expect(had === null || had === claims).toBe(true);
        if (isKept) expect(isSignedOut).toBe(false);
      }),
    );
  });
});

describe('verifyIdentity', () => {
  it('accepts what the site’s server signed', async () => {
    const jwt = await signIdentity({ subject: 'C-1', name: 'Ada', email: null }, 'shop', secret, NOW);
    expect(await verifyIdentity(jwt, 'shop', secret, NOW)).toEqual({ ok: true, value: identity });
  });

  it('asks for a fresh one when it is over, and refuses every other', async () => {
    const jwt = await signIdentity({ subject: 'C-1', name: null, email: null }, 'shop', secret, NOW);
    const code = async (token: string, site = 'shop', key: Uint8Array = secret, now = NOW) => {
      const result = await verifyIdentity(token, site, key, now);
      return result.ok ? 'ok' : result.error.code;
    };
    expect(await code(jwt, 'shop', secret, NOW + 331_000)).toBe('visitor/identity-expired');
    expect(await code(jwt, 'other')).toBe('visitor/identity-invalid');
    expect(await code(jwt, 'shop', new Uint8Array(32))).toBe('visitor/identity-invalid');
    expect(await code(`${jwt}x`)).toBe('visitor/identity-invalid');
    expect(await code('not a token')).toBe('visitor/identity-invalid');
    const long = await signIdentity({ subject: 'C-1', name: null, email: null }, 'shop', secret, NOW, 86_400);
    expect(await code(long)).toBe('visitor/identity-invalid');
    const future = await signIdentity({ subject: 'C-1', name: null, email: null }, 'shop', secret, NOW + 120_000);
    expect(await code(future)).toBe('visitor/identity-invalid');
    const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${jwt.split('.')[1]}.`;
    expect(await code(none)).toBe('visitor/identity-invalid');
    const hs512 = await new SignJWT({ sub: 'C-1' })
      .setProtectedHeader({ alg: 'HS512' })
      .setIssuer('shop')
      .setAudience(IDENTITY_AUDIENCE)
      .setIssuedAt(NOW / 1_000)
      .setExpirationTime(NOW / 1_000 + 60)
      .sign(new Uint8Array(64));
    expect(await code(hs512, 'shop', new Uint8Array(64))).toBe('visitor/identity-invalid');
  });
});

describe('tokens', () => {
  it('are 256 bits, differ, and are kept only as a hash', () => {
    const random = (into: Uint8Array) => into.set(randomBytes(into.length));
    const tokens = new Set(Array.from({ length: 100 }, () => mintToken(random)));
    expect(tokens.size).toBe(100);
    for (const token of tokens) expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(hashToken('a')).not.toEqual(hashToken('b'));
  });
});

describe('Limits', () => {
  it('allows the burst, then one per period, and says when to come back', () => {
    const clock = new FakeClock();
    const limits = new Limits(clock, { burst: 3, everyMs: 1_000 });
    expect([limits.take('a'), limits.take('a'), limits.take('a')]).toEqual([0, 0, 0]);
    expect(limits.take('a')).toBe(1_000);
    expect(limits.take('b')).toBe(0);
    clock.advance(999);
    expect(limits.take('a')).toBe(1);
    clock.advance(1);
    expect(limits.take('a')).toBe(0);
    expect(limits.take('a')).toBe(1_000);
  });
});
