import { type AppError, hubError } from '#shared/lib/errors.ts';
import { IdMint } from '#shared/lib/ids.ts';
import { assertNever } from '#shared/lib/result.ts';
import {
  VISITOR_WIRE_VERSION,
  type VisitorHello,
  visitorGreetingSchema,
  visitorUpSchema,
} from '#shared/wire/visitor.ts';
import { verifyIdentity } from './identity.ts';
import type { VisitorLimits } from './limits.ts';
import type { Identity, Site, Visitor, WidgetPorts } from './ports.ts';
import { decideVisitor, hashToken, mintToken } from './visitors.ts';

/** Where a connection comes from, for rate limits only. */
export type Peer = { address: string };

/** A connection that proved who it is. `token` is a new one to hand out; `restart` what its page must read again. */
export type Greeted = {
  kind: 'in';
  site: Site;
  hello: VisitorHello;
  visitor: Visitor;
  token: string | null;
  restart: 'all' | 'lost' | null;
  /** An anonymous visitor just became a known one: its other pages must come back too. */
  isUpgraded: boolean;
};

type Refused = { kind: 'bye'; error: AppError; retryInMs: number | null };

function refused(code: string, retryInMs: number | null): Refused {
  return { kind: 'bye', error: hubError(code, { retry: retryInMs === null ? 'never' : 'later' }), retryInMs };
}

/**
 * Answers a connection's first message: who it is, or why it may not come in. Errors: `visitor/malformed`,
 * `visitor/version`, `visitor/too-fast`, `visitor/site-unknown`, `visitor/identity-invalid`, `visitor/identity-expired`,
 * `visitor/signed-out`.
 */
export async function greet(
  ports: WidgetPorts,
  limits: VisitorLimits,
  peer: Peer,
  raw: unknown,
): Promise<Greeted | Refused> {
  const greeting = visitorGreetingSchema.safeParse(raw);
  if (greeting.success && greeting.data.version !== VISITOR_WIRE_VERSION) {
    const error = hubError('visitor/version', { params: { hub: VISITOR_WIRE_VERSION } });
    return { kind: 'bye', error, retryInMs: null };
  }
  const parsed = visitorUpSchema.safeParse(raw);
  if (!parsed.success || parsed.data.t !== 'hello') return refused('visitor/malformed', null);
  const wait = limits.hello.take(peer.address);
  if (wait > 0) return refused('visitor/too-fast', wait);
  const site = await ports.visitors.siteByKey(parsed.data.site);
  if (!site) return refused('visitor/site-unknown', null);
  return enter(ports, limits, peer, site, parsed.data);
}

async function enter(
  ports: WidgetPorts,
  limits: VisitorLimits,
  peer: Peer,
  site: Site,
  hello: VisitorHello,
): Promise<Greeted | Refused> {
  const store = ports.visitors;
  const now = ports.clock.now();
  let identity: Identity | null = null;
  if (hello.identity !== null) {
    const verified = await verifyIdentity(hello.identity, site.key, await ports.siteSecret(site), now);
    if (!verified.ok) {
      return { kind: 'bye', error: verified.error, retryInMs: verified.error.retry === 'later' ? 0 : null };
    }
    identity = verified.value;
  }
  const known = hello.token === null ? null : await store.visitorByToken(site.id, hashToken(hello.token), now);
  const decision = decideVisitor(known, identity, hello.token !== null);
  const asBefore = hello.cursor === null ? 'all' : null;
  const greeted = { kind: 'in', site, hello, token: null, restart: asBefore, isUpgraded: false } as const;
  switch (decision.kind) {
    case 'signed-out':
      return refused('visitor/signed-out', 0);
    case 'resume':
      return { ...greeted, visitor: decision.visitor };
    case 'renew':
      return { ...greeted, visitor: await store.identify(decision.visitor, decision.identity, hello.language, null) };
    case 'upgrade': {
      const token = mintToken(ports.random);
      const visitor = await store.identify(decision.visitor, decision.identity, hello.language, hashToken(token));
      return { ...greeted, visitor, token, restart: 'all', isUpgraded: true };
    }
    case 'create': {
      const wait = limits.create.take(peer.address);
      if (wait > 0) return refused('visitor/too-fast', wait);
      const token = mintToken(ports.random);
      const visitor = await store.createVisitor({
        org: site.org,
        id: new IdMint(ports.clock, ports.random).next(),
        siteId: site.id,
        tokenHash: hashToken(token),
        identity: decision.identity,
        language: hello.language,
        at: now,
      });
      return { ...greeted, visitor, token, restart: decision.tokenWasUnknown ? 'lost' : 'all' };
    }
    default:
      return assertNever(decision);
  }
}
