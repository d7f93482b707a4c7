import { createServer } from 'node:http';
import { Server } from 'socket.io';
import { largestMessage } from '#shared/wire/messages.ts';

/** The bare side of `roundtrip`: socket.io as the hub sets it up, and nothing behind it. Prints its port when it listens. */
const http = createServer();
const io = new Server(http, {
  transports: ['websocket', 'polling'],
  pingInterval: 1_500,
  pingTimeout: 2_000,
  maxHttpBufferSize: largestMessage,
  serveClient: false,
});
// What it acknowledges with comes first, so that both sides carry the same bytes each way.
let answer: unknown = null;
io.on('connection', (socket) => {
  socket.on('answer', (given: unknown, done: () => void) => {
    answer = given;
    done();
  });
  socket.on('m', (_message: unknown, acknowledge: (answer: unknown) => void) => acknowledge(answer));
});
http.listen(0, '127.0.0.1', () => {
  const at = http.address();
  process.stdout.write(`${typeof at === 'object' && at !== null ? at.port : 0}\n`);
});
