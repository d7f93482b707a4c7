import { type CoreLineState, type CoreMessage, longestCoreMessage } from '#shared/ipc/window-desk.ts';

/** A MessagePort as it is used here. */
export type LinePort = {
  postMessage(message: CoreMessage): void;
  /** Hears messages from here on, those that came earlier first. Called once. */
  listen(listener: (data: unknown) => void): void;
  close(): void;
};

type Listener = { onMessage(message: CoreMessage): void; onState(state: CoreLineState): void };

export type CoreLine = {
  /** A fresh port came: the older one is closed, its late messages are not heard. */
  attach(port: LinePort): void;
  /** The core died; a fresh port will come. */
  lost(): void;
  connect(listener: Listener): { post(message: CoreMessage): void };
};

const mostWaiting = 1_000;

function isPlainObject(value: unknown): value is CoreMessage {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Checks form and size only: what a message means is parsed by the core and by the page's bridge. */
function checked(message: unknown): CoreMessage {
  if (!isPlainObject(message)) throw new TypeError('a message to the core is a plain object');
  let text: string | undefined;
  try {
    text = JSON.stringify(message);
  } catch {
    throw new TypeError('a message to the core is data only');
  }
  if (text.length > longestCoreMessage) throw new TypeError('the message to the core is too long');
  return message;
}

/** Passes messages between the page and the core's current port. */
export function createCoreLine(): CoreLine {
  let port: LinePort | null = null;
  let isHeard = false;
  let listener: Listener | null = null;
  let hasBeenOpen = false;
  let waiting: CoreMessage[] = [];

  const open = (): void => {
    if (port === null || listener === null) return;
    if (!isHeard) {
      isHeard = true;
      const mine = port;
      port.listen((data) => {
        if (mine === port && isPlainObject(data)) listener?.onMessage(data);
      });
    }
    listener.onState('open');
    hasBeenOpen = true;
    for (const message of waiting.splice(0)) port.postMessage(message);
  };

  const drop = (): void => {
    if (port === null) return;
    port.close();
    port = null;
    isHeard = false;
  };

  return {
    attach(next) {
      drop();
      port = next;
      open();
    },
    lost() {
      drop();
      listener?.onState('closed');
    },
    connect(next) {
      listener = next;
      waiting = [];
      const mine = next;
      open();
      return {
        post(message) {
          if (listener !== mine) return;
          const good = checked(message);
          if (port !== null) port.postMessage(good);
          else if (!hasBeenOpen && waiting.length < mostWaiting) waiting.push(good);
        },
      };
    },
  };
}
