import type { Clock, Timer } from '#shared/lib/time.ts';
import type { VisitorUp } from '#shared/wire/visitor.ts';

/** One connection at a time: `open` ends the one before. What an ended one still says is ignored. */
export interface WidgetSocket {
  open(on: { opened(): unknown; message(raw: unknown): unknown; closed(): unknown }): void;
  send(message: VisitorUp): void;
  close(): void;
}

/** `connecting` covers a blink; `down` means that an attempt failed or takes long. */
export type LinkState = 'off' | 'connecting' | 'online' | 'down';

const RETRY_FIRST_MS = 500;
const RETRY_MOST_MS = 15_000;
const BLINK_MS = 1_500;
/** A hub that took the connection but does not welcome us within this is as good as gone. */
const WELCOME_MS = 8_000;

type Deps = {
  clock: Clock;
  /** 0 up to 1, for jitter. */
  random: () => number;
  socket: WidgetSocket;
  onOpened(): void;
  onMessage(raw: unknown): void;
  onChange(): void;
};

/** Keeps one connection up: tries again with growing, jittered pauses, and says honestly how it stands. */
export class Connection {
  private readonly deps: Deps;
  private link: LinkState = 'off';
  private attempts = 0;
  /** Counts connections, so that a late word from an earlier one is told apart. */
  private current = 0;
  private retry: Timer | null = null;
  private patience: Timer | null = null;
  private welcomeDue: Timer | null = null;

  constructor(deps: Deps) {
    this.deps = deps;
  }

  get state(): LinkState {
    return this.link;
  }

  start(): void {
    if (this.link === 'off') this.attempt();
  }

  stop(): void {
    this.cancelAll();
    this.deps.socket.close();
    this.set('off');
  }

  /** Drops what there is and tries again at once, or after `ms`. */
  again(ms = 0): void {
    if (this.link === 'off') return;
    this.deps.socket.close();
    if (ms <= 0) this.attempt();
    else this.lost(ms);
  }

  /** The network or the tab came back: no need to wait. */
  hurry(): void {
    if (this.link === 'down' && this.retry) this.attempt();
  }

  /** The hub knows us. */
  welcomed(): void {
    this.attempts = 0;
    this.patience?.cancel();
    this.welcomeDue?.cancel();
    this.set('online');
  }

  send(message: VisitorUp): void {
    if (this.link !== 'off') this.deps.socket.send(message);
  }

  private attempt(): void {
    this.cancelAll();
    if (this.link !== 'down') this.set('connecting');
    this.patience = this.deps.clock.setTimeout(() => this.set('down'), BLINK_MS);
    this.welcomeDue = this.deps.clock.setTimeout(() => this.again(), WELCOME_MS);
    const mine = this.current;
    this.deps.socket.open({
      opened: () => mine === this.current && this.deps.onOpened(),
      message: (raw) => mine === this.current && this.deps.onMessage(raw),
      closed: () => mine === this.current && this.lost(null),
    });
  }

  private lost(ms: number | null): void {
    this.cancelAll();
    // The first try after a working link comes at once; a failed try means that the link is down.
    if (this.link === 'connecting') this.set('down');
    else if (this.link === 'online') this.set('connecting');
    const most = Math.min(RETRY_MOST_MS, RETRY_FIRST_MS * 2 ** this.attempts);
    this.attempts += 1;
    const pause = ms ?? Math.round(most * (0.5 + this.deps.random() / 2));
    if (pause > BLINK_MS) this.set('down');
    else this.patience = this.deps.clock.setTimeout(() => this.set('down'), BLINK_MS);
    this.retry = this.deps.clock.setTimeout(() => this.attempt(), pause);
  }

  private set(link: LinkState): void {
    if (this.link === link) return;
    this.link = link;
    this.deps.onChange();
  }

  /** Ends the connection there was, and every timer that belonged to it. */
  private cancelAll(): void {
    this.current += 1;
    this.retry?.cancel();
    this.retry = null;
    this.patience?.cancel();
    this.welcomeDue?.cancel();
  }
}
