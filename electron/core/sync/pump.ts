import type { OutboxItem } from '#core/db/outbox-items.ts';
import type { Id } from '#shared/lib/ids.ts';
import type { Clock, Timer } from '#shared/lib/time.ts';
import type { Up } from '#shared/wire/messages.ts';
import { envelopeOf } from './envelope.ts';
import type { Outbox } from './outbox.ts';
import { idlePush, mayGoAtOnce, type PushEvent, type PushState, stepPush } from './push.ts';

export interface PumpParts {
  readonly outbox: Outbox;
  readonly device: Id;
  readonly clock: Clock;
  readonly random: () => number;
  readonly send: (message: Up) => boolean;
}

/** The I/O around `push`: reads what waits, marks it sent on disk, sends it, and keeps the one timer. */
export class Pump {
  private readonly parts: PumpParts;
  private state: PushState = idlePush;
  private timer: Timer | null = null;
  /** commands that were stored as sent in the moment they were written: they need no second write */
  private readonly ready = new Map<number, OutboxItem>();

  constructor(parts: PumpParts) {
    this.parts = parts;
  }

  mayGoAtOnce(n: number): boolean {
    return mayGoAtOnce(this.state, n, this.parts.outbox.unsettled());
  }

  written(items: readonly OutboxItem[]): void {
    for (const item of items) if (item.state === 'sent') this.ready.set(item.n, item);
    this.tell({ on: 'written' });
    this.ready.clear();
  }

  settled(): void {
    this.tell({ on: 'settled' });
  }

  gap(lastN: number): void {
    this.tell({ on: 'gap', lastN });
  }

  retry(n: number, afterMs: number): void {
    this.tell({ on: 'retry', n, afterMs });
  }

  lineUp(): void {
    this.tell({ on: 'up' });
  }

  lineDown(): void {
    this.stop();
    this.tell({ on: 'down' });
  }

  stop(): void {
    this.timer?.cancel();
    this.timer = null;
  }

  private tell(event: PushEvent): void {
    const { outbox, random, clock } = this.parts;
    const { next, send, pauseMs } = stepPush(this.state, event, outbox.unsettled(), random());
    this.state = next;
    if (pauseMs !== null) {
      this.stop();
      this.timer = clock.setTimeout(() => {
        this.timer = null;
        this.tell({ on: 'timer' });
      }, pauseMs);
    }
    if (send.length > 0) this.send(send);
  }

  private send(ns: readonly number[]): void {
    const { outbox, device, send } = this.parts;
    const atOnce = ns.flatMap((n) => this.ready.get(n) ?? []);
    const handed = atOnce.length === ns.length ? { ok: true as const, value: atOnce } : outbox.handOver(ns);
    if (!handed.ok) {
      // The disk does not take the mark: nothing may leave that could not be told apart from what never left.
      this.state = { ...this.state, handed: (ns[0] ?? 1) - 1 };
      return;
    }
    for (const item of handed.value) send({ t: 'command', command: envelopeOf(item, device) });
  }
}
