import type { Server, Socket } from 'socket.io';
import { VISITOR_NAMESPACE } from '#shared/wire/visitor.ts';
import type { VisitorGateway } from './gateway.ts';
import type { VisitorLink } from './ports.ts';

/** Packets waiting for a slow page before it is cut off; it comes back and reads on from its cursor. */
const WAITING_MAX = 200;

function waitingPackets(socket: Socket): number {
  const { writeBuffer } = socket.conn as unknown as { writeBuffer?: readonly unknown[] };
  return writeBuffer?.length ?? 0;
}

/** Carries the visitors' protocol over socket.io: one event `m` each way, one message object each, no acknowledgements. */
export function serveVisitors(io: Server, gateway: VisitorGateway, addressOf: (socket: Socket) => string): void {
  io.of(VISITOR_NAMESPACE).on('connection', (socket) => {
    const link: VisitorLink = {
      send(message) {
        if (waitingPackets(socket) > WAITING_MAX) return false;
        socket.emit('m', message);
        return true;
      },
      close: () => {
        // What was said just before (why) goes out first.
        setImmediate(() => socket.disconnect(true));
      },
    };
    const session = gateway.connect(link, { address: addressOf(socket) });
    socket.on('m', (raw: unknown) => session.receive(raw));
    socket.on('disconnect', () => session.end());
  });
}

/** The visitor's network address; behind a TLS proxy of ours the one it forwards (its last word, not the client's). */
export function addressOf(isBehindProxy: boolean): (socket: Socket) => string {
  return ({ handshake }) => {
    const forwarded = handshake.headers['x-forwarded-for'];
    const list = (Array.isArray(forwarded) ? forwarded.join(',') : (forwarded ?? ''))
      .split(',')
      .map((part) => part.trim());
    return (isBehindProxy && list.at(-1)) || handshake.address;
  };
}
