import type { HubContext } from '#server/context.ts';
import type { Marks } from '#server/conversation/handle.ts';
import { readBackfill } from '#server/replica/page.ts';
import type { News } from '#server/replica/tail.ts';
import { type DevicePerson, deviceOfAccess, type Standing, standings } from '#server/session/handle.ts';
import { hubError } from '#shared/lib/errors.ts';
import type { Id } from '#shared/lib/ids.ts';
import { scopeOf } from '#shared/lib/scope.ts';
import type { Timer } from '#shared/lib/time.ts';
import type { Link } from '#shared/wire/link.ts';
import type { Down, Up } from '#shared/wire/messages.ts';
import type { AskDesk } from './asks.ts';
import { barredBecause, type CommandDesk } from './commands.ts';
import { greet } from './greet.ts';
import { Line, type Worked } from './line.ts';
import type { Presences } from './presence.ts';
import type { Signals } from './signals.ts';
import { Stream } from './stream.ts';

/** What the gateway needs of the rest of the hub. */
export interface GatewayParts {
  readonly commands: CommandDesk;
  readonly asks: AskDesk;
  readonly marks: Marks;
  readonly presences: Presences;
  readonly signals: Signals;
}

/** The desks connected to this node. */
export interface Gateway {
  /** takes a new connection, whatever carries it */
  accept(link: Link<Down>): void;
  /** wakes the desks that what is new concerns */
  tell(news: News): void;
  /** tells every desk that this node goes, and closes */
  drain(): Promise<void>;
  /** resolves when nothing that arrived so far is being worked on */
  quiet(): Promise<void>;
  count(): number;
}

/** A desk that has said hello and is welcome. */
interface Welcomed {
  readonly org: Id;
  readonly device: Id;
  readonly person: DevicePerson;
  readonly stream: Stream;
  /** ends the connection when the token does */
  expiry: Timer;
}

/** The longest time a timer of Node can wait for (ms). */
const longestTimer = 2 ** 31 - 1;
/** Before a device that could not be looked up is looked up again (ms). */
const lookAgainMs = 1_000;

