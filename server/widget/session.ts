import { type AppError, badInput, hubError } from '#shared/lib/errors.ts';
import { type Id, idSchema } from '#shared/lib/ids.ts';
import { assertNever } from '#shared/lib/result.ts';
import type { Timer } from '#shared/lib/time.ts';
import { maskCards } from '#shared/privacy/rules.ts';
import {
  type Opening,
  VISITOR_WIRE_VERSION,
  type VisitorDown,
  type VisitorUp,
  visitorUpSchema,
} from '#shared/wire/visitor.ts';
import { type Greeted, greet, type Peer } from './greet.ts';
import type { VisitorLimits } from './limits.ts';
import { openingAt } from './opening.ts';
import type { Site, Visitor, VisitorLink, WidgetPorts } from './ports.ts';
import { PublicReader } from './reader.ts';

/** More than this many unread messages from one socket means that it does not wait for answers. */
const BACKLOG_MAX = 64;
/** An identity is asked for again this often, however long the page stays open. */
const IDENTIFIED_FOR_MS = 3_600_000;
/** Whoever says nothing at all for this long after connecting is no visitor. */
const SILENT_FOR_MS = 10_000;

/** What a session needs of all the others; the gateway. */
export interface VisitorPeers {
  readonly limits: VisitorLimits;
  enter(session: VisitorSession): void;
  leave(session: VisitorSession): void;
  /** Sends a visitor's other pages away: their token or identity no longer is what it was. */
  endOthers(session: VisitorSession, visitorId: Id, error: AppError): void;
  /** Wakes every page of the same person, which may hold a conversation it has not heard of. */
  wakePerson(visitorIds: readonly Id[]): void;
}

type Open = {
  kind: 'open';
  site: Site;
  visitor: Visitor;
  visitorIds: readonly Id[];
  language: string;
  opening: Opening;
  reader: PublicReader;
};

/**
 * One visitor's connection: parses what comes, decides who it is, stores messages through ingest and sends the rows of
 * the visitor's own conversations. Everything runs one after the other, in the order it came.
 */
export class VisitorSession {
  private readonly ports: WidgetPorts;
  private readonly peers: VisitorPeers;
  private readonly link: VisitorLink;
  private readonly peer: Peer;
  private readonly key: string;
  private state: { kind: 'new' } | Open | { kind: 'over' } = { kind: 'new' };
  private chain: Promise<void> = Promise.resolve();
  private backlog = 0;
  private isPumpQueued = false;
  private expiry: Timer | null = null;

  constructor(ports: WidgetPorts, peers: VisitorPeers, link: VisitorLink, peer: Peer, key: string) {
    this.ports = ports;
    this.peers = peers;
    this.link = link;
    this.peer = peer;
    this.key = key;
    this.expiry = ports.clock.setTimeout(() => {
      ports.log('warn', 'visitor.silent', {});
      this.end();
    }, SILENT_FOR_MS);
  }

  /** The visitor of this connection once it has said hello. */
  get visitor(): Visitor | null {
    return this.state.kind === 'open' ? this.state.visitor : null;
  }

  holds(conversation: Id): boolean {
    return this.state.kind === 'open' && this.state.reader.holds(conversation);
  }

  /** Takes one message as it came from the wire. */
  receive(raw: unknown): void {
    if (this.state.kind === 'over') return;
    if (this.backlog >= BACKLOG_MAX) {
      this.bye(hubError('visitor/too-fast', { retry: 'later' }), 5_000);
      return;
    }
    this.backlog += 1;
    this.run(async () => {
      this.backlog -= 1;
      await this.handle(raw);
    });
  }

  /** Rows of this visitor may have changed. */
  wake(): void {
    if (this.state.kind !== 'open' || this.isPumpQueued) return;
    this.isPumpQueued = true;
    this.run(async () => {
      this.isPumpQueued = false;
      await this.pump();
    });
  }

  /** Someone of the team types in a conversation of this visitor. */
  showTyping(conversation: Id, name: string | null, isTyping: boolean): void {
    if (this.holds(conversation)) this.send({ t: 'typing', name, isTyping });
  }

  /** Tells the page when the site opened or closed since it was last told. */
  refreshOpening(): void {
    if (this.state.kind !== 'open') return;
    const { site, language, opening } = this.state;
    const now = openingAt(site.hours, site.awayText, language, this.ports.clock.now());
    if (now.isOpen === opening.isOpen && now.opensAt === opening.opensAt) return;
    this.state.opening = now;
    this.send({ t: 'opening', opening: now });
  }

  /** Says why and closes. */
  bye(error: AppError, retryInMs: number | null): void {
    if (this.state.kind === 'over') return;
    this.link.send({ t: 'bye', error, retryInMs });
    this.end();
  }

  /** Closes; safe to call again. */
  end(): void {
    if (this.state.kind === 'over') return;
    this.state = { kind: 'over' };
    this.expiry?.cancel();
    this.peers.leave(this);
    this.link.close();
  }

  private run(step: () => Promise<void>): void {
    this.chain = this.chain
      .then(() => (this.state.kind === 'over' ? undefined : step()))
      .catch((error: unknown) => {
        this.ports.log('error', 'visitor.broken', {
          why: error instanceof Error ? error.message.slice(0, 200) : 'unknown',
        });
        this.bye(hubError('visitor/broken', { retry: 'later' }), 2_000);
      });
  }

  private send(message: VisitorDown): void {
    if (this.state.kind === 'over' || this.link.send(message)) return;
    this.ports.log('warn', 'visitor.slow', {});
    this.end();
  }

