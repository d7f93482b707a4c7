import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { ingestCustomerMessage } from '#server/channels/ingest.ts';
import type { FailPoint, HubSettings, Log } from '#server/context.ts';
import { type Db, inTransaction } from '#server/db/tx.ts';
import { type Hub, makeHub } from '#server/hub.ts';
import { addPersonIn, createOrg } from '#server/session/accounts.ts';
import { teamRow } from '#server/session/rows.ts';
import { insertDevice, upsertTeam } from '#server/session/store.ts';
import { issueTokens } from '#server/session/token-store.ts';
import type { Envelope } from '#shared/lib/command.ts';
import { type Id, IdMint, type RandomBytes } from '#shared/lib/ids.ts';
import { canonicalJson } from '#shared/lib/json.ts';
import type { Clock } from '#shared/lib/time.ts';
import type { Role } from '#shared/session/model.ts';
import type { Link } from '#shared/wire/link.ts';
import type { Down, Up } from '#shared/wire/messages.ts';
import { wireVersion } from '#shared/wire/version.ts';

/** A log that keeps what it was told, for tests to look at. */
export function keepingLog(): Log & { lines: { level: string; fields: Record<string, unknown>; message: string }[] } {
  const lines: { level: string; fields: Record<string, unknown>; message: string }[] = [];
  const at = (level: string) => (fields: Record<string, unknown>, message: string) =>
    void lines.push({ level, fields, message });
  return { lines, info: at('info'), warn: at('warn'), error: at('error') };
}

/** Random bytes from a seed (mulberry32), the same on every run. */
export function seededRandom(seed: number): RandomBytes {
  let state = seed >>> 0;
  return (into) => {
    for (let i = 0; i < into.length; i += 1) {
      state = (state + 0x6d2b79f5) >>> 0;
      let t = Math.imul(state ^ (state >>> 15), 1 | state);
      t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
      into[i] = (t ^ (t >>> 14)) & 0xff;
    }
  };
}

/** A device known to the hub: its key and its token. */
export interface TestDevice {
  readonly id: Id;
  readonly personId: Id;
  readonly token: string;
  readonly key: KeyObject;
}

/** A hub on a real database with an organisation, two teams and whoever is added, all in this process. */
export class World {
  readonly hub: Hub;
  readonly org: Id;
  readonly teams: readonly [Id, Id];
  readonly mint: IdMint;
  readonly log = keepingLog();
  private readonly random: RandomBytes;

  private constructor(hub: Hub, org: Id, teams: [Id, Id], mint: IdMint, random: RandomBytes) {
    this.hub = hub;
    this.org = org;
    this.teams = teams;
    this.mint = mint;
    this.random = random;
  }

  static async create(
    db: Db,
    clock: Clock,
    options: { seed?: number; failPoint?: FailPoint; settings?: Partial<HubSettings>; isOneOfMany?: boolean } = {},
  ): Promise<World> {
    const random = seededRandom(options.seed ?? 1);
    const hub = await makeHub({
      db,
      clock,
      log: keepingLog(),
      random,
      ...(options.failPoint ? { failPoint: options.failPoint } : {}),
      ...(options.settings ? { settings: options.settings } : {}),
      isOneOfMany: options.isOneOfMany ?? false,
    });
    const mint = new IdMint(clock, random);
    const org = mint.next();
    const teams: [Id, Id] = [mint.next(), mint.next()];
    await inTransaction(db, async (tx) => {
      await createOrg(tx, { id: org, name: 'Harbour & Pine', isDemo: true }, clock.now());
      const rows = [];
      for (const [i, id] of teams.entries()) {
        const team = { id, name: ['Returns', 'Delivery'][i] ?? '', region: 'DE' };
        await upsertTeam(tx, org, team);
        rows.push(teamRow(team));
      }
      await hub.ctx.commit(tx, { org, at: clock.now(), cmd: null, rows, audit: [] });
    });
    await hub.tail.look();
    return new World(hub, org, teams, mint, random);
  }

  async person(name: string, role: Role, teamIds: readonly Id[], password = 'a long password'): Promise<Id> {
    const id = this.mint.next();
    await inTransaction(this.hub.ctx.db, async (tx) => {
      const now = this.hub.ctx.clock.now();
      const email = `${name.toLowerCase()}@example.org`;
      const added = await addPersonIn(tx, this.org, { id, name, email, role, teamIds, password }, now, this.random);
      if (!added.ok) throw new Error(added.error.code);
      await this.hub.ctx.commit(tx, {
        org: this.org,
        at: now,
        cmd: null,
        rows: added.value.rows,
        audit: [],
        regrant: { persons: [id] },
      });
    });
    return id;
  }