/** Makes the gateway of one node. */
export function makeGateway(ctx: HubContext, parts: GatewayParts): Gateway {
  const connections = new Set<Connection>();
  const byDevice = new Map<Id, Connection>();
  const working = new Set<Promise<void>>();
  let isDraining = false;

  const watch = (work: Promise<void>): void => {
    working.add(work);
    void work.finally(() => working.delete(work));
  };

  parts.signals.onTyping((signal) => {
    for (const device of signal.devices) byDevice.get(device)?.line.send({ t: 'typing', ...signal.message });
  });

  class Connection {
    readonly line: Line;
    welcomed: Welcomed | null = null;

    constructor(link: Link<Down>) {
      this.line = new Line(ctx, link, {
        work: (message) => this.work(message),
        pageDone: (upTo) => this.welcomed?.stream.done(upTo),
        over: () => {
          connections.delete(this);
          this.forget();
        },
        watch,
        device: () => this.welcomed?.device ?? null,
      });
    }

    private forget(): void {
      const me = this.welcomed;
      this.welcomed = null;
      if (!me) return;
      me.stream.stop();
      me.expiry.cancel();
      if (byDevice.get(me.device) === this) byDevice.delete(me.device);
    }

    private expireAt(until: number): Timer {
      const left = Math.min(Math.max(0, until - ctx.clock.now()), longestTimer);
      return ctx.clock.setTimeout(() => this.line.close({ t: 'dismissed', why: 'expired' }), left);
    }

    private async work(message: Worked): Promise<void> {
      if (message.t === 'hello') return this.hello(message);
      const me = this.welcomed;
      if (!me) return this.line.send({ t: 'refused', error: hubError('session/hello-first') });
      const thread = message.t === 'mark' || message.t === 'typing' ? scopeOf.publicOf(message.conversationId) : '';
      switch (message.t) {
        case 'auth': {
          const found = await deviceOfAccess(ctx.db, message.token, ctx.clock.now());
          if (found?.device !== me.device) return this.line.close({ t: 'dismissed', why: 'expired' });
          me.expiry.cancel();
          me.expiry = this.expireAt(found.until);
          return;
        }
        case 'backfill':
          await this.line.drained();
          return this.line.send(await readBackfill(ctx.db, me.org, me.device, message));
        case 'command': {
          const answer = await parts.commands.decide(me.org, me.device, message.command);
          return answer.t === 'dismissed' ? this.line.close(answer) : this.line.send(answer);
        }
        case 'ask':
          return this.line.send(await parts.asks.answer(me.org, me.device, message));
        case 'mark': {
          if (!(await me.stream.holds(thread))) return;
          const { conversationId, deliveredUpTo, readUpTo } = message;
          return parts.marks.add(me.org, { conversationId, party: 'agent', deliveredUpTo, readUpTo });
        }
        case 'beat': {
          const { state, drafts } = message;
          return parts.presences.beat({ org: me.org, personId: me.person.person_id, device: me.device, state, drafts });
        }
        case 'typing':
          if (!(await me.stream.holds(thread))) return;
          return parts.signals.agentTyping(me.org, message.conversationId, me.person.name, message.isTyping);
      }
    }

    private async hello(message: Extract<Up, { t: 'hello' }>): Promise<void> {
      const greeting = await greet(ctx, message);
      await ctx.failPoint('desk.greeted', { device: message.device });
      if (this.line.isClosed) return;
      if (greeting.is === 'dismissed') return this.line.close(greeting.say);
      this.line.known();
      this.forget();
      if (greeting.is === 'resync') return this.line.send(greeting.say);
      const { org, person } = greeting;
      byDevice.get(person.id)?.line.close({ t: 'bye', why: 'replaced' });
      byDevice.set(person.id, this);
      this.line.send(greeting.say);
      const stream = new Stream(ctx, {
        org,
        device: person.id,
        from: message.cursor,
        send: (page) => this.line.send(page),
        cut: (why) => this.line.cut(why, 'page not confirmed'),
        watch,
      });
      this.welcomed = { org, device: person.id, person, stream, expiry: this.expireAt(greeting.until) };
      // What was revoked while it was greeted was told before it could hear: it is looked at once more.
      recheck(org, [this]);
    }
  }

  const dismiss = ({ line, welcomed }: Connection, standing: Standing | undefined): void => {
    const barred =
      standing === undefined ? 'unknown' : (barredBecause(standing) ?? (standing.has_tokens ? null : 'expired'));
    if (barred) line.close({ t: 'dismissed', why: barred });
    else welcomed?.stream.wake();
  };
  /** Looks whether these desks, of one organisation, are still welcome; those that are look for what is new. */
  const recheck = (org: Id, some: readonly Connection[]): void => {
    const known = some.flatMap((c) => (c.welcomed ? [[c.welcomed.device, c] as const] : []));
    if (known.length === 0) return;
    const look = async (): Promise<void> => {
      const ids = known.map(([id]) => id);
      const found = new Map((await standings(ctx.db, org, ids, ctx.clock.now())).map((s) => [s.id, s]));
      for (const [id, connection] of known) if (connection.welcomed?.device === id) dismiss(connection, found.get(id));
    };
    watch(
      look().catch((error: unknown) => {
        ctx.log.error({ count: known.length, error: String(error) }, 'desks could not be looked up');
        ctx.clock.setTimeout(() => recheck(org, some), lookAgainMs);
      }),
    );
  };
  const hear = (news: News): void => {
    const ofOrg = [...connections].filter((c) => c.welcomed?.org === news.org);
    // What changed about people is in everybody's scope; who is meant stands in the tables.
    const isAboutAll = news.scopes === null || news.scopes.has(scopeOf.org);
    const isOwn = ({ welcomed }: Connection): boolean =>
      news.scopes?.has(scopeOf.device(welcomed?.device ?? '')) === true;
    recheck(news.org, isAboutAll ? ofOrg : ofOrg.filter(isOwn));
    for (const { welcomed } of isAboutAll ? [] : ofOrg) {
      if (welcomed && (news.devices === null || news.devices.has(welcomed.device))) welcomed.stream.wake();
    }
  };

  return {
    accept(link) {
      const connection = new Connection(link);
      connections.add(connection);
      if (isDraining) connection.line.close({ t: 'bye', why: 'draining' });
    },
    tell: hear,
    async drain() {
      isDraining = true;
      for (const connection of connections) connection.line.close({ t: 'bye', why: 'draining' });
      await this.quiet();
    },
    async quiet() {
      while (working.size > 0) await Promise.all(working);
    },
    count: () => connections.size,
  };
}
