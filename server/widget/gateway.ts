import type { AppError } from '#shared/lib/errors.ts';
import type { Id } from '#shared/lib/ids.ts';
import { every, type Timer } from '#shared/lib/time.ts';
import { VISITOR_RATES, type VisitorLimits, type VisitorRates, visitorLimits } from './limits.ts';
import type { VisitorLink, WidgetPorts } from './ports.ts';
import { type VisitorPeers, VisitorSession } from './session.ts';

/** How often a page is told that the site opened or closed. */
const OPENING_EVERY_MS = 30_000;

/** All visitors connected to this node: opens sessions, and passes on what happened to those it concerns. */
export class VisitorGateway implements VisitorPeers {
  readonly limits: VisitorLimits;
  private readonly ports: WidgetPorts;
  private readonly sessions = new Set<VisitorSession>();
  private count = 0;
  private readonly ticker: Timer;

  constructor(ports: WidgetPorts, rates: VisitorRates = VISITOR_RATES) {
    this.ports = ports;
    this.limits = visitorLimits(ports.clock, rates);
    this.ticker = every(ports.clock, OPENING_EVERY_MS, () => {
      for (const session of this.sessions) session.refreshOpening();
    });
  }

  /** A new connection; feed what comes to its `receive`, and call `end` when it is gone. */
  connect(link: VisitorLink, peer: { address: string }): VisitorSession {
    this.count += 1;
    return new VisitorSession(this.ports, this, link, peer, `connection ${this.count}`);
  }

  /** How many visitors are connected here. */
  get size(): number {
    return this.sessions.size;
  }

  /** Rows of these conversations' public scopes changed; null when it is not known which. */
  rowsChanged(conversations: ReadonlySet<Id> | null): void {
    for (const session of this.sessions) {
      if (conversations === null || [...conversations].some((id) => session.holds(id))) session.wake();
    }
  }

  /** Someone of the team types; `name` as the customer may know it. */
  agentTyping(conversation: Id, name: string | null, isTyping: boolean): void {
    for (const session of this.sessions) session.showTyping(conversation, name, isTyping);
  }

  wakePerson(visitorIds: readonly Id[]): void {
    for (const session of this.sessions) if (session.visitor && visitorIds.includes(session.visitor.id)) session.wake();
  }

  endOthers(session: VisitorSession, visitorId: Id, error: AppError): void {
    for (const other of [...this.sessions])
      if (other !== session && other.visitor?.id === visitorId) other.bye(error, 0);
  }

  enter(session: VisitorSession): void {
    this.sessions.add(session);
  }

  leave(session: VisitorSession): void {
    this.sessions.delete(session);
  }

  /** Closes all connections; they come back elsewhere. */
  close(): void {
    this.ticker.cancel();
    for (const session of [...this.sessions]) session.end();
  }
}
