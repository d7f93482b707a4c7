import type { WidgetSocket } from '#server/widget/client/connection.ts';
import { WidgetSession } from '#server/widget/client/session.ts';
import { type KeyValue, memoryStorage, WidgetStore } from '#server/widget/client/storage.ts';
import type { VisitorGateway } from '#server/widget/gateway.ts';
import type { VisitorSession } from '#server/widget/session.ts';
import { IdMint } from '#shared/lib/ids.ts';
import type { Clock } from '#shared/lib/time.ts';
import type { VisitorDown, VisitorUp } from '#shared/wire/visitor.ts';

/** A network between pages and a hub that can be slow, cut, or swallow bytes without closing. */
export class FakeNet {
  /** What happens to the next message: through, swallowed (and all after it), or sent twice. */
  fate: () => 'through' | 'swallow' | 'twice' = () => 'through';
  delay: () => number = () => 5;
  isUp = true;
  readonly said: VisitorUp[] = [];
  readonly heard: VisitorDown[] = [];
  private readonly clock: Clock;
  private readonly gateway: () => VisitorGateway;
  private readonly open = new Set<{ cut(): void }>();

  constructor(clock: Clock, gateway: () => VisitorGateway) {
    this.clock = clock;
    this.gateway = gateway;
  }

  /** Ends every connection; both sides notice. */
  cut(): void {
    for (const connection of [...this.open]) connection.cut();
  }

  socket(): WidgetSocket {
    let current: { cut(): void; send(message: VisitorUp): void } | null = null;
    return {
      open: (on) => {
        current?.cut();
        current = this.connect(on);
      },
      send: (message) => current?.send(message),
      close: () => {
        const ending = current;
        current = null;
        ending?.cut();
      },
    };
  }

  private connect(on: Parameters<WidgetSocket['open']>[0]): { cut(): void; send(message: VisitorUp): void } {
    let isOpen = true;
    let isSwallowed = false;
    let session: VisitorSession | null = null;
    let isTold = false;
    const tellClosed = (): void => {
      if (!isTold) this.clock.setTimeout(() => on.closed(), 1);
      isTold = true;
    };
    const cut = (): void => {
      if (!isOpen) return;
      isOpen = false;
      this.open.delete(connection);
      this.clock.setTimeout(() => session?.end(), 1);
      tellClosed();
    };
    const carry = (deliver: () => void): void => {
      if (!isOpen || isSwallowed) return;
      const fate = this.fate();
      if (fate === 'swallow') {
        isSwallowed = true;
        // Both sides' pings notice a dead line within seconds.
        this.clock.setTimeout(cut, 3_500);
        return;
      }
      for (let i = 0; i < (fate === 'twice' ? 2 : 1); i += 1)
        this.clock.setTimeout(() => isOpen && deliver(), this.delay());
    };
    const connection = {
      cut,
      send: (message: VisitorUp) => {
        const copy: VisitorUp = structuredClone(message);
        carry(() => {
          this.said.push(copy);
          session?.receive(copy);
        });
      },
    };
    this.open.add(connection);
    this.clock.setTimeout(() => {
      if (!isOpen) return;
      if (!this.isUp) return cut();
      const link = {
        send: (message: VisitorDown) => {
          const copy = structuredClone(message);
          carry(() => {
            this.heard.push(copy);
            on.message(copy);
          });
          return true;
        },
        // What was sent before closing still arrives.
        close: () => void this.clock.setTimeout(cut, 20),
      };
      session = this.gateway().connect(link, { address: '198.51.100.7' });
      on.opened();
    }, 2);
    return connection;
  }
}

/** A page of the shop: a widget session over this net, on a storage that outlives it. */
export function openPage(
  net: FakeNet,
  clock: Clock,
  options: { storage?: KeyValue; site?: string; onChange?: () => void; onIdentityWanted?: () => unknown } = {},
): { session: WidgetSession; storage: KeyValue; close(): void } {
  const storage = options.storage ?? memoryStorage();
  const socket = net.socket();
  const site = options.site ?? 'shop';
  let isClosed = false;
  const session = new WidgetSession({
    clock,
    mint: new IdMint(clock),
    random: () => 0.5,
    store: new WidgetStore(storage, site),
    socket: {
      open: (on) => {
        if (!isClosed) socket.open(on);
      },
      send: (message) => {
        if (!isClosed) socket.send(message);
      },
      close: () => socket.close(),
    },
    site,
    language: 'en',
    onChange: options.onChange ?? (() => undefined),
    onIdentityWanted: options.onIdentityWanted ?? (() => undefined),
  });
  return {
    session,
    storage,
    close() {
      isClosed = true;
      socket.close();
    },
  };
}
