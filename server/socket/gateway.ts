import * as z from 'zod/mini';
import type { HubContext } from '#server/context.ts';
import type { Marks } from '#server/conversation/handle.ts';
import { inTransaction } from '#server/db/tx.ts';
import { judgeCursor, readBackfill } from '#server/replica/page.ts';
import type { News } from '#server/replica/tail.ts';
import { type DevicePerson, deviceOf, deviceOfAccess, lockDevice, orgs } from '#server/session/handle.ts';
import { badInput } from '#shared/lib/errors.ts';
import type { Id } from '#shared/lib/ids.ts';
import type { Link } from '#shared/wire/link.ts';
import { type Down, type Up, upSchema } from '#shared/wire/messages.ts';
import { wireVersion } from '#shared/wire/version.ts';
import type { AskDesk } from './asks.ts';
import { barredBecause, type CommandDesk, freeze } from './commands.ts';
import { Meter } from './meter.ts';
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
  until: number;
  readonly stream: Stream;
}

/** How many messages may wait behind the one being worked on, per desk, before the desk is cut off. */
const longestQueue = 1_000;
/** How many malformed messages a desk may send before it is cut off. */
const mostMalformed = 5;

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
    for (const device of signal.devices) byDevice.get(device)?.send({ t: 'typing', ...signal.message });
  });

  class Connection {
    private readonly link: Link<Down>;
    private readonly meter = new Meter(ctx.clock, { perSecond: 200, burst: 2_000 });
    private queue: Promise<void> = Promise.resolve();
    private queued = 0;
    private malformed = 0;
    private isClosed = false;
    welcomed: Welcomed | null = null;

    constructor(link: Link<Down>) {
      this.link = link;
      link.onMessage((raw) => this.take(raw));
      link.onClose(() => this.over());
    }

    send(message: Down): void {
      if (!this.isClosed) this.link.send(message);
    }

    close(last: Down | null): void {
      if (this.isClosed) return;
      if (last) this.link.send(last);
      this.over();
      this.link.close();
    }

    private over(): void {
      if (this.isClosed) return;
      this.isClosed = true;
      connections.delete(this);
      this.welcomed?.stream.stop();
      if (this.welcomed && byDevice.get(this.welcomed.device) === this) byDevice.delete(this.welcomed.device);
    }

    private take(raw: unknown): void {
      if (this.isClosed) return;
      if (!this.meter.allows(1)) return this.close({ t: 'bye', why: 'flood' });
      const parsed = z.safeParse(upSchema, raw);
      if (!parsed.success) {
        this.malformed += 1;
        ctx.log.warn(
          { device: this.welcomed?.device ?? null, count: this.malformed },
          'a desk sent what is no message',
        );
        this.send({ t: 'refused', error: badInput('session/bad-input', parsed.error, 'hub') });
        if (this.malformed > mostMalformed) this.close({ t: 'bye', why: 'flood' });
        return;
      }
      const message = parsed.data;
      // A page's receipt and a heartbeat never wait behind commands.
      if (message.t === 'pageDone') return this.welcomed?.stream.done(message.upTo);
      if (this.queued >= longestQueue) return this.close({ t: 'bye', why: 'flood' });
      this.queued += 1;
      this.queue = this.queue.then(async () => {
        try {
          if (!this.isClosed) await this.work(message);
        } catch (error) {
          ctx.log.error(
            { t: message.t, device: this.welcomed?.device ?? null, error: String(error) },
            'a message could not be worked on',
          );
          this.close(null);
        } finally {
          this.queued -= 1;
        }
      });
      watch(this.queue);
    }

    private async work(message: Exclude<Up, { t: 'pageDone' }>): Promise<void> {
      if (message.t === 'hello') return this.hello(message);
      const me = this.welcomed;
      if (!me)
        return this.send({ t: 'refused', error: { code: 'session/hello-first', origin: 'hub', retry: 'never' } });
      if (message.t === 'auth') {
        const found = await deviceOfAccess(ctx.db, message.token, ctx.clock.now());
        if (found?.device === me.device) me.until = found.until;
        else this.close({ t: 'dismissed', why: 'expired' });
        return;
      }
      if (ctx.clock.now() > me.until) return this.close({ t: 'dismissed', why: 'expired' });
      switch (message.t) {
        case 'backfill':
          return this.send(await readBackfill(ctx.db, me.org, me.device, message));
        case 'command': {
          const answer = await parts.commands.decide(me.org, me.device, message.command);
          return answer.t === 'dismissed' ? this.close(answer) : this.send(answer);
        }
        case 'ask':
          return this.send(await parts.asks.answer(me.org, me.device, message));
        case 'mark': {
          if (await me.stream.holds(`conversation:${message.conversationId}:public`)) {
            parts.marks.add(me.org, {
              conversationId: message.conversationId,
              party: 'agent',
              deliveredUpTo: message.deliveredUpTo,
              readUpTo: message.readUpTo,
            });
          }
          return;
        }
        case 'beat':
          return parts.presences.beat({
            org: me.org,
            personId: me.person.person_id,
            device: me.device,
            state: message.state,
            drafts: message.drafts,
          });
        case 'typing': {
          if (await me.stream.holds(`conversation:${message.conversationId}:public`)) {
            parts.signals.agentTyping(me.org, message.conversationId, me.person.name, message.isTyping);
          }
          return;
        }
      }
    }

    private async hello(message: Extract<Up, { t: 'hello' }>): Promise<void> {
      if (message.v !== wireVersion) return this.close({ t: 'dismissed', why: 'version' });
      const now = ctx.clock.now();
      const access = await deviceOfAccess(ctx.db, message.token, now);
      if (access?.device !== message.device) return this.close({ t: 'dismissed', why: 'expired' });
      const found = await inTransaction(ctx.db, async (tx) => {
        const row = await lockDevice(tx, access.org, access.device);
        const barred = row === null ? 'unknown' : barredBecause(row);
        if (row === null || barred) return { dismissed: barred ?? ('unknown' as const) };
        const isBehind = message.lastN < row.last_n || (message.lastN === row.last_n && message.lastId !== row.last_id);
        if (!isBehind) return { row };
        await freeze(tx, ctx, {
          org: access.org,
          deviceId: row.id,
          personId: row.person_id,
          name: row.name,
          role: row.role,
          teamIds: row.team_ids,
        });
        return { dismissed: 'cloned' as const };
      });
      if (found.dismissed) return this.close({ t: 'dismissed', why: found.dismissed });
      const verdict = message.cursor === null ? null : await judgeCursor(ctx.db, access.org, message.cursor);
      if (verdict) return this.send({ t: 'resync', why: verdict, lastN: found.row.last_n });
      const org = (await orgs(ctx.db)).find((o) => o.id === access.org);
      if (this.isClosed) return;
      this.welcomed?.stream.stop();
      const before = byDevice.get(access.device);
      if (before && before !== this) before.close({ t: 'bye', why: 'replaced' });
      byDevice.set(access.device, this);
      this.send({
        t: 'welcome',
        v: wireVersion,
        hubId: access.org,
        orgName: org?.name ?? '',
        hubAt: now,
        lastN: found.row.last_n,
        offlineForMs: ctx.settings.offlineForMs,
      });
      const stream = new Stream(ctx, {
        org: access.org,
        device: access.device,
        from: message.cursor,
        send: (page) => this.send(page),
        cut: (why) => this.close({ t: 'bye', why }),
        watch,
      });
      this.welcomed = { org: access.org, device: access.device, person: found.row, until: access.until, stream };
      stream.wake();
    }

    /** Its own scope changed: the device or its person may not be welcome any more. */
    async recheck(): Promise<void> {
      const me = this.welcomed;
      if (!me) return;
      const row = await deviceOf(ctx.db, me.org, me.device);
      const barred = row === null ? 'unknown' : barredBecause(row);
      if (barred) this.close({ t: 'dismissed', why: barred });
      else me.stream.wake();
    }
  }

  return {
    accept(link) {
      const connection = new Connection(link);
      connections.add(connection);
      if (isDraining) connection.close({ t: 'bye', why: 'draining' });
    },
    tell(news) {
      for (const connection of connections) {
        const me = connection.welcomed;
        if (!me || me.org !== news.org) continue;
        if (news.scopes === null || news.scopes.has(`device:${me.device}`)) {
          watch(
            connection
              .recheck()
              .catch((error: unknown) => ctx.log.error({ error: String(error) }, 'a desk could not be looked up')),
          );
        } else if (news.devices === null || news.devices.has(me.device)) {
          me.stream.wake();
        }
      }
    },
    async drain() {
      isDraining = true;
      for (const connection of connections) connection.close({ t: 'bye', why: 'draining' });
      await this.quiet();
    },
    async quiet() {
      while (working.size > 0) await Promise.all(working);
    },
    count: () => connections.size,
  };
}
