import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startHub } from './hub-process.ts';

let dir: string;
let entry: string;

/** Stands in for a hub: counts its starts in a file, answers on a port, ends in good order when asked. */
const standIn = `
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
const file = process.env.STARTS;
let n = 0;
try { n = Number(readFileSync(file, 'utf8')); } catch {}
writeFileSync(file, String(n + 1));
if (process.argv.includes('--fail')) { console.error('no data folder given'); process.exit(3); }
if (!process.argv.includes('--silent')) {
  const server = createServer((_, answer) => answer.end(String(n + 1)));
  server.listen(0, '127.0.0.1', () => {
    console.log('{"level":30,"msg":"starting"}');
    console.log('{ not json');
    console.log(JSON.stringify({ ready: true, address: 'http://127.0.0.1:' + server.address().port, demo: { shop: '/shop' } }));
  });
  process.on('SIGTERM', () => { console.log('drained'); process.exit(0); });
} else setInterval(() => undefined, 1000);
`;

beforeAll(async () => {
  dir = await fs.mkdtemp(join(tmpdir(), 'fairlead-hub-process-'));
  entry = join(dir, 'stand-in.mjs');
  await fs.writeFile(entry, standIn);
});
afterAll(() => fs.rm(dir, { recursive: true, force: true }));

const env = (name: string) => ({ STARTS: join(dir, name) });
const ask = async (address: string): Promise<string> =>
  (await fetch(address, { signal: AbortSignal.timeout(2_000) })).text();

test('waits for the ready line, answers, and stops with its exit code', async () => {
  const hub = await startHub({ entry, env: env('a') });
  expect(hub.ready).toMatchObject({ ready: true, demo: { shop: '/shop' } });
  expect(await ask(hub.ready.address)).toBe('1');
  expect(await hub.stop()).toBe(0);
  expect(hub.output()).toContain('drained');
});

test('killed with -9 it drains nothing, and starts again on the same data', async () => {
  const hub = await startHub({ entry, env: env('b') });
  await hub.kill9();
  expect(hub.output()).not.toContain('drained');
  await expect(ask(hub.ready.address)).rejects.toThrow('fetch failed');
  await hub.restart();
  expect(await ask(hub.ready.address)).toBe('2');
  await expect(hub.restart()).rejects.toThrow('still runs');
  await hub.dispose();
});

test('frozen it keeps its sockets and says nothing, thawed it goes on', async () => {
  const hub = await startHub({ entry, env: env('c') });
  hub.freeze();
  let isAnswered = false;
  const late = fetch(hub.ready.address).then((answer) => {
    isAnswered = true;
    return answer.text();
  });
  await expect(fetch(hub.ready.address, { signal: AbortSignal.timeout(300) })).rejects.toThrow('timeout');
  expect(isAnswered).toBe(false);
  hub.thaw();
  expect(await late).toBe('1');
  hub.freeze();
  expect(await hub.stop()).toBe(0);
});

test('a hub that ends or stays silent instead of getting ready is an error with its own words', async () => {
  await expect(startHub({ entry, args: ['--fail'], env: env('d') })).rejects.toThrow(
    /ended \(3\)[\s\S]*no data folder given/,
  );
  await expect(startHub({ entry, args: ['--silent'], env: env('e'), readyMs: 500 })).rejects.toThrow(
    'not ready within 500 ms',
  );
});
