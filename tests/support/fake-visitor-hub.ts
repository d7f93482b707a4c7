import { randomFillSync } from 'node:crypto';
import { VisitorGateway } from '#server/widget/gateway.ts';
import type { IncomingMessage, NewVisitor, Site, Visitor, VisitorStore, WidgetPorts } from '#server/widget/ports.ts';
import { type Id, IdMint } from '#shared/lib/ids.ts';
import { ok } from '#shared/lib/result.ts';
import type { Clock } from '#shared/lib/time.ts';
import type { VisitorRow } from '#shared/wire/visitor.ts';

type StoredRow = { seq: number; conversation: Id; row: VisitorRow };
type Kept = Visitor & { hash: string; nextHash: string | null };

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Visitors and sites in memory, with the rules of the real store. */
function memoryVisitors(sites: readonly Site[]): VisitorStore {
  const visitors = new Map<Id, Kept>();
  const publicPart = ({ hash: _hash, nextHash: _next, ...visitor }: Kept): Visitor => visitor;
  return {
    siteByKey: async (key) => sites.find((s) => s.key === key) ?? null,
    async visitorByToken(siteId, tokenHash) {
      const hash = hex(tokenHash);
      const found = [...visitors.values()].find((v) => v.siteId === siteId && (v.hash === hash || v.nextHash === hash));
      if (found?.nextHash === hash) Object.assign(found, { hash, nextHash: null });
      return found ? publicPart(found) : null;
    },
    async createVisitor({ org, id, siteId, tokenHash, identity }: NewVisitor) {
      const visitor = { org, id, siteId, subject: identity?.subject ?? null, name: identity?.name ?? null };
      const kept = { ...visitor, customerId: null, isSignedOut: false, hash: hex(tokenHash), nextHash: null };
      visitors.set(id, kept);
      return publicPart(kept);
    },
    async identify(visitor, identity, _language, nextTokenHash) {
      const kept = visitors.get(visitor.id);
      if (!kept) throw new Error('no such visitor');
      Object.assign(kept, { subject: identity.subject, name: identity.name });
      if (nextTokenHash) kept.nextHash = hex(nextTokenHash);
      return publicPart(kept);
    },
    async signOut(visitor) {
      const kept = visitors.get(visitor.id);
      if (kept) kept.isSignedOut = true;
    },
    async samePerson(visitor) {
      const { id, subject, siteId } = visitor;
      const others = [...visitors.values()].filter(
        (v) => subject !== null && v.id !== id && v.siteId === siteId && v.subject === subject,
      );
      return [id, ...others.map((v) => v.id)];
    },
  };
}

/**
 * A hub of one process and no disk behind the widget's ports: the tests' other side, with the same promises
 * (stores a message id once, counts order per conversation, one stream with a cursor).
 */
export class FakeHub {
  readonly site: Site;
  readonly ports: WidgetPorts;
  readonly gateway: VisitorGateway;
  readonly secret: Uint8Array;
  readonly logged: string[] = [];
  /** Told of each message once, after it is stored. */
  onMessage: (message: IncomingMessage, conversation: Id) => void = () => undefined;
  onTyping: (isTyping: boolean) => void = () => undefined;
  /** Makes the next acts fail, as a database that is gone would. */
  failures = 0;
  private mark = 'a';
  private seq = 0;
  private rows: StoredRow[] = [];
  private readonly owners = new Map<Id, Id>();
  private readonly orders = new Map<Id, number>();
  private readonly clock: Clock;
  private readonly ids: IdMint;

  constructor(clock: Clock, site: Site) {
    this.clock = clock;
    this.site = site;
    this.ids = new IdMint(clock);
    this.secret = new Uint8Array(32).fill(1);
    this.ports = {
      clock,
      random: (into) => void randomFillSync(into),
      visitors: memoryVisitors([site]),
      siteSecret: async () => this.secret,
      ingest: async (message) => ok(this.ingest(message)),
      conversationsOf: async (_org, visitorIds) =>
        [...this.owners].filter(([, owner]) => visitorIds.includes(owner)).map(([conversation]) => conversation),
      publicRows: async (ask) => this.publicRows(ask),
      mark: ({ conversation, ...position }) =>
        this.put(conversation, { k: 'receipt', conversation, side: 'customer', ...position }),
      typing: ({ isTyping }) => this.onTyping(isTyping),
      log: (_level, event, detail) => void this.logged.push(`${event} ${JSON.stringify(detail)}`),
    };
    this.gateway = new VisitorGateway(this.ports);
  }

  /** Every message stored in a conversation, in order; of all conversations when none is named. */
  messages(conversation?: Id): Extract<VisitorRow, { k: 'message' }>[] {
    const all = this.rows.flatMap(({ row }) => (row.k === 'message' ? [row] : []));
    return all
      .filter((m) => conversation === undefined || m.conversation === conversation)
      .sort((a, b) => a.order - b.order);
  }

