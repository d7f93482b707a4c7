import { WidgetSession } from '#server/widget/client/session.ts';
import { socketIo } from '#server/widget/client/socket-io.ts';
import { type KeyValue, memoryStorage, WidgetStore } from '#server/widget/client/storage.ts';
import { IdMint } from '#shared/lib/ids.ts';
import { type Clock, systemClock } from '#shared/lib/time.ts';
import { type VisitorDown, visitorDownSchema } from '#shared/wire/visitor.ts';
import type { PageHand } from './hands.ts';
import type { SeenLine } from './message-checks.ts';
import { isPageAtRest } from './sim-hands.ts';

/** A customer's page over a real socket; killed, it leaves what a browser's storage keeps. */
export class RealPage implements PageHand {
  readonly name: string;
  private readonly address: string;
  private readonly site: string;
  private readonly storage: KeyValue = memoryStorage();
  private readonly heard: (message: VisitorDown) => void;
  private wrongBy = 0;
  private readonly clock: Clock = { ...systemClock, now: () => systemClock.now() + this.wrongBy };
  private life = 0;
  private session: WidgetSession;
  private close: () => void = () => undefined;

  constructor(name: string, parts: { address: string; site: string; heard(message: VisitorDown): void }) {
    this.name = name;
    this.address = parts.address;
    this.site = parts.site;
    this.heard = parts.heard;
    this.session = this.open();
  }

  send(text: string): boolean {
    return this.session.send(text);
  }

  readAll(): void {
    this.session.readAll();
  }

  setWrong(ms: number): void {
    this.wrongBy = ms;
  }

  reload(): void {
    this.end();
    this.session = this.open();
  }

  hurry(): void {
    this.session.hurry();
  }

  end(): void {
    this.life += 1;
    this.close();
  }

  get lines(): readonly SeenLine[] {
    return this.session.state.items;
  }

  get isAtRest(): boolean {
    return isPageAtRest(this.session);
  }

  get link(): string {
    return this.session.state.link;
  }

  private open(): WidgetSession {
    const life = this.life;
    const socket = socketIo(this.address);
    this.close = () => socket.close();
    const session = new WidgetSession({
      clock: this.clock,
      mint: new IdMint(this.clock),
      random: Math.random,
      store: new WidgetStore(this.storage, this.site),
      socket: {
        // A page that is gone opens nothing any more, whatever its timers still say.
        open: (on) => {
          if (life !== this.life) return;
          socket.open({
            ...on,
            message: (raw) => {
              const parsed = visitorDownSchema.safeParse(raw);
              if (parsed.success) this.heard(parsed.data);
              on.message(raw);
            },
          });
        },
        send: (message) => {
          if (life === this.life) socket.send(message);
        },
        close: () => socket.close(),
      },
      site: this.site,
      language: 'en',
      onChange: () => undefined,
      onIdentityWanted: () => undefined,
    });
    session.start();
    return session;
  }
}
