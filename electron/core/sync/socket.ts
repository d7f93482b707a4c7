import { io, type Socket } from 'socket.io-client';
import type { Result } from '#shared/lib/result.ts';
import { fail, ok } from '#shared/lib/result.ts';
import type { Link } from '#shared/wire/link.ts';
import type { Up } from '#shared/wire/messages.ts';
import { type LossWhy, openingLimit } from './connection.ts';
import { lossOf } from './loss.ts';

/** Makes one connection to a hub. The error says why there is none; nothing is tried again in here. */
export type Connect = (address: string) => Promise<Result<Link<Up>, LossWhy>>;

/** Everything a transport error has to say: the reason often hides in what caused it. */
function reasonOf(error: unknown): string {
  const parts: string[] = [];
  let current: unknown = error;
  for (let depth = 0; depth < 6 && typeof current === 'object' && current !== null; depth += 1) {
    const { message, code, description, cause, error: inner } = current as Record<string, unknown>;
    for (const part of [message, code]) if (typeof part === 'string') parts.push(part);
    current = description ?? cause ?? inner;
  }
  return parts.join(' ');
}

function linkOver(socket: Socket): Link<Up> {
  let onClose: ((why: string) => void) | null = null;
  let closed: string | null = null;
  let isHungUp = false;
  const early: unknown[] = [];
  let take: ((message: unknown) => void) | null = null;
  socket.on('m', (message: unknown) => {
    if (isHungUp) return;
    if (take) take(message);
    else early.push(message);
  });
  socket.on('disconnect', (reason, details) => {
    if (isHungUp || closed !== null) return;
    closed = `${reason} ${reasonOf(details)}`.trim();
    socket.close();
    onClose?.(closed);
  });
  return {
    send: (message) => {
      socket.emit('m', message);
    },
    close: () => {
      isHungUp = true;
      socket.close();
    },
    onMessage: (taker) => {
      take = taker;
      for (const message of early.splice(0)) taker(message);
    },
    onClose: (taker) => {
      onClose = taker;
      if (closed !== null) taker(closed);
    },
  };
}

/**
 * Connects over socket.io: websocket only, never by itself again (our own machine decides), no recovery of its own.
 * The hub pings every 1.5 s with 2 s of patience, which it tells the client: a silent hub closes the link within 3.5 s.
 */
export const connectSocket: Connect = (address) =>
  new Promise((settle) => {
    const socket = io(address, {
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      multiplex: false,
      timeout: openingLimit,
      autoConnect: false,
      closeOnBeforeunload: false,
    });
    socket.once('connect', () => {
      socket.off('connect_error');
      settle(ok(linkOver(socket)));
    });
    socket.once('connect_error', (error) => {
      socket.off('connect');
      socket.close();
      const reason = reasonOf(error);
      settle(fail(/timeout/.test(reason) ? 'no-answer' : lossOf(reason)));
    });
    socket.connect();
  });
