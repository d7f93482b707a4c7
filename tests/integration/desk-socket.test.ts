import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lossOf } from '#core/sync/loss.ts';
import { connectSocket } from '#core/sync/socket.ts';
import { startProxy } from '#tests/support/proxy.ts';

type Proxy = Awaited<ReturnType<typeof startProxy>>;

let http: ReturnType<typeof createServer>;
let io: Server;
let port: number;
let proxy: Proxy;
let address: string;
const heard: unknown[] = [];

beforeEach(async () => {
  http = createServer();
  io = new Server(http, { pingInterval: 1500, pingTimeout: 2000, transports: ['websocket'] });
  io.on('connection', (socket) => {
    socket.on('m', (message: unknown) => {
      heard.push(message);
      socket.emit('m', { t: 'first' });
      socket.emit('m', { t: 'second' });
    });
  });
  await new Promise<void>((ready) => http.listen(0, '127.0.0.1', ready));
  port = (http.address() as AddressInfo).port;
  proxy = await startProxy({ host: '127.0.0.1', port });
  address = `http://127.0.0.1:${proxy.port}`;
});
afterEach(async () => {
  await proxy.close();
  await io.close();
  heard.length = 0;
});

const hello = { t: 'auth', token: 'x' } as const;

describe('a link over socket.io', () => {
  it('carries whole messages in order both ways', async () => {
    const opened = await connectSocket(address);
    if (!opened.ok) throw new Error(opened.error);
    const link = opened.value;
    const got = new Promise<unknown[]>((all) => {
      const messages: unknown[] = [];
      link.onMessage((m) => {
        messages.push(m);
        if (messages.length === 2) all(messages);
      });
    });
    link.send(hello);
    expect(await got).toEqual([{ t: 'first' }, { t: 'second' }]);
    expect(heard).toEqual([hello]);
    link.close();
  });

  it('closes within 5 s when the line swallows everything, and says that it was silent', async () => {
    const opened = await connectSocket(address);
    if (!opened.ok) throw new Error(opened.error);
    const closed = new Promise<string>((why) => opened.value.onClose(why));
    const at = performance.now();
    await proxy.set({ kind: 'swallow' });
    expect(lossOf(await closed)).toBe('silent');
    expect(performance.now() - at).toBeLessThan(5000);
  });

  it('says that nobody listens, that nobody answers, and that the line was cut', async () => {
    const opened = await connectSocket(address);
    if (!opened.ok) throw new Error(opened.error);
    const closed = new Promise<string>((why) => opened.value.onClose(why));
    await proxy.set({ kind: 'cut' });
    expect(lossOf(await closed)).toBe('no-answer');
    await proxy.set({ kind: 'swallow' });
    expect(await connectSocket(address)).toEqual({ ok: false, error: 'no-answer' });
    await proxy.close();
    expect(await connectSocket(address)).toEqual({ ok: false, error: 'refused' });
    proxy = await startProxy({ host: '127.0.0.1', port });
  });

  it('hears nothing more of a link it has closed itself', async () => {
    const opened = await connectSocket(address);
    if (!opened.ok) throw new Error(opened.error);
    let closes = 0;
    opened.value.onClose(() => {
      closes += 1;
    });
    const [socket] = await io.fetchSockets();
    const seen = new Promise((gone) => io.sockets.sockets.get(socket?.id ?? '')?.once('disconnect', gone));
    opened.value.close();
    await seen;
    expect(closes).toBe(0);
  });
});
