import { once } from 'node:events';
import type { Server, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CuttableProxy } from './proxy.ts';
import { startProxy } from './proxy.ts';

let server: Server;
let proxy: CuttableProxy;
const sockets: Socket[] = [];
/** What the far side got, over all connections. */
let arrived = '';

beforeEach(async () => {
  arrived = '';
  server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      arrived += bytes.toString();
      socket.write(bytes.toString().toUpperCase());
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const at = server.address();
  proxy = await startProxy({ host: '127.0.0.1', port: typeof at === 'object' && at !== null ? at.port : 0 });
});

afterEach(async () => {
  await proxy.close();
  for (const socket of sockets.splice(0)) socket.destroy();
  await new Promise((done) => server.close(done));
});

interface Line {
  socket: Socket;
  text: () => string;
  ended: Promise<string>;
}

async function open(): Promise<Line> {
  const socket = connect(proxy.port, proxy.host);
  sockets.push(socket);
  let text = '';
  socket.on('data', (bytes) => (text += bytes.toString()));
  const ended = new Promise<string>((done) => {
    socket.on('error', (e) => done('code' in e ? String(e.code) : e.message));
    socket.on('close', () => done('closed'));
  });
  await once(socket, 'connect');
  return { socket, text: () => text, ended };
}

/** Another connection's answer has come back: whatever was sent before has had its chance. */
async function settled(bytes: () => number, atLeast: number): Promise<void> {
  await expect.poll(bytes).toBeGreaterThanOrEqual(atLeast);
}

test('passes both ways and counts', async () => {
  const line = await open();
  line.socket.write('hello');
  await expect.poll(line.text).toBe('HELLO');
  expect(proxy.counts()).toEqual({
    accepted: 1,
    open: 1,
    delivered: { up: 5, down: 5 },
    swallowed: { up: 0, down: 0 },
  });
});

test('an end on one side is an end on the other', async () => {
  const line = await open();
  line.socket.end('bye');
  expect(await line.ended).toBe('closed');
  expect(line.text()).toBe('BYE');
  await expect.poll(() => proxy.counts().open).toBe(0);
});

test('swallows without closing, old connections and new, and resets those with a hole when it is over', async () => {
  const [old, whole] = [await open(), await open()];
  old.socket.write('one');
  whole.socket.write('one');
  await expect.poll(() => old.text() + whole.text()).toBe('ONEONE');
  await proxy.set({ kind: 'swallow' });
  const fresh = await open();
  old.socket.write('two');
  fresh.socket.write('three');
  await settled(() => proxy.counts().swallowed.up, 8);
  expect([arrived, old.text(), fresh.text()]).toEqual(['oneone', 'ONE', '']);
  expect([old.socket.destroyed, fresh.socket.destroyed]).toEqual([false, false]);
  await proxy.set({ kind: 'pass' });
  expect(await old.ended).toBe('ECONNRESET');
  whole.socket.write('four');
  await expect.poll(whole.text).toBe('ONEFOUR');
});

test('a far side that closes while bytes are swallowed is not noticed until the network is back', async () => {
  const line = await open();
  line.socket.write('x');
  await expect.poll(line.text).toBe('X');
  await proxy.set({ kind: 'swallow' });
  const far = sockets.find((s) => s !== line.socket && s.remotePort !== proxy.port);
  far?.destroy();
  line.socket.write('lost');
  await settled(() => proxy.counts().swallowed.up, 4);
  expect(line.socket.destroyed).toBe(false);
  await proxy.set({ kind: 'pass' });
  expect(await line.ended).toBe('ECONNRESET');
});

test('cut resets what is open and refuses what is new, on the same port again afterwards', async () => {
  const line = await open();
  await proxy.set({ kind: 'cut' });
  expect(await line.ended).toBe('ECONNRESET');
  const refused = connect(proxy.port, proxy.host);
  const [error] = await once(refused, 'error');
  expect(error).toMatchObject({ code: 'ECONNREFUSED' });
  const port = proxy.port;
  await proxy.set({ kind: 'pass' });
  const again = await open();
  again.socket.write('back');
  await expect.poll(again.text).toBe('BACK');
  expect(again.socket.remotePort).toBe(port);
});

test('delay brings everything later and in order, the end last', async () => {
  await proxy.set({ kind: 'delay', ms: 60 });
  const line = await open();
  const began = performance.now();
  line.socket.write('a');
  await expect.poll(line.text).toBe('A');
  expect(performance.now() - began).toBeGreaterThanOrEqual(115);
  for (const letter of 'bcdef') line.socket.write(letter);
  line.socket.end();
  expect(await line.ended).toBe('closed');
  expect(line.text()).toBe('ABCDEF');
});

test('half delivers one direction only', async () => {
  const line = await open();
  await proxy.set({ kind: 'half', delivers: 'up' });
  line.socket.write('heard');
  await settled(() => proxy.counts().swallowed.down, 5);
  expect([arrived, line.text()]).toEqual(['heard', '']);
  await proxy.set({ kind: 'pass' });
  expect(await line.ended).toBe('ECONNRESET');
  await proxy.set({ kind: 'half', delivers: 'down' });
  const other = await open();
  other.socket.write('unheard');
  await settled(() => proxy.counts().swallowed.up, 7);
  expect(arrived).toBe('heard');
});

test('drops at the byte that was asked for, once', async () => {
  proxy.dropAfter('up', 3);
  const line = await open();
  line.socket.write('abcdef');
  expect(await line.ended).toBe('ECONNRESET');
  await expect.poll(() => arrived).toBe('abc');
  const again = await open();
  again.socket.write('xyz');
  await expect.poll(again.text).toBe('XYZ');
});

test('carries much more than one buffer unharmed', async () => {
  const line = await open();
  const big = 'x'.repeat(3_000_000);
  line.socket.write(big);
  await expect.poll(() => line.text().length, { timeout: 5_000 }).toBe(big.length);
  expect(arrived.length).toBe(big.length);
});
