import * as z from 'zod/mini';
import type { Http } from '#core/session/hub-http.ts';
import type { LossWhy } from '#core/sync/connection.ts';
import type { headSchema } from '#shared/conversation/model.ts';
import type { Envelope } from '#shared/lib/command.ts';
import { hubError } from '#shared/lib/errors.ts';
import { fail, ok, type Result } from '#shared/lib/result.ts';
import { scopeOf } from '#shared/lib/scope.ts';
import type { Clock } from '#shared/lib/time.ts';
import type { Link } from '#shared/wire/link.ts';
import { type Down, type Up, upSchema } from '#shared/wire/messages.ts';
import {
  conversationsOf,
  customerMessage,
  decide,
  dismissalOf,
  type FakeDevice,
  fakeAgent,
  fakeCustomer,
  fakeId,
  fakeOrg,
  fakeTeam,
  headOf,
  headRows,
  tokensOf,
} from './fake-company.ts';
import { answerHttp } from './fake-hub-http.ts';
import { FakeLink } from './fake-link.ts';
import { FakeStream, type FakeWrite } from './fake-stream.ts';

interface Session {
  readonly link: FakeLink<Down>;
  device: FakeDevice | null;
  at: { seq: number; mark: string } | null;
  isFirst: boolean;
  isAwaiting: boolean;
  hasGreeted: boolean;
}

/**
 * A hub in memory for tests of the desk's core: one organisation, any number of agents, the protocol of shared/wire as the real hub
 * speaks it, the shared rules as judge. Deterministic: it answers at once, and the line delivers by the given clock.
 */
export class FakeHub {
  stream = new FakeStream();
  /** what the line does: open; refusing new links; swallowing everything */
  reach: 'open' | 'refused' | 'swallowed' = 'open';
  password = 'correct horse';
  isDemo = false;
  /** how many commands get `retry` */
  busyTimes = 0;
  readonly messages: Up[] = [];
  readonly devices = new Map<string, FakeDevice>();
  readonly delivered: string[] = [];
  offlineForMs = 24 * 3_600_000;
  private readonly clock: Clock;
  private sessions: Session[] = [];
  private readonly offset: number;

  constructor(clock: Clock, offset = 0) {
    this.clock = clock;
    this.offset = offset;
    this.stream.commit([
      { s: 'org', e: 'team', i: fakeTeam, b: { id: fakeTeam, name: 'North', region: 'DE' } },
      { s: 'org', e: 'person', i: fakeAgent, b: this.person(fakeAgent) },
    ]);
  }

  person(id: string): Record<string, unknown> {
    return { id, name: `Agent ${id.slice(-2)}`, role: 'agent', teamIds: [fakeTeam], isDisabled: false };
  }

  now(): number {
    return this.clock.now() + this.offset;
  }

  readonly connect = async (): Promise<Result<Link<Up>, LossWhy>> => {
    if (this.reach === 'refused') return fail('refused');
    if (this.reach === 'swallowed') await new Promise(() => {});
    const [desk, hub] = FakeLink.pair<Up, Down>(this.clock);
    const session: Session = {
      link: hub,
      device: null,
      at: null,
      isFirst: false,
      isAwaiting: false,
      hasGreeted: false,
    };
    this.sessions.push(session);
    hub.onMessage((raw) => this.take(session, raw));
    hub.onClose(() => {
      this.sessions = this.sessions.filter((s) => s !== session);
    });
    return ok(desk);
  };

  readonly http: Http = (request) => answerHttp(this, request);

  /** Commits rows and wakes everybody. */
  commit(writes: readonly FakeWrite[]): number {
    const seq = this.stream.commit(writes);
    this.wake();
    return seq;
  }

  /** A conversation that waits; answers its id. */
  converse(n: number, ownerId: string | null = fakeAgent): string {
    const id = fakeId(1000 + n);
    const head = {
      id,
      teamId: fakeTeam,
      customerId: fakeCustomer,
      customerName: 'Mia',
      channel: 'web',
      state: 'open',
      ownerId,
      createdAt: this.now(),
      lastOrder: 1,
      lastAt: this.now(),
      lastCustomerOrder: 1,
      waitingSince: this.now(),
      snippet: { from: 'customer', text: 'Hello' },
      resolution: null,
      resolvedAt: null,
    };
    const grants = ownerId === null ? [] : this.devicesOf(ownerId).flatMap((d) => this.ownershipOf(d.id, id));
    this.commit([...headRows(head), customerMessage(this.stream, id, 1, 'Hello'), ...grants]);
    return id;
  }

  /** The customer writes. */
  customerSays(conversation: string, text: string): void {
    const head = this.head(conversation);
    const order = head.lastOrder + 1;
    const next = { ...head, lastOrder: order, lastCustomerOrder: order, waitingSince: this.now() };
    this.commit([customerMessage(this.stream, conversation, order, text), ...headRows(next)]);
  }

  head(conversation: string): z.infer<typeof headSchema> {
    return headOf(this.stream, conversation);
  }

  /** Takes from a device what it holds for a cause. */
  revoke(device: string, cause: string): void {
    this.commit(this.stream.revoking(device, cause));
  }

  /** Lets a device hold a conversation because it opened it. */
  open(device: string, conversation: string): void {
    const scopes = [scopeOf.conversation(conversation), scopeOf.publicOf(conversation)];
    const rows = this.stream.granting(device, scopes, `opened:${conversation}`);
    if (rows.length > 0) this.commit(rows);
  }