  private async handle(raw: unknown): Promise<void> {
    if (this.state.kind === 'new') return this.greet(raw);
    if (this.state.kind === 'over') return;
    const parsed = visitorUpSchema.safeParse(raw);
    if (!parsed.success) {
      const id = idSchema.safeParse((raw as { id?: unknown } | null)?.id);
      this.nonsense(badInput('visitor/malformed', parsed.error, 'hub'), id.success ? id.data : null);
      return;
    }
    await this.act(this.state, parsed.data);
  }

  private nonsense(error: AppError, id: Id | null): void {
    this.ports.log('warn', 'visitor.refused', { code: error.code });
    if (this.peers.limits.nonsense.take(this.key) > 0) this.bye(error, 60_000);
    else this.send({ t: 'refused', id, error, retryInMs: null });
  }

  private async greet(raw: unknown): Promise<void> {
    this.expiry?.cancel();
    const greeted = await greet(this.ports, this.peers.limits, this.peer, raw);
    if (greeted.kind === 'bye') {
      this.ports.log('warn', 'visitor.refused', { code: greeted.error.code });
      return this.bye(greeted.error, greeted.retryInMs);
    }
    if (greeted.isUpgraded) {
      this.peers.endOthers(this, greeted.visitor.id, hubError('visitor/identity-changed', { retry: 'later' }));
    }
    await this.open(greeted);
  }

  private async open({ site, hello, visitor, token, restart }: Greeted): Promise<void> {
    const visitorIds = await this.ports.visitors.samePerson(visitor);
    const conversations = await this.ports.conversationsOf(site.org, visitorIds);
    const hubAt = this.ports.clock.now();
    const opening = openingAt(site.hours, site.awayText, hello.language, hubAt);
    if (this.state.kind === 'over') return;
    this.state = {
      kind: 'open',
      site,
      visitor,
      visitorIds,
      language: hello.language,
      opening,
      reader: new PublicReader(this.ports, site.org, visitorIds, { cursor: hello.cursor, conversations, restart }),
    };
    this.peers.enter(this);
    if (visitor.subject !== null) {
      const over = hubError('visitor/identity-expired', { retry: 'later' });
      this.expiry = this.ports.clock.setTimeout(() => this.bye(over, 0), IDENTIFIED_FOR_MS);
    }
    this.send({
      t: 'welcome',
      version: VISITOR_WIRE_VERSION,
      ...(token === null ? {} : { token }),
      siteName: site.name,
      visitorName: visitor.subject === null ? null : visitor.name,
      opening,
      conversation: conversations.at(-1) ?? null,
      hubAt,
    });
    await this.pump();
  }

  private async pump(): Promise<void> {
    for (;;) {
      if (this.state.kind !== 'open') return;
      const { message, more } = await this.state.reader.read();
      if (message) this.send(message);
      if (!more) return;
    }
  }

  private async act(open: Open, up: VisitorUp): Promise<void> {
    switch (up.t) {
      case 'hello':
        return this.nonsense(hubError('visitor/already-known'), null);
      case 'message':
        return this.store(open, up);
      case 'mark':
        if (this.peers.limits.signal.take(this.key) > 0) return;
        if (!open.reader.holds(up.conversation)) return this.nonsense(hubError('visitor/unknown-conversation'), null);
        this.ports.mark({
          org: open.site.org,
          conversation: up.conversation,
          deliveredUpTo: Math.max(up.deliveredUpTo, up.readUpTo),
          readUpTo: up.readUpTo,
        });
        return;
      case 'typing': {
        const conversation = (await this.ports.conversationsOf(open.site.org, open.visitorIds)).at(-1);
        if (!conversation || this.peers.limits.signal.take(this.key) > 0) return;
        this.ports.typing({ org: open.site.org, conversation, isTyping: up.isTyping });
        return;
      }
      case 'reset':
        await this.ports.visitors.signOut(open.visitor, this.ports.clock.now());
        this.peers.endOthers(this, open.visitor.id, hubError('visitor/signed-out', { retry: 'later' }));
        return this.bye(hubError('visitor/signed-out', { retry: 'later' }), 0);
      default:
        assertNever(up);
    }
  }

  private async store(open: Open, up: Extract<VisitorUp, { t: 'message' }>): Promise<void> {
    const wait = this.peers.limits.message.take(open.visitor.id);
    if (wait > 0) {
      const error = hubError('visitor/too-fast', { retry: 'later' });
      return this.send({ t: 'refused', id: up.id, error, retryInMs: wait });
    }
    const text = maskCards(up.text).trim();
    if (text === '') return this.nonsense(hubError('visitor/empty', { field: 'text' }), up.id);
    const { site, visitor, visitorIds, language } = open;
    const stored = await this.ports.ingest({
      org: site.org,
      channel: 'web',
      teamId: site.teamId,
      visitorId: visitor.id,
      visitorIds,
      customerId: visitor.customerId,
      visitorName: visitor.name,
      providerId: up.id,
      text,
      sentAt: Math.min(up.at, this.ports.clock.now()),
      language,
    });
    if (!stored.ok) {
      const retryInMs = stored.error.retry === 'never' ? null : 2_000;
      return this.send({ t: 'refused', id: up.id, error: stored.error, retryInMs });
    }
    const { conversationId, order, at } = stored.value;
    this.send({ t: 'accepted', id: up.id, conversation: conversationId, order, at });
    if (!open.reader.holds(conversationId)) this.peers.wakePerson(visitorIds);
    this.wake();
  }
}
