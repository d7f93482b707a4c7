import type { Server, Socket } from 'socket.io';
import type { Link } from '#shared/wire/link.ts';
import type { Down } from '#shared/wire/messages.ts';
import type { Gateway } from './gateway.ts';

/** How many packets may wait for a slow reader before nothing large is added. */
const fewPackets = 8;

function waitingPackets(socket: Socket): number {
  const { writeBuffer } = socket.conn as unknown as { writeBuffer?: readonly unknown[] };
  return writeBuffer?.length ?? 0;
}

/** Resolves when few packets wait, or the connection has ended. */
function drained(socket: Socket): Promise<void> {
  if (!socket.connected || waitingPackets(socket) < fewPackets) return Promise.resolve();
  return new Promise((done) => {
    const look = (): void => {
      if (socket.connected && waitingPackets(socket) >= fewPackets) return;
      socket.conn.off('drain', look);
      socket.off('disconnect', end);
      done();
    };
    const end = (): void => {
      socket.conn.off('drain', look);
      done();
    };
    socket.conn.on('drain', look);
    socket.once('disconnect', end);
  });
}

/** Carries the desks' protocol over socket.io: one event `m` each way, one message object each. */
export function serveDesks(io: Server, gateway: Gateway): void {
  io.of('/').on('connection', (socket) => {
    const link: Link<Down> = {
      send: (message) => void socket.emit('m', message),
      close: () => {
        // What was sent just before (why the desk is dismissed) goes out first.
        setImmediate(() => socket.disconnect(true));
      },
      drained: () => drained(socket),
      onMessage: (take) => void socket.on('m', take),
      onClose: (take) => void socket.on('disconnect', (why) => take(why)),
    };
    gateway.accept(link);
  });
}
