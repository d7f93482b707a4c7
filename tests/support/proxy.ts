import type { Server, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { assertNever } from '#shared/lib/result.ts';
import { systemClock } from '#shared/lib/time.ts';

/**
 * What the network does. `pass`: everything arrives. `swallow`: bytes are taken and never delivered, nothing closes
 * (a pulled cable, a dead router). `cut`: open connections are reset, new ones refused. `delay`: everything arrives
 * `ms` later, in order. `half`: only one direction arrives, the other is swallowed.
 */
export type ProxyMode =
  | { readonly kind: 'pass' }
  | { readonly kind: 'swallow' }
  | { readonly kind: 'cut' }
  | { readonly kind: 'delay'; readonly ms: number }
  | { readonly kind: 'half'; readonly delivers: Direction };

/** `up` is from the one who connects to the target, `down` the answer. */
export type Direction = 'up' | 'down';

/** What went through since the start: bytes delivered and bytes swallowed, by direction; connections taken and open. */
export interface ProxyCounts {
  readonly accepted: number;
  readonly open: number;
  readonly delivered: Readonly<Record<Direction, number>>;
  readonly swallowed: Readonly<Record<Direction, number>>;
}

/** A network that can be broken on purpose, between a client and `target`. */
export interface CuttableProxy {
  readonly host: string;
  readonly port: number;
  /**
   * Changes what the network does, for open connections too. A connection that has lost bytes is reset when its
   * network comes back: what follows a hole would be nonsense.
   */
  set(mode: ProxyMode): Promise<void>;
  /**
   * Delivers exactly `bytes` more in that direction (over all connections), then resets the connection that carried
   * the last one. Happens once.
   */
  dropAfter(direction: Direction, bytes: number): void;
  counts(): ProxyCounts;
  close(): Promise<void>;
}

interface Pair {
  readonly client: Socket;
  readonly target: Socket;
  hasHole: boolean;
  reset(): void;
}

/** Starts a proxy on a free loopback port; it begins in mode `pass`. */
export async function startProxy(target: { readonly host: string; readonly port: number }): Promise<CuttableProxy> {
  let mode: ProxyMode = { kind: 'pass' };
  let accepted = 0;
  const delivered = { up: 0, down: 0 };
  const swallowed = { up: 0, down: 0 };
  const left: Record<Direction, number | null> = { up: null, down: null };
  const pairs = new Set<Pair>();

  const arrives = (direction: Direction): boolean => {
    switch (mode.kind) {
      case 'pass':
      case 'delay':
        return true;
      case 'swallow':
      case 'cut':
        return false;
      case 'half':
        return mode.delivers === direction;
      default:
        return assertNever(mode);
    }
  };

  /** Writes what may still pass, and resets at the byte that was asked for. */
  const write = (pair: Pair, direction: Direction, to: Socket, from: Socket, bytes: Buffer): void => {
    const limit = left[direction];
    const part = limit !== null && bytes.length >= limit ? bytes.subarray(0, limit) : bytes;
    delivered[direction] += part.length;
    if (limit !== null) left[direction] = limit - part.length;
    if (limit !== null && bytes.length >= limit) {
      left[direction] = null;
      to.write(part, () => pair.reset());
    } else if (!to.write(part)) {
      from.pause();
      to.once('drain', () => from.resume());
    }
  };

  const pipe = (pair: Pair, direction: Direction, from: Socket, to: Socket): void => {
    // Later steps wait for earlier ones, so a delay keeps the order and an end cannot overtake bytes.
    let last = Promise.resolve();
    const after = (step: () => void): void => {
      const ms = mode.kind === 'delay' ? mode.ms : 0;
      if (ms === 0 && pending === 0) {
        step();
        return;
      }
      pending += 1;
      const due = new Promise<void>((done) => systemClock.setTimeout(done, ms));
      last = Promise.all([last, due]).then(() => {
        pending -= 1;
        if (!to.destroyed) step();
      });
    };
    let pending = 0;
    from.on('data', (bytes) => {
      if (!arrives(direction)) {
        swallowed[direction] += bytes.length;
        pair.hasHole = true;
      } else after(() => write(pair, direction, to, from, bytes));
    });
    from.on('end', () => {
      if (arrives(direction)) after(() => to.end());
      else pair.hasHole = true; // the other side is not told
    });
    from.on('error', () => {
      if (arrives(direction)) pair.reset();
      else pair.hasHole = true;
    });
  };

  const take = (client: Socket): void => {
    accepted += 1;
    const to = connect({ ...target, allowHalfOpen: true, noDelay: true });
    const pair: Pair = {
      client,
      target: to,
      hasHole: false,
      reset() {
        pairs.delete(pair);
        client.resetAndDestroy();
        to.resetAndDestroy();
      },
    };
    pairs.add(pair);
    pipe(pair, 'up', client, to);
    pipe(pair, 'down', to, client);
    for (const socket of [client, to]) {
      socket.on('close', () => {
        if (client.destroyed && to.destroyed) pairs.delete(pair);
      });
    }
  };

  let server: Server;
  const listen = async (port: number): Promise<number> => {
    server = createServer({ allowHalfOpen: true, noDelay: true }, take);
    await new Promise<void>((done, refuse) => {
      server.once('error', refuse);
      server.listen(port, '127.0.0.1', done);
    });
    const at = server.address();
    if (at === null || typeof at === 'string') throw new Error('the proxy has no port');
    return at.port;
  };
  const refuseAll = async (): Promise<void> => {
    const closed = new Promise<void>((done) => server.close(() => done()));
    for (const pair of pairs) pair.reset();
    await closed;
  };
  const port = await listen(0);

  return {
    host: '127.0.0.1',
    port,
    async set(next) {
      const before = mode.kind;
      mode = next;
      if (next.kind === 'cut') {
        if (before !== 'cut') await refuseAll();
        return;
      }
      if (before === 'cut') await listen(port);
      if (next.kind === 'pass' || next.kind === 'delay') {
        for (const pair of pairs) if (pair.hasHole) pair.reset();
      }
    },
    dropAfter(direction, bytes) {
      left[direction] = bytes;
    },
    counts: () => ({ accepted, open: pairs.size, delivered: { ...delivered }, swallowed: { ...swallowed } }),
    async close() {
      if (mode.kind !== 'cut') await refuseAll();
      mode = { kind: 'cut' };
    },
  };
}
