import { io, type Socket } from 'socket.io-client';
import { VISITOR_NAMESPACE } from '#shared/wire/visitor.ts';
import type { WidgetSocket } from './connection.ts';

/**
 * The product's connection: socket.io without its own reconnection, buffering or acknowledgements, so that what is sent
 * and when is decided in one place. WebSocket first, polling where something in between forbids it.
 */
export function socketIo(origin: string): WidgetSocket {
  let socket: Socket | null = null;
  const end = (): void => {
    socket?.removeAllListeners();
    socket?.disconnect();
    socket = null;
  };
  return {
    open(on) {
      end();
      const mine = io(`${origin}${VISITOR_NAMESPACE}`, {
        transports: ['websocket', 'polling'],
        tryAllTransports: true,
        reconnection: false,
        forceNew: true,
        timeout: 6_000,
      });
      socket = mine;
      mine.on('connect', () => on.opened());
      mine.on('m', (raw: unknown) => on.message(raw));
      mine.on('disconnect', () => on.closed());
      mine.on('connect_error', () => {
        mine.disconnect();
        on.closed();
      });
    },
    send(message) {
      if (socket?.connected) socket.emit('m', message);
    },
    close: end,
  };
}
