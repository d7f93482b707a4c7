import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { systemClock } from '#shared/lib/time.ts';
import { cacheDir, must } from '#tests/support/postgres-server.ts';
import type { EmbeddedOptions, EmbeddedServer } from './embedded.ts';
import { startEmbedded } from './embedded.ts';
import { openDb } from './open.ts';
import { readPostmaster, whoIs } from './postmaster.ts';
import { sql } from './sql.ts';
import { inTransaction } from './tx.ts';

vi.setConfig({ testTimeout: 60_000 });

let top: string;
let dataDir: string;
const running: EmbeddedServer[] = [];
const children: ChildProcess[] = [];

beforeAll(async () => {
  top = await fs.mkdtemp(join(tmpdir(), `fairlead-test-${process.pid}-e`));
  await fs.chmod(top, 0o755);
  dataDir = join(top, 'db');
});
beforeEach(stopAll);
afterAll(async () => {
  await stopAll();
  await fs.rm(top, { recursive: true, force: true });
});

async function stopAll(): Promise<void> {
  for (const child of children.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    }
  }
  for (const server of running.splice(0)) await server.stop();
}

async function start(more: Partial<EmbeddedOptions> = {}): Promise<EmbeddedServer> {
  const server = must(await startEmbedded({ dataDir, cacheDir: cacheDir(), clock: systemClock, ...more }));
  running.push(server);
  return server;
}

/** Another hub as a process of its own, which can be killed. Resolves when its database runs. */
async function startElsewhere(env: Readonly<Record<string, string>> = {}): Promise<ChildProcess> {
  const script = `
    import { startEmbedded } from '#server/db/embedded.ts';
    import { systemClock } from '#shared/lib/time.ts';
    const answer = await startEmbedded({ ...JSON.parse(process.argv[1]), clock: systemClock });
    console.log(JSON.stringify(answer));
    setInterval(() => undefined, 1000);`;
  const options = JSON.stringify({ dataDir, cacheDir: cacheDir() });
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, options], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  expect(JSON.parse(String(line))).toMatchObject({ ok: true });
  return child;
}

async function ask(server: EmbeddedServer, text: string): Promise<unknown[]> {
  const client = new Client(server.address);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows.map((row) => Object.values(row)[0]);
  } finally {
    await client.end();
  }
}

async function postmasterPid(): Promise<number> {
  return (await readPostmaster(join(dataDir, 'pgdata')))?.pid ?? 0;
}