  async device(personId: Id): Promise<TestDevice> {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const id = this.mint.next();
    const now = this.hub.ctx.clock.now();
    const token = await inTransaction(this.hub.ctx.db, async (tx) => {
      await insertDevice(tx, this.org, {
        id,
        person_id: personId,
        label: 'test',
        public_key: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
        state: 'active',
        last_n: 0,
        last_id: null,
        enrolled_at: now,
        last_seen_at: now,
      });
      const tokens = await issueTokens(tx, this.org, id, now, this.hub.ctx.settings, this.random, null);
      await this.hub.ctx.commit(tx, {
        org: this.org,
        at: now,
        cmd: null,
        rows: [],
        audit: [],
        regrant: { persons: [personId] },
      });
      return tokens.access;
    });
    return { id, personId, token, key: privateKey };
  }

  /** New tokens for a device, as a refresh gives them; answers the access token. */
  async freshToken(device: TestDevice): Promise<string> {
    const { db, clock, settings } = this.hub.ctx;
    const tokens = await inTransaction(db, (tx) =>
      issueTokens(tx, this.org, device.id, clock.now(), settings, this.random, null),
    );
    return tokens.access;
  }

  /** A customer writes, by the same door as the widget's. */
  customerWrites(visitorId: Id, text: string, options: { id?: Id; teamId?: Id } = {}) {
    return ingestCustomerMessage(this.hub.ctx, {
      org: this.org,
      channel: 'web',
      visitorId,
      visitorIds: [visitorId],
      visitorName: `Guest ${visitorId.slice(-4)}`,
      customerId: null,
      teamId: options.teamId ?? this.teams[0],
      providerId: options.id ?? this.mint.next(),
      text,
      language: 'en',
      sentAt: this.hub.ctx.clock.now(),
    });
  }
}

/** Signs a command as a device does. */
export function signed(device: TestDevice, content: Omit<Envelope, 'sig' | 'device'>): Envelope {
  const whole = { ...content, device: device.id };
  return { ...whole, sig: sign(null, Buffer.from(canonicalJson(whole)), device.key).toString('base64') };
}

/** Where a desk says it stands. */
export interface Standing {
  readonly cursor?: { seq: number; mark: string } | null;
  readonly lastN?: number;
  readonly lastId?: Id | null;
  readonly v?: number;
}

/** A hello as a device says it, signed. */
export function helloOf(
  device: Pick<TestDevice, 'id' | 'token' | 'key'>,
  standing: Standing = {},
): Extract<Up, { t: 'hello' }> {
  const { v = wireVersion, cursor = null, lastN = 0, lastId = null } = standing;
  const said = { t: 'hello' as const, v, device: device.id, token: device.token, cursor, lastN, lastId };
  return { ...said, sig: sign(null, Buffer.from(canonicalJson(said)), device.key).toString('base64') };
}

/** The desk's end of a connection in memory: keeps what the hub says and lets a test wait for it. */
export class TestLink {
  readonly got: Down[] = [];
  isClosed = false;
  private toHub: (message: unknown) => void = () => undefined;
  private closeHub: (why: string) => void = () => undefined;
  private waiting: (() => void)[] = [];
  /** pages are confirmed at once unless a test wants to be slow */
  isConfirming = true;

  /** connects to a hub's gateway */
  open(hub: Hub): this {
    const link: Link<Down> = {
      send: (message) => {
        const copy = structuredClone(message);
        queueMicrotask(() => {
          this.got.push(copy);
          if (copy.t === 'page' && this.isConfirming) this.say({ t: 'pageDone', upTo: copy.upTo });
          for (const wake of this.waiting.splice(0)) wake();
        });
      },
      close: () => {
        this.isClosed = true;
        for (const wake of this.waiting.splice(0)) wake();
      },
      onMessage: (take) => {
        this.toHub = take;
      },
      onClose: (take) => {
        this.closeHub = take;
      },
    };
    hub.gateway.accept(link);
    return this;
  }

  say(message: Up): void {
    this.raw(structuredClone(message));
  }

  raw(message: unknown): void {
    queueMicrotask(() => this.toHub(message));
  }

  hello(device: TestDevice, options: Standing = {}): void {
    this.say(helloOf(device, options));
  }

  close(): void {
    this.isClosed = true;
    this.closeHub('test');
  }

  /** resolves with the first message (past or future) that fits */
  async until<T>(pick: (message: Down) => T | null | undefined | false): Promise<T> {
    const deadline = Date.now() + 5_000;
    for (let seen = 0; ; ) {
      for (; seen < this.got.length; seen += 1) {
        const message = this.got[seen];
        const found = message ? pick(message) : null;
        if (found) return found;
      }
      if (Date.now() > deadline)
        throw new Error(`not said within 5 s; got ${JSON.stringify(this.got).slice(0, 2_000)}`);
      await new Promise<void>((wake) => {
        this.waiting.push(wake);
        setTimeout(wake, 200);
      });
    }
  }

  rows(): Map<string, { seq: number; body: string | null }> {
    const rows = new Map<string, { seq: number; body: string | null }>();
    for (const m of this.got) {
      if (m.t !== 'page' && m.t !== 'backfilled') continue;
      for (const r of m.rows) {
        const key = `${r.s} ${r.e} ${r.i}`;
        if ((rows.get(key)?.seq ?? 0) < r.q) rows.set(key, { seq: r.q, body: r.b });
      }
    }
    return rows;
  }
}