  receipt(conversation: Id, side: 'customer' | 'agent'): { deliveredUpTo: number; readUpTo: number } | null {
    const found = this.rows.find(
      (r) => r.row.k === 'receipt' && r.conversation === conversation && r.row.side === side,
    );
    return found?.row.k === 'receipt' ? found.row : null;
  }

  /** Someone of the team answers. */
  reply(conversation: Id, text: string, name = 'Mara Lindqvist'): void {
    const order = this.nextOrder(conversation);
    const id = this.ids.next();
    this.put(conversation, { k: 'message', conversation, id, order, from: 'agent', name, text, at: this.clock.now() });
  }

  /** The team's side has received or read up to here. */
  agentMark(conversation: Id, deliveredUpTo: number, readUpTo: number): void {
    this.put(conversation, { k: 'receipt', conversation, side: 'agent', deliveredUpTo, readUpTo });
  }

  /** What an internal note does to the count of a conversation: an order the customer never sees. */
  note(conversation: Id): void {
    this.nextOrder(conversation);
  }

  /** As if an older backup had been put back: everything after `seq` never happened. */
  restoreTo(seq: number): void {
    this.rows = this.rows.filter((r) => r.seq <= seq);
    this.seq = seq;
    this.mark += 'x';
    for (const conversation of this.orders.keys()) {
      this.orders.set(conversation, Math.max(0, ...this.messages(conversation).map((m) => m.order)));
    }
  }

  get head(): number {
    return this.seq;
  }

  private nextOrder(conversation: Id): number {
    const order = (this.orders.get(conversation) ?? 0) + 1;
    this.orders.set(conversation, order);
    return order;
  }

  private ingest(message: IncomingMessage): { conversationId: Id; order: number; at: number } {
    if (this.failures > 0) {
      this.failures -= 1;
      throw new Error('the database is gone');
    }
    const stored = this.messages().find((m) => m.id === message.providerId);
    if (stored) return { conversationId: stored.conversation, order: stored.order, at: stored.at };
    const known = [...this.owners].filter(([, owner]) => message.visitorIds.includes(owner)).at(-1)?.[0];
    const conversation = known ?? this.ids.next();
    if (!known) this.owners.set(conversation, message.visitorId);
    const order = this.nextOrder(conversation);
    const { providerId: id, text } = message;
    const at = this.clock.now();
    this.put(conversation, { k: 'message', conversation, id, order, from: 'customer', name: null, text, at });
    this.onMessage(message, conversation);
    return { conversationId: conversation, order, at };
  }

  private put(conversation: Id, row: VisitorRow): void {
    this.seq += 1;
    const isSame = (r: StoredRow): boolean =>
      row.k === 'receipt' && r.row.k === 'receipt' && r.conversation === conversation && r.row.side === row.side;
    const had = this.rows.find(isSame);
    let next = row;
    if (row.k === 'receipt' && had?.row.k === 'receipt') {
      const deliveredUpTo = Math.max(row.deliveredUpTo, had.row.deliveredUpTo);
      next = { ...row, deliveredUpTo, readUpTo: Math.max(row.readUpTo, had.row.readUpTo) };
    }
    this.rows = [...this.rows.filter((r) => !isSame(r)), { seq: this.seq, conversation, row: next }];
    this.gateway.rowsChanged(new Set([conversation]));
  }

  private publicRows(ask: Parameters<WidgetPorts['publicRows']>[0]): Awaited<ReturnType<WidgetPorts['publicRows']>> {
    const { after, fresh, known, limit } = ask;
    if (after && (after.mark !== this.mark || after.seq > this.seq)) return { kind: 'unknown' };
    const whole = this.rows.filter((r) => fresh.includes(r.conversation)).slice(-limit);
    const news = this.rows.filter((r) => known.includes(r.conversation) && r.seq > (after?.seq ?? 0));
    const page = news.slice(0, limit);
    const isMore = news.length > page.length;
    const upTo = { seq: isMore ? (page.at(-1)?.seq ?? this.seq) : this.seq, mark: this.mark };
    return { kind: 'page', rows: [...whole, ...page].map((r) => r.row), upTo, more: isMore };
  }
}

/** A site for tests: open always, unless other fields say so. */
export function fakeSite(change: Partial<Site> = {}): Site {
  return {
    org: '019a9d3c-0000-7000-8000-00000000000a',
    id: '019a9d3c-0000-7000-8000-00000000000b',
    key: 'shop',
    name: 'Harbour & Pine',
    teamId: '019a9d3c-0000-7000-8000-00000000000c',
    allowedOrigins: [],
    hours: null,
    awayText: {},
    ...change,
  };
}
