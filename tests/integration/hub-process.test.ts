import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { io as connect } from 'socket.io-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '#shared/lib/time.ts';
import type { Down } from '#shared/wire/messages.ts';
import { startHub } from '#tests/support/hub-process.ts';
import { freshDatabase } from '#tests/support/postgres.ts';

let dir: string;
beforeAll(async () => {
  dir = await fs.mkdtemp(join(tmpdir(), 'fairlead-process-'));
});
afterAll(() => fs.rm(dir, { recursive: true, force: true }));

async function env() {
  const { url } = await freshDatabase({ isEmpty: true });
  return { FAIRLEAD_DATABASE_URL: url, FAIRLEAD_DATA_DIR: dir, FAIRLEAD_PORT: '0' };
}

test('the first start prints a set-up code, once; asked to end, the hub tells its desks and ends in good order', async () => {
  const hub = await startHub({ env: await env() });
  try {
    await expect.poll(() => hub.output()).toMatch(/code +\w{4}-\w{4}\n/);
    expect(hub.output()).toMatch(/admin@set-up\.fairlead\.local with the password (\w{4}-){3}\w{4}/);
    const desk = connect(hub.ready.address, { transports: ['websocket'], reconnection: false });
    await new Promise((done) => desk.once('connect', () => done(null)));
    const last = new Promise<Down>((done) => desk.once('m', done));
    const began = systemClock.monotonic();
    const ended = hub.stop();
    expect(await last).toEqual({ t: 'bye', why: 'draining' });
    expect(await ended).toBe(0);
    expect(systemClock.monotonic() - began).toBeLessThan(5_000);
    await hub.restart();
    expect((await fetch(`${hub.ready.address}/ready`)).status).toBe(200);
    expect(hub.output()).not.toContain('code ');
  } finally {
    await hub.dispose();
  }
});

test('two nodes that start together on an empty database make one organisation', async () => {
  const shared = await env();
  const hubs = await Promise.all([startHub({ env: shared }), startHub({ env: shared })]);
  try {
    const printed = hubs.filter((h) => h.output().includes('First start'));
    expect(printed).toHaveLength(1);
  } finally {
    await Promise.all(hubs.map((h) => h.dispose()));
  }
});

test('a hub without --demo refuses the demo company, and one with a wrong setting names it', async () => {
  const shared = { ...(await env()), FAIRLEAD_DEMO_CUSTOMERS: '5' };
  const demo = await startHub({ env: shared, args: ['--demo'] });
  expect(demo.ready.demo).toBe(`${demo.ready.address}/demo`);
  expect(await demo.stop()).toBe(0);
  await expect(startHub({ env: shared })).rejects.toThrow(/hub\/demo-data.*start with --demo/s);
  await expect(startHub({ env: { ...shared, FAIRLEAD_HOST: '0.0.0.0' } })).rejects.toThrow(
    /hub\/no-tls \(FAIRLEAD_HOST\)/,
  );
});
