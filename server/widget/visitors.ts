import { createHash } from 'node:crypto';
import type { RandomBytes } from '#shared/lib/ids.ts';
import type { Identity, Visitor } from './ports.ts';

/** Who a connection is taken to be, decided from what it proved. */
export type VisitorDecision =
  /** The visitor of the token, as it was. */
  | { kind: 'resume'; visitor: Visitor }
  /** The visitor of the token, now vouched for by the site: same conversations, new token. */
  | { kind: 'upgrade'; visitor: Visitor; identity: Identity }
  /** The visitor of the token, vouched for again. */
  | { kind: 'renew'; visitor: Visitor; identity: Identity }
  /** Someone new, with a new token; `tokenWasUnknown` says that the hub had (or lost) a visitor for the old one. */
  | { kind: 'create'; identity: Identity | null; tokenWasUnknown: boolean }
  /** The token was given up at log-out: the page must forget everything before it may come back. */
  | { kind: 'signed-out' };

/**
 * Decides who a connection is. A token alone opens only an anonymous visitor's conversations; those of an identified
 * one need a current identity with the same subject too, so a shared computer shows nothing after log-out, and an
 * anonymous token copied before a log-in opens nothing written after it.
 */
export function decideVisitor(known: Visitor | null, identity: Identity | null, hadToken: boolean): VisitorDecision {
  if (known?.isSignedOut) return { kind: 'signed-out' };
  if (!known) return { kind: 'create', identity, tokenWasUnknown: hadToken };
  if (known.subject === null) {
    return identity ? { kind: 'upgrade', visitor: known, identity } : { kind: 'resume', visitor: known };
  }
  if (identity && identity.subject === known.subject) return { kind: 'renew', visitor: known, identity };
  return { kind: 'create', identity, tokenWasUnknown: false };
}

/** A new visitor token: 256 random bits, base64url. */
export function mintToken(random: RandomBytes): string {
  const bytes = new Uint8Array(32);
  random(bytes);
  return Buffer.from(bytes).toString('base64url');
}

/** What the hub keeps of a token. */
export function hashToken(token: string): Uint8Array {
  return createHash('sha256').update(token).digest();
}