  dismiss(device: string, why: 'revoked' | 'cloned' | 'disabled'): void {
    const known = this.devices.get(device);
    if (known) known.gone = why;
    for (const session of this.sessions) if (session.device?.id === device) session.link.send({ t: 'dismissed', why });
  }

  /** Cuts every line, seen by both sides at once. */
  cut(why = 'transport close'): void {
    for (const session of this.sessions.splice(0)) session.link.cut(why);
  }

  /** Every line goes dead without a word; the desk notices when its ping is missed. */
  swallow(): void {
    this.reach = 'swallowed';
    for (const session of this.sessions.splice(0)) session.link.swallow();
  }

  /** Sends something to every desk, whatever it is. */
  shout(raw: unknown): void {
    for (const session of this.sessions) session.link.send(raw as Down);
  }

  /** A copy of what this hub knows, to be restored later. */
  backup(): () => void {
    const stream = this.stream.copy();
    const devices = [...this.devices.values()].map((d) => ({ ...d, outcomes: new Map(d.outcomes) }));
    const delivered = [...this.delivered];
    return () => {
      this.cut();
      this.stream = stream.copy('r');
      this.devices.clear();
      for (const device of devices) this.devices.set(device.id, { ...device, outcomes: new Map(device.outcomes) });
      this.delivered.splice(0, Infinity, ...delivered);
    };
  }

  signIn(deviceId: string, publicKey: string, personId: string): unknown {
    const fresh = { lastN: 0, lastId: null, outcomes: new Map(), gone: null, serial: 1 };
    const device: FakeDevice = { id: deviceId, publicKey, personId, ...fresh };
    this.devices.set(deviceId, device);
    const standing = ['org', scopeOf.device(deviceId), scopeOf.agent(personId)];
    const owned = conversationsOf(this.stream).filter((h) => h.ownerId === personId);
    this.commit([
      { s: 'org', e: 'person', i: personId, b: this.person(personId) },
      ...this.stream.granting(deviceId, standing, 'device'),
      ...this.stream.granting(deviceId, [scopeOf.team(fakeTeam)], `membership:${fakeTeam}`),
      ...owned.flatMap((h) => this.ownershipOf(deviceId, h.id)),
    ]);
    return {
      tokens: tokensOf(device, this.now()),
      deviceId,
      personId,
      personName: 'Agent',
      hubId: fakeOrg,
      orgName: 'Harbour & Pine',
      offlineForMs: this.offlineForMs,
      hubAt: this.now(),
      mustChangePassword: false,
    };
  }

  private devicesOf(personId: string): FakeDevice[] {
    return [...this.devices.values()].filter((d) => d.personId === personId && d.gone === null);
  }

  private ownershipOf(device: string, conversation: string): FakeWrite[] {
    const scopes = [scopeOf.conversation(conversation), scopeOf.publicOf(conversation)];
    return this.stream.granting(device, scopes, `ownership:${conversation}`);
  }

  private wake(): void {
    for (const session of this.sessions) this.feed(session);
  }

  private feed(session: Session): void {
    if (!session.device || session.isAwaiting) return;
    const from = session.at ?? { seq: 0, mark: '' };
    if (session.hasGreeted && from.seq === this.stream.seq) return;
    const page = session.isFirst
      ? this.stream.firstPage(session.device.id, this.now())
      : this.stream.page(session.device.id, from, 50, this.now());
    session.isFirst = false;
    session.hasGreeted = true;
    session.isAwaiting = true;
    session.at = page.upTo;
    session.link.send(page);
  }

  private take(session: Session, raw: unknown): void {
    const message = z.parse(upSchema, raw);
    this.messages.push(message);
    const { device, link } = session;
    if (message.t === 'hello') this.hello(session, message);
    else if (device && message.t === 'pageDone') {
      session.isAwaiting = false;
      this.feed(session);
    } else if (device && message.t === 'backfill') link.send(this.stream.backfill(device.id, message, 20));
    else if (device && message.t === 'command') link.send(this.decide(device, message.command));
    else if (device && message.t === 'ask') {
      const isKnown = message.name === 'conversation.open';
      link.send(
        isKnown
          ? { t: 'answer', id: message.id, ok: true, value: {} }
          : { t: 'answer', id: message.id, ok: false, error: hubError('session/not-allowed') },
      );
    }
  }

  private hello(session: Session, hello: Extract<Up, { t: 'hello' }>): void {
    const device = this.devices.get(hello.device);
    const why = dismissalOf(device, hello);
    if (!device || why) {
      session.link.send({ t: 'dismissed', why: why ?? 'unknown' });
      return;
    }
    const { lastN } = device;
    if (hello.cursor && !this.stream.knows(hello.cursor)) {
      session.link.send({ t: 'resync', why: 'unknown-cursor', lastN });
      return;
    }
    session.device = device;
    session.at = hello.cursor;
    session.isFirst = hello.cursor === null;
    const { offlineForMs } = this;
    session.link.send({ t: 'welcome', v: 1, hubId: fakeOrg, orgName: 'H&P', hubAt: this.now(), lastN, offlineForMs });
    this.feed(session);
  }

  private decide(device: FakeDevice, envelope: Envelope): Down {
    if (this.busyTimes > 0 && envelope.n === device.lastN + 1) {
      this.busyTimes -= 1;
      return { t: 'retry', n: envelope.n, afterMs: 50 };
    }
    const { answer, delivered } = decide(this.stream, this.devices, device, envelope);
    if (delivered !== null) this.delivered.push(delivered);
    this.clock.setTimeout(() => this.wake(), 1);
    return answer;
  }
}
