import * as z from 'zod/mini';
import type { HubContext } from '#server/context.ts';
import { badInput } from '#shared/lib/errors.ts';
import type { Id } from '#shared/lib/ids.ts';
import type { Timer } from '#shared/lib/time.ts';
import type { Link } from '#shared/wire/link.ts';
import { type Cursor, type Down, type Up, upSchema } from '#shared/wire/messages.ts';
import { Meter } from './meter.ts';

/** Messages of a desk that are worked on one after the other. */
export type Worked = Exclude<Up, { t: 'pageDone' }>;

export interface LineParts {
  /** works on one message; the next waits until it is done */
  work(message: Worked): Promise<void>;
  /** a page is confirmed: never waits behind commands */
  pageDone(upTo: Cursor): void;
  /** the connection has ended, whoever ended it */
  over(): void;
  /** told of work under way */
  watch(work: Promise<void>): void;
  /** for the log: whose line this is, once that is known */
  device(): Id | null;
}

/** What a line takes and for how long. Counts of messages; milliseconds. */
export const lineLimits = {
  /** how many messages may wait behind the one being worked on */
  longestQueue: 1_000,
  /** how many malformed messages are refused before the desk is cut off */
  mostMalformed: 5,
  /** before a desk has said who it is: how long it has, and how much it may say */
  helloWithinMs: 10_000,
  stranger: { perSecond: 5, burst: 20 },
  known: { perSecond: 200, burst: 2_000 },
} as const;

/**
 * The hub's end of one connection: parses what comes, keeps every bound, works on messages in order. What they mean is
 * the gateway's matter.
 */
export class Line {
  private readonly ctx: HubContext;
  private readonly link: Link<Down>;
  private readonly parts: LineParts;
  private meter: Meter;
  private helloTimer: Timer | null;
  private queue: Promise<void> = Promise.resolve();
  private queued = 0;
  private malformed = 0;
  private closed = false;

  constructor(ctx: HubContext, link: Link<Down>, parts: LineParts) {
    this.ctx = ctx;
    this.link = link;
    this.parts = parts;
    this.meter = new Meter(ctx.clock, lineLimits.stranger);
    this.helloTimer = ctx.clock.setTimeout(() => this.cut('slow', 'no hello'), lineLimits.helloWithinMs);
    link.onMessage((raw) => this.take(raw));
    link.onClose((why) => {
      if (!this.closed) ctx.log.info({ device: parts.device(), why }, 'a desk has gone');
      this.over();
    });
  }

  get isClosed(): boolean {
    return this.closed;
  }

  /** Who is there is known now: the bounds of a stranger end. */
  known(): void {
    if (!this.helloTimer) return;
    this.helloTimer.cancel();
    this.helloTimer = null;
    this.meter = new Meter(this.ctx.clock, lineLimits.known);
  }

  send(message: Down): void {
    if (!this.closed) this.link.send(message);
  }

  /** Resolves when what was sent has left, so that a large answer is made only when there is room for it. */
  drained(): Promise<void> {
    return this.link.drained?.() ?? Promise.resolve();
  }

  close(last: Down | null): void {
    if (this.closed) return;
    if (last) this.link.send(last);
    this.over();
    this.link.close();
  }

  /** Ends the connection because a bound was passed. */
  cut(why: 'slow' | 'flood', bound: string): void {
    if (this.closed) return;
    this.ctx.log.warn({ device: this.parts.device(), bound }, 'a desk was cut off');
    this.close({ t: 'bye', why });
  }

  private over(): void {
    if (this.closed) return;
    this.closed = true;
    this.helloTimer?.cancel();
    this.parts.over();
  }

  private take(raw: unknown): void {
    if (this.closed) return;
    if (!this.meter.allows(1)) {
      this.cut('flood', 'rate');
      return;
    }
    const parsed = z.safeParse(upSchema, raw);
    if (!parsed.success) {
      this.refuse(badInput('session/bad-input', parsed.error, 'hub'));
      return;
    }
    const message = parsed.data;
    if (message.t === 'pageDone') {
      this.parts.pageDone(message.upTo);
      return;
    }
    // A desk that starts over asks once for each of its scopes, thousands of them; the queue bounds it all the same.
    if (message.t === 'backfill' && !this.helloTimer) this.meter.giveBack(1);
    if (this.queued >= lineLimits.longestQueue) {
      this.cut('flood', 'queue');
      return;
    }
    this.queued += 1;
    this.queue = this.queue.then(() => this.turn(message));
    this.parts.watch(this.queue);
  }

  private async turn(message: Worked): Promise<void> {
    try {
      if (!this.closed) await this.parts.work(message);
    } catch (error) {
      const device = this.parts.device();
      this.ctx.log.error({ t: message.t, device, error: String(error) }, 'a message could not be worked on');
      this.close(null);
    } finally {
      this.queued -= 1;
    }
  }

  private refuse(error: ReturnType<typeof badInput>): void {
    this.malformed += 1;
    const facts = { device: this.parts.device(), field: error.field ?? '', count: this.malformed };
    this.ctx.log.warn(facts, 'a desk sent what is no message');
    this.send({ t: 'refused', error });
    if (this.malformed > lineLimits.mostMalformed) this.cut('flood', 'malformed');
  }
}
