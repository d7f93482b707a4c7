import * as z from 'zod/mini';
import { isSignedBy } from '#core/db/signing.ts';
import type { Http } from '#core/session/hub-http.ts';
import type { LossWhy } from '#core/sync/connection.ts';
import { headSchema } from '#shared/conversation/model.ts';
import { isOvertaken } from '#shared/conversation/rules.ts';
import type { Envelope, Patch } from '#shared/lib/command.ts';
import { type AppError, hubError } from '#shared/lib/errors.ts';
import { fail, ok, type Result } from '#shared/lib/result.ts';
import { scopeOf } from '#shared/lib/scope.ts';
import type { Clock } from '#shared/lib/time.ts';
import { commands } from '#shared/registry.ts';
import type { Link } from '#shared/wire/link.ts';
import { type Down, type Outcome, type Up, upSchema } from '#shared/wire/messages.ts';
import { FakeLink } from './fake-link.ts';
import { FakeStream, type FakeWrite } from './fake-stream.ts';

/** A UUID that says what it stands for. */
export const fakeId = (n: number): string => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
export const fakeOrg = fakeId(1);
export const fakeTeam = fakeId(2);
export const fakeAgent = fakeId(3);
export const fakeCustomer = fakeId(4);

interface FakeDevice {
  readonly id: string;
  readonly publicKey: string;
  readonly personId: string;
  lastN: number;
  lastId: string | null;
  outcomes: Map<number, Outcome>;
  gone: 'revoked' | 'cloned' | 'disabled' | null;
  serial: number;
}

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
  /** answer commands with `retry` this many times */
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
    const [desk, hub] = FakeLink.pair<Up, Down>(this.clock);
    if (this.reach === 'swallowed') {
      await new Promise(() => {});
    }
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
    hub.onClose(() => this.drop(session));
    return ok(desk);
  };

  readonly http: Http = async ({ path, body }) => {
    if (this.reach !== 'open') return null;
    const asked = body as Record<string, string>;
    const refuse = (code: string): { status: number; body: unknown } => ({
      status: 403,
      body: { error: hubError(code) },
    });
    switch (path) {
      case '/v1/enrol':
        if (asked['code'] !== 'CODE-1') return refuse('session/wrong-code');
        return {
          status: 200,
          body: { stationToken: 'station'.padEnd(24, '-'), hubId: fakeOrg, orgName: 'Harbour & Pine' },
        };
      case '/v1/demo':
        if (!this.isDemo) return refuse('session/no-demo');
        return { status: 200, body: this.signIn(asked['deviceId'] ?? '', asked['publicKey'] ?? '', fakeAgent) };
      case '/v1/sign-in': {
        if (asked['password'] !== this.password) return refuse('session/wrong-password');
        const person = /^agent(\d+)@/.exec(asked['email'] ?? '')?.[1];
        return {
          status: 200,
          body: this.signIn(
            asked['deviceId'] ?? '',
            asked['publicKey'] ?? '',
            person ? fakeId(Number(person)) : fakeAgent,
          ),
        };
      }
      case '/v1/refresh': {
        const device = this.devices.get(asked['deviceId'] ?? '');
        const { sig, ...rest } = asked;
        if (!device || device.gone || !isSignedBy(rest, sig ?? '', device.publicKey)) return refuse('session/expired');
        device.serial += 1;
        return { status: 200, body: { tokens: this.tokens(device), hubAt: this.now() } };
      }
      case '/v1/password':
        if (asked['current'] !== this.password) return refuse('session/wrong-password');
        this.password = asked['next'] ?? '';
        return { status: 200, body: {} };
      default:
        return { status: 404, body: null };
    }
  };

  /** Commits rows and wakes everybody. */
  commit(writes: readonly FakeWrite[]): number {
    const seq = this.stream.commit(writes);
    this.wake();
    return seq;
  }

  /** A conversation of the team, waiting; answers its id. */
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
    this.commit([...this.headRows(head), this.message(id, 1, 'Hello'), ...grants]);
    return id;
  }

  /** The customer writes. */
  customerSays(conversation: string, text: string): void {
    const head = this.head(conversation);
    const order = head.lastOrder + 1;
    const next = { ...head, lastOrder: order, lastCustomerOrder: order, waitingSince: this.now() };
    this.commit([this.message(conversation, order, text), ...this.headRows(next)]);
  }

  head(conversation: string): z.infer<typeof headSchema> {
    return z.parse(headSchema, this.stream.get(scopeOf.conversation(conversation), 'head', conversation));
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

  private signIn(deviceId: string, publicKey: string, personId: string): unknown {
    const device: FakeDevice = {
      id: deviceId,
      publicKey,
      personId,
      lastN: 0,
      lastId: null,
      outcomes: new Map(),
      gone: null,
      serial: 1,
    };
    this.devices.set(deviceId, device);
    const standing = ['org', scopeOf.device(deviceId), scopeOf.agent(personId)];
    const owned = this.conversations().filter((h) => h.ownerId === personId);
    this.commit([
      { s: 'org', e: 'person', i: personId, b: this.person(personId) },
      ...this.stream.granting(deviceId, standing, 'device'),
      ...this.stream.granting(deviceId, [scopeOf.team(fakeTeam)], `membership:${fakeTeam}`),
      ...owned.flatMap((h) => this.ownershipOf(deviceId, h.id)),
    ]);
    return {
      tokens: this.tokens(device),
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

  private tokens(device: FakeDevice): unknown {
    const access = `access ${device.id} ${device.serial}`;
    return { access, accessUntil: this.now() + 900_000, refresh: `refresh ${device.id} ${device.serial}` };
  }

  private conversations(): z.infer<typeof headSchema>[] {
    return this.stream.all('head').flatMap((body) => {
      const parsed = z.safeParse(headSchema, body);
      return parsed.success ? [parsed.data] : [];
    });
  }

  private devicesOf(personId: string): FakeDevice[] {
    return [...this.devices.values()].filter((d) => d.personId === personId && d.gone === null);
  }

  private ownershipOf(device: string, conversation: string): FakeWrite[] {
    const scopes = [scopeOf.conversation(conversation), scopeOf.publicOf(conversation)];
    return this.stream.granting(device, scopes, `ownership:${conversation}`);
  }

  private headRows(head: { id: string; teamId: string; state: string }): FakeWrite[] {
    return [
      { s: scopeOf.team(head.teamId), e: 'head', i: head.id, b: head.state === 'open' ? head : null },
      { s: scopeOf.conversation(head.id), e: 'head', i: head.id, b: head },
    ];
  }

  private message(conversationId: string, order: number, text: string): FakeWrite {
    const id = fakeId(1_000_000 + this.stream.seq);
    const body = {
      id,
      conversationId,
      order,
      from: 'customer',
      authorId: null,
      authorName: 'Mia',
      text,
      at: this.now(),
      writtenAt: null,
    };
    return { s: scopeOf.publicOf(conversationId), e: 'message', i: id, b: body };
  }

  private drop(session: Session): void {
    this.sessions = this.sessions.filter((s) => s !== session);
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
    if (message.t === 'hello') return this.hello(session, message);
    if (!device) return;
    switch (message.t) {
      case 'pageDone':
        session.isAwaiting = false;
        return this.feed(session);
      case 'backfill':
        return link.send(this.stream.backfill(device.id, message, 20));
      case 'command':
        return link.send(this.decide(device, message.command));
      case 'ask': {
        const isOpen = message.name === 'conversation.open';
        return link.send(
          isOpen
            ? { t: 'answer', id: message.id, ok: true, value: {} }
            : { t: 'answer', id: message.id, ok: false, error: hubError('session/not-allowed') },
        );
      }
      default:
        return;
    }
  }

  private hello(session: Session, hello: Extract<Up, { t: 'hello' }>): void {
    const device = this.devices.get(hello.device);
    const away = (why: Extract<Down, { t: 'dismissed' }>['why']): void => session.link.send({ t: 'dismissed', why });
    if (!device) return away('unknown');
    if (device.gone) return away(device.gone);
    if (hello.token !== `access ${device.id} ${device.serial}`) return away('expired');
    if (hello.lastN < device.lastN || (hello.lastN === device.lastN && hello.lastId !== device.lastId)) {
      device.gone = 'cloned';
      return away('cloned');
    }
    if (hello.cursor && !this.stream.knows(hello.cursor)) {
      return session.link.send({ t: 'resync', why: 'unknown-cursor', lastN: device.lastN });
    }
    session.device = device;
    session.at = hello.cursor;
    session.isFirst = hello.cursor === null;
    const { lastN } = device;
    session.link.send({
      t: 'welcome',
      v: 1,
      hubId: fakeOrg,
      orgName: 'H&P',
      hubAt: this.now(),
      lastN,
      offlineForMs: this.offlineForMs,
    });
    this.feed(session);
  }

  private decide(device: FakeDevice, envelope: Envelope): Down {
    const { sig, ...rest } = envelope;
    if (!isSignedBy(rest, sig, device.publicKey)) return { t: 'refused', error: hubError('session/bad-signature') };
    if (envelope.n <= device.lastN) {
      const stored = device.outcomes.get(envelope.n);
      if (stored?.id === envelope.id) return { t: 'outcome', outcome: stored };
      device.gone = 'cloned';
      return { t: 'dismissed', why: 'cloned' };
    }
    if (envelope.n > device.lastN + 1) return { t: 'gap', lastN: device.lastN };
    if (this.busyTimes > 0) {
      this.busyTimes -= 1;
      return { t: 'retry', n: envelope.n, afterMs: 50 };
    }
    const before = [...this.devices.values()]
      .flatMap((d) => [...d.outcomes.values()])
      .find((o) => o.id === envelope.id);
    const { status, error, patches } = before
      ? { status: before.status, error: before.error, patches: [] }
      : this.judge(device, envelope);
    const seq = this.stream.commit(patches.map((p) => this.write(p, envelope.id)));
    const outcome: Outcome = { n: envelope.n, id: envelope.id, status, error, seq };
    device.lastN = envelope.n;
    device.lastId = envelope.id;
    device.outcomes.set(envelope.n, outcome);
    this.stream.addOutcome(device.id, outcome);
    if (status === 'done' && !before && envelope.kind === 'conversation.reply')
      this.delivered.push(String(envelope.args['text']));
    this.clock.setTimeout(() => this.wake(), 1);
    return { t: 'outcome', outcome };
  }

  private judge(
    device: FakeDevice,
    envelope: Envelope,
  ): { status: Outcome['status']; error: AppError | null; patches: readonly Patch[] } {
    const def = commands.get(envelope.kind);
    if (!def) return { status: 'refused', error: hubError('session/unknown-command'), patches: [] };
    const bad = envelope.after.some((n) => (device.outcomes.get(n)?.status ?? 'done') !== 'done');
    if (bad && !def.mayFollowRefused) return { status: 'held', error: hubError('session/held'), patches: [] };
    const actor = { personId: device.personId, role: 'agent', teamIds: [fakeTeam] };
    const read = (entity: string, id: string): unknown => this.stream.find(entity, id);
    const written = {
      id: envelope.id,
      args: envelope.args,
      at: envelope.at,
      basis: envelope.basis,
      offline: envelope.offline,
    };
    const head = z.safeParse(headSchema, this.stream.find('head', String(envelope.args['conversationId'])));
    const isStale = def.onStale === 'ask' && head.success && isOvertaken(head.data, envelope.basis, envelope.offline);
    const error = def.check(written, actor, read) ?? (isStale ? hubError('conversation/overtaken') : null);
    if (error) return { status: 'refused', error, patches: [] };
    return { status: 'done', error: null, patches: def.effect(written, actor, read) };
  }

  private write(patch: Patch, cmd: string): FakeWrite {
    let b = patch.body;
    if (
      ['message', 'note', 'event'].includes(patch.entity) &&
      typeof b === 'object' &&
      b !== null &&
      'conversationId' in b
    ) {
      b = { ...b, order: this.head(String(b.conversationId)).lastOrder + 1 };
    }
    if (patch.entity === 'head' && typeof b === 'object' && b !== null && 'lastOrder' in b)
      b = { ...b, lastOrder: Number(b.lastOrder) + 1 };
    return { s: patch.scope, e: patch.entity, i: patch.id, b, c: cmd };
  }
}
