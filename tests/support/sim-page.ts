import type { WidgetSocket } from '#server/widget/client/connection.ts';
import { WidgetSession } from '#server/widget/client/session.ts';
import { type KeyValue, memoryStorage, WidgetStore } from '#server/widget/client/storage.ts';
import { IdMint } from '#shared/lib/ids.ts';
import type { VisitorUp } from '#shared/wire/visitor.ts';
import type { Wire } from './sim-net.ts';
import { SimRandom } from './sim-random.ts';
import type { SimClock, SimTime } from './sim-time.ts';

/** Makes a wire to some hub node, or null when none can be reached. */
export type Dial = (client: string, kind: 'visitor' | 'desk') => Wire | null;

/** A customer's browser page: the widget's own session over the simulated net, on a storage that outlives it. */
export class SimPage {
  readonly name: string;
  readonly site: string;
  readonly storage: KeyValue = memoryStorage();
  private readonly time: SimTime;
  private readonly dial: Dial;
  private readonly random: SimRandom;
  private open: { session: WidgetSession; clock: SimClock; socket: WidgetSocket } | null = null;
  wrongBy = 0;

  constructor(name: string, site: string, parts: { time: SimTime; dial: Dial; seed: number }) {
    this.name = name;
    this.site = site;
    this.time = parts.time;
    this.dial = parts.dial;
    this.random = new SimRandom(parts.seed);
  }

  get isOpen(): boolean {
    return this.open !== null;
  }

  get session(): WidgetSession {
    this.open ??= this.load();
    return this.open.session;
  }

  setWrong(ms: number): void {
    this.wrongBy = ms;
    if (this.open) this.open.clock.wrongBy = ms;
  }

  /** The page goes, with all it had in memory; the browser's storage stays. */
  kill(): void {
    this.open?.clock.stop();
    this.open?.socket.close();
    this.open = null;
  }

  private load(): { session: WidgetSession; clock: SimClock; socket: WidgetSocket } {
    const clock = this.time.clock();
    clock.wrongBy = this.wrongBy;
    const socket = this.socketOver(clock);
    const mint = new SimRandom(this.random.fork());
    const session = new WidgetSession({
      clock,
      mint: new IdMint(clock, mint.bytes),
      random: () => this.random.next(),
      store: new WidgetStore(this.storage, this.site),
      socket,
      site: this.site,
      language: 'en',
      onChange: () => undefined,
      onIdentityWanted: () => undefined,
    });
    session.start();
    return { session, clock, socket };
  }

  private socketOver(clock: SimClock): WidgetSocket {
    let link: ReturnType<Wire['link']> | null = null;
    const close = (): void => {
      link?.close();
      link = null;
    };
    return {
      open: (on) => {
        close();
        const wire = this.dial(this.name, 'visitor');
        if (!wire) {
          clock.setTimeout(() => on.closed(), 1);
          return;
        }
        const mine = wire.link<VisitorUp>('client');
        link = mine;
        mine.onMessage((raw) => on.message(raw));
        mine.onClose(() => {
          if (link === mine) link = null;
          on.closed();
        });
        clock.setTimeout(() => {
          if (link === mine) on.opened();
        }, 1);
      },
      send: (message) => link?.send(message),
      close,
    };
  }
}