async function killed(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

test('the first start makes a database, the next one finds its data, and stopping leaves no process', async () => {
  const first = await start();
  expect(first.origin).toBe('created');
  await ask(first, `create table kept as select 'still here' as word`);
  const pid = await postmasterPid();
  await running.pop()?.stop();
  expect(await whoIs(join(dataDir, 'pgdata'), { pid, port: 0 })).not.toBe('server');
  const second = await start();
  expect(second.origin).toBe('started');
  expect(await ask(second, 'select word from kept')).toEqual(['still here']);
});

test('it is durable, private, quiet about values, and sorts the same everywhere', async () => {
  const server = await start();
  expect(
    await ask(
      server,
      `select setting from pg_settings where name in ('fsync', 'full_page_writes', 'synchronous_commit')`,
    ),
  ).toEqual(['on', 'on', 'on']);
  expect(await ask(server, 'show listen_addresses')).toEqual(['']);
  expect((await fs.stat(dataDir)).mode & 0o077).toBe(0);
  await expect(ask(server, `select 'Jane Doe'::int`)).rejects.toThrow('Jane Doe');
  expect(await fs.readFile(join(dataDir, 'postgres.log'), 'utf8')).not.toContain('Jane Doe');
  expect(await ask(server, `select upper('é ж')`)).toEqual(['É Ж']);
  expect(await ask(server, `select w from (values ('b'), ('A'), ('a')) as t(w) order by w`)).toEqual(['A', 'a', 'b']);
});

test('a hub killed with -9 leaves the server to the next hub, which takes it over', async () => {
  const hub = await startElsewhere({ FAIRLEAD_TEST_SECRET: 'do-not-inherit' });
  const pid = await postmasterPid();
  if (process.platform === 'linux') {
    expect(await fs.readFile(`/proc/${pid}/environ`, 'utf8')).not.toContain('do-not-inherit');
  }
  await killed(hub);
  const next = await start();
  expect(next.origin).toBe('taken-over');
  expect(await postmasterPid()).toBe(pid);
  expect(await ask(next, 'select word from kept')).toEqual(['still here']);
  await running.pop()?.stop();
  expect(await whoIs(join(dataDir, 'pgdata'), { pid, port: 0 })).not.toBe('server');
});

test('a hub and its server both killed with -9 lose nothing that was committed', async () => {
  const hub = await startElsewhere();
  const db = must(await openDb({ address: { host: dataDir, port: 5432, user: 'fairlead', database: 'fairlead' } }));
  await inTransaction(db, async (tx) => {
    await tx.run(sql`create table survived (n int)`);
    tx.later(sql`insert into survived values (7)`);
  });
  await killed(hub);
  process.kill(await postmasterPid(), 'SIGKILL');
  await db.close();
  const next = await start();
  expect(next.origin).toBe('started');
  expect(await ask(next, 'select n from survived')).toEqual([7]);
});

test('lock files whose number now belongs to another process are removed', async () => {
  const bystander = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' });
  children.push(bystander);
  const text = `${bystander.pid}\n${join(dataDir, 'pgdata')}\n1700000000\n5432\n${dataDir}\n\n 1 1\nready   \n`;
  await fs.writeFile(join(dataDir, 'pgdata', 'postmaster.pid'), text);
  await fs.writeFile(join(dataDir, '.s.PGSQL.5432.lock'), text);
  const server = await start();
  expect(server.origin).toBe('started');
  expect(bystander.exitCode).toBeNull();
});

test('a second hub on the same folder is refused with clear words', async () => {
  const hub = await startElsewhere();
  const second = await startEmbedded({ dataDir, cacheDir: cacheDir(), clock: systemClock });
  expect(second).toMatchObject({ ok: false, error: { code: 'database/in-use' } });
  expect(hub.exitCode).toBeNull();
  await killed(hub);
  await start();
});

test('of two hubs that start at once on a new folder exactly one has it', async () => {
  const folder = join(top, 'race');
  const both = await Promise.all(
    [1, 2].map(() => startEmbedded({ dataDir: folder, cacheDir: cacheDir(), clock: systemClock })),
  );
  const won = both.filter((b) => b.ok);
  for (const one of won) running.push(one.value);
  expect(won).toHaveLength(1);
  expect(both.find((b) => !b.ok)).toMatchObject({ error: { code: 'database/in-use' } });
});

test('a start lock left by a hub that died does not block', async () => {
  await fs.writeFile(join(dataDir, 'starting.lock'), `${process.pid} 1 another-boot`);
  await start();
  await expect(fs.access(join(dataDir, 'starting.lock'))).rejects.toThrow('ENOENT');
});

test('a server that dies under a running hub is started again and pools go on', async () => {
  const db = must(await openDb({ dataDir, cacheDir: cacheDir(), clock: systemClock }));
  try {
    const before = await postmasterPid();
    process.kill(before, 'SIGKILL');
    // A session may outlive its server for the answer it is giving: the new server is what counts.
    await expect.poll(async () => ![0, before].includes(await postmasterPid()), { timeout: 20_000 }).toBe(true);
    const answered = async (): Promise<boolean> => (await db.one(sql<{ n: number }>`select 1 as n`)).n === 1;
    await expect.poll(() => answered().catch(() => false), { timeout: 20_000 }).toBe(true);
  } finally {
    await db.close();
  }
});

test('a path too long for a socket gets a private folder with a stable name elsewhere', async () => {
  const deep = join(top, 'a-folder-with-a-long-name'.repeat(4), 'db');
  const server = await start({ dataDir: deep });
  expect(server.address.host.startsWith(deep)).toBe(false);
  expect((await fs.stat(server.address.host)).mode & 0o077).toBe(0);
  expect(await ask(server, 'select 1')).toEqual([1]);
  await running.pop()?.stop();
  await fs.chmod(server.address.host, 0o777);
  expect(await startEmbedded({ dataDir: deep, cacheDir: cacheDir(), clock: systemClock })).toMatchObject({
    ok: false,
    error: { code: 'database/socket-unsafe' },
  });
  await fs.rmdir(server.address.host);
});

test('data of another major version is refused and left alone', async () => {
  const file = join(dataDir, 'pgdata', 'PG_VERSION');
  const before = await fs.readFile(file, 'utf8');
  await fs.writeFile(file, '17\n');
  const answer = await startEmbedded({ dataDir, cacheDir: cacheDir(), clock: systemClock });
  await fs.writeFile(file, before);
  expect(answer).toMatchObject({
    ok: false,
    error: { code: 'database/wrong-major', params: { found: '17', wanted: 18 } },
  });
});

test('without sockets it listens on the loopback only and wants its password', async () => {
  const server = await start({ dataDir: join(top, 'loopback'), transport: 'loopback' });
  expect(server.address.host).toBe('127.0.0.1');
  expect(await ask(server, 'select 1')).toEqual([1]);
  const guess = new Client({ ...server.address, password: 'guess' });
  await expect(guess.connect()).rejects.toMatchObject({ code: '28P01' });
});
