import * as z from 'zod/mini';
import { assertNever, type Result } from '#shared/lib/result.ts';
import type { Clock, Timer } from '#shared/lib/time.ts';
import type { Link } from '#shared/wire/link.ts';
import { type Down, downSchema, type Up } from '#shared/wire/messages.ts';
import {
  type Connection,
  type ConnectionEffect,
  type ConnectionEvent,
  type DismissedWhy,
  isUp,
  type LossWhy,
  offConnection,
  step,
} from './connection.ts';
import { lossOf } from './loss.ts';

/** What the hub says of the stream and of commands; `dismissed` and `bye` concern the line itself. */
export type HubMessage = Exclude<Down, { t: 'dismissed' | 'bye' }>;

export interface LineParts {
  readonly connect: () => Promise<Result<Link<Up>, LossWhy>>;
  readonly clock: Clock;
  /** a number in [0, 1) */
  readonly random: () => number;
  /** the first message on a new link; null when there is nothing to say hello with */
  readonly hello: () => Up | null;
  readonly refresh: () => Promise<'ok' | 'refused' | 'unreachable'>;
  /** a message of the hub, parsed, in order; welcome and resync included */
  readonly take: (message: HubMessage) => void;
  readonly up: () => void;
  readonly down: () => void;
  readonly dismissed: (why: DismissedWhy) => void;
  readonly changed: (connection: Connection) => void;
  readonly log: (level: 'info' | 'warn', text: string, facts?: Record<string, string | number>) => void;
}

/** The I/O around the connection's state machine: one link at a time, one timer, every message parsed. */
export class Line {
  private readonly parts: LineParts;
  private connection: Connection = offConnection;
  private link: Link<Up> | null = null;
  /** counts links, so that what a dead one still says is not heard */
  private generation = 0;
  private timer: Timer | null = null;
  private malformed = 0;

  constructor(parts: LineParts) {
    this.parts = parts;
  }

  get state(): Connection {
    return this.connection;
  }

  get isUp(): boolean {
    return isUp(this.connection);
  }

  /** How many messages of the hub could not be understood since the start. */
  get malformedCount(): number {
    return this.malformed;
  }

  /** Hands a message to the link. False when there is none: nothing is kept. */
  send(message: Up): boolean {
    if (!this.link) return false;
    this.link.send(message);
    return true;
  }

  /** Says hello again on the same link, after the hub asked to start over. */
  helloAgain(): void {
    const hello = this.parts.hello();
    if (hello) this.send(hello);
  }

  tell(event: ConnectionEvent): void {
    const { clock, random, changed, down } = this.parts;
    const before = this.connection;
    const { next, effects } = step(before, event, { now: clock.now(), random: random() });
    this.connection = next;
    if (isUp(before) && !isUp(next)) {
      // Before anything is tried anew: what was under way belongs to the old link.
      this.hangUp();
      down();
    }
    for (const effect of effects) this.run(effect);
    if (next !== before) changed(next);
  }

  /** Drops everything without a word, as a crash would. */
  abandon(): void {
    this.hangUp();
    this.timer?.cancel();
    this.timer = null;
    this.connection = offConnection;
  }

  private run(effect: ConnectionEffect): void {
    switch (effect.do) {
      case 'open':
        void this.open();
        return;
      case 'hello': {
        const hello = this.parts.hello();
        if (hello) this.send(hello);
        else this.tell({ on: 'dismissed', why: 'expired' });
        return;
      }
      case 'hang-up':
        this.hangUp();
        return;
      case 'timer':
        this.timer?.cancel();
        this.timer = this.parts.clock.setTimeout(() => {
          this.timer = null;
          this.tell({ on: 'timer' });
        }, effect.ms);
        return;
      case 'no-timer':
        this.timer?.cancel();
        this.timer = null;
        return;
      case 'refresh':
        void this.refresh();
        return;
      case 'up':
        this.parts.up();
        return;
      case 'dismissed':
        this.parts.dismissed(effect.why);
        return;
      default:
        assertNever(effect);
    }
  }

  private async open(): Promise<void> {
    this.hangUp();
    const generation = this.generation;
    const opened = await this.parts.connect();
    if (generation !== this.generation) {
      if (opened.ok) opened.value.close();
      return;
    }
    if (!opened.ok) return this.tell({ on: 'closed', why: opened.error });
    const link = opened.value;
    this.link = link;
    link.onMessage((raw) => {
      if (generation === this.generation) this.receive(raw);
    });
    link.onClose((why) => {
      if (generation !== this.generation) return;
      this.parts.log('info', 'the link closed', { why: why.slice(0, 200) });
      this.tell({ on: 'closed', why: lossOf(why) });
    });
    if (generation === this.generation) this.tell({ on: 'opened' });
  }

  private async refresh(): Promise<void> {
    const result = await this.parts.refresh();
    this.tell({ on: 'refreshed', result });
  }

  private receive(raw: unknown): void {
    const parsed = z.safeParse(downSchema, raw);
    if (!parsed.success) {
      this.malformed += 1;
      const where = parsed.error.issues[0]?.path.join('.') ?? '';
      this.parts.log('warn', 'the hub sent what is no message', { where, count: this.malformed });
      this.tell({ on: 'closed', why: 'no-answer' });
      return;
    }
    const message = parsed.data;
    if (message.t === 'dismissed') this.tell({ on: 'dismissed', why: message.why });
    else if (message.t === 'bye') this.tell({ on: 'bye', why: message.why });
    else this.parts.take(message);
  }

  private hangUp(): void {
    this.generation += 1;
    const link = this.link;
    this.link = null;
    link?.close();
  }
}
