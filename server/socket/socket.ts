import type { Server } from 'socket.io';
import type { Link } from '#shared/wire/link.ts';
import type { Down } from '#shared/wire/messages.ts';
import type { Gateway } from './gateway.ts';

/** Carries the desks' protocol over socket.io: one event `m` each way, one message object each. */
export function serveDesks(io: Server, gateway: Gateway): void {
  io.of('/').on('connection', (socket) => {
    const link: Link<Down> = {
      send: (message) => void socket.emit('m', message),
      close: () => {
        // What was sent just before (why the desk is dismissed) goes out first.
        setImmediate(() => socket.disconnect(true));
      },
      onMessage: (take) => void socket.on('m', take),
      onClose: (take) => void socket.on('disconnect', (why) => take(why)),
    };
    gateway.accept(link);
  });
}
