import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server on loopback that lets everything in and counts who came: what must stay unreached shows that it was. */
export type Listener = {
  /** `host:port` of both the TCP and the UDP side. */
  readonly address: string;
  /** Connections and datagrams so far. */
  count(): number;
  stop(): Promise<void>;
};

/** Starts a listener on a free port, HTTP and plain TCP on one side, UDP (as STUN asks) on the other. */
export async function startListener(): Promise<Listener> {
  let count = 0;
  const web = createServer((_request, answer) => {
    answer.writeHead(200, { 'access-control-allow-origin': '*', 'content-type': 'text/html' });
    answer.end('<title>outside</title>reached');
  });
  web.on('connection', () => {
    count += 1;
  });
  web.listen(0, '127.0.0.1');
  await once(web, 'listening');
  const { port } = web.address() as AddressInfo;
  const datagrams = createSocket('udp4');
  datagrams.on('message', () => {
    count += 1;
  });
  datagrams.bind(port, '127.0.0.1');
  await once(datagrams, 'listening');
  return {
    address: `127.0.0.1:${port}`,
    count: () => count,
    async stop() {
      web.closeAllConnections();
      datagrams.close();
      await new Promise((done) => web.close(done));
    },
  };
}
