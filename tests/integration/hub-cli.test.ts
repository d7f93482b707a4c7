import { createHash } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyStoredChain } from '#server/audit/verify.ts';
import { runTool } from '#server/cli.ts';
import { type Config, readConfig } from '#server/config.ts';
import { sql } from '#server/db/sql.ts';
import { inTransaction } from '#server/db/tx.ts';
import { verifyStream } from '#server/replica/verify.ts';
import { hashOf } from '#shared/audit/rules.ts';
import { canonicalJson } from '#shared/lib/json.ts';
import { systemClock } from '#shared/lib/time.ts';
import { type FreshDatabase, freshDatabase } from '#tests/support/postgres.ts';
import { must } from '#tests/support/postgres-server.ts';
import { TestLink, World } from '#tests/support/world.ts';

let database: FreshDatabase;
let world: World;
let dir: string;

beforeAll(async () => {
  dir = await fs.mkdtemp(join(tmpdir(), 'fairlead-cli-'));
  database = await freshDatabase();
  world = await World.create(await database.open(), systemClock, { isOneOfMany: true });
  await world.hub.notify?.listening();
});
afterAll(async () => {
  await world.hub.stop();
  await fs.rm(dir, { recursive: true, force: true });
});

function configFor(url: string): Config {
  return must(readConfig({ FAIRLEAD_DATABASE_URL: url, FAIRLEAD_DATA_DIR: dir }, []));
}

async function hub(url: string, ...argv: string[]) {
  const lines: string[] = [];
  const done = await runTool(configFor(url), argv, (line) => lines.push(line));
  return { done, text: lines.join('\n'), code: done.ok ? done.value : done.error.code };
}

/** What somebody with all rights on the database can do behind the hub's back. */
async function tamper(db: FreshDatabase, statement: string): Promise<void> {
  const client = new Client({ connectionString: db.url });
  await client.connect();
  try {
    await client.query(
      `alter table audit_entries disable trigger user; ${statement}; alter table audit_entries enable trigger user`,
    );
  } finally {
    await client.end();
  }
}

async function lastAudit() {
  const row = await world.hub.ctx.db.one(sql<{ entry: string }>`
    select entry from audit_entries where org = ${world.org}::uuid order by chain_no desc limit 1`);
  return JSON.parse(row.entry) as { act: string; subjects: string[]; detail: Record<string, unknown> };
}

test('people are added, listed, reset, disabled and enabled from the command line, each act audited', async () => {
  const added = await hub(
    database.url,
    'user',
    'add',
    'Zoe@Example.org',
    '--name',
    'Zoe',
    '--role',
    'agent',
    '--team',
    'returns',
  );
  expect(added.text).toMatch(/^One-time password for zoe@example\.org: (\w{4}-){3}\w{4}$/);
  expect(await lastAudit()).toMatchObject({ act: 'hub.userAdd', detail: { by: 'command line', role: 'agent' } });
  expect((await hub(database.url, 'user', 'list')).text).toMatch(
    /zoe@example\.org +Zoe +agent +Returns +enabled +never/,
  );
  expect((await hub(database.url, 'user', 'add', 'zoe@example.org', '--name', 'Other')).code).toBe(
    'session/email-taken',
  );
  expect((await hub(database.url, 'user', 'add', 'not an address', '--name', 'X')).code).toBe('session/bad-input');
  expect((await hub(database.url, 'user', 'add', 'x@example.org', '--name', 'X', '--team', 'none')).code).toBe(
    'session/no-such-team',
  );
  const reset = await hub(database.url, 'user', 'reset', 'zoe@example.org');
  expect(reset.text).toContain('One-time password');
  expect(await lastAudit()).toMatchObject({ act: 'hub.userReset' });
  await hub(database.url, 'user', 'disable', 'zoe@example.org');
  expect((await hub(database.url, 'user', 'list')).text).toMatch(/zoe@example\.org .*disabled/);
  expect(await lastAudit()).toMatchObject({ act: 'hub.userDisable' });
  await hub(database.url, 'user', 'enable', 'zoe@example.org');
  expect(await lastAudit()).toMatchObject({ act: 'hub.userEnable' });
  expect((await hub(database.url, 'user', 'disable', 'nobody@example.org')).code).toBe('session/no-such-person');
  expect((await hub(database.url, 'usr')).code).toBe('hub/bad-arguments');
  expect((await hub(database.url, 'user', 'list', '--tea', 'x')).code).toBe('hub/bad-arguments');
});

test('a device revoked from the command line is dismissed from the running hub at once', async () => {
  const device = await world.device(await world.person('Ana', 'agent', [world.teams[0]]));
  const link = new TestLink().open(world.hub);
  link.hello(device);
  await link.until((m) => m.t === 'page');
  expect((await hub(database.url, 'device', 'list', 'ana@example.org')).text).toContain(device.id);
  const began = systemClock.monotonic();
  expect((await hub(database.url, 'device', 'revoke', device.id)).code).toBe(0);
  expect(await link.until((m) => m.t === 'dismissed' && m.why)).toBe('revoked');
  expect(systemClock.monotonic() - began).toBeLessThan(2_000);
  expect(await lastAudit()).toMatchObject({ act: 'hub.deviceRevoke' });
  expect((await hub(database.url, 'device', 'revoke', world.mint.next())).code).toBe('session/no-such-device');
});

test('a new password from the command line ends the sessions that are open', async () => {
  const device = await world.device(await world.person('Bo', 'agent', [world.teams[0]]));
  const link = new TestLink().open(world.hub);
  link.hello(device);
  await link.until((m) => m.t === 'page');
  await hub(database.url, 'user', 'reset', 'bo@example.org');
  expect(await link.until((m) => m.t === 'dismissed' && m.why)).toBe('expired');
});

test('teams, codes and sites are made from the command line', async () => {
  expect((await hub(database.url, 'team', 'add', 'Repairs', '--region', 'SE')).code).toBe(0);
  expect((await hub(database.url, 'team', 'list')).text).toMatch(/Repairs +SE/);
  expect((await hub(database.url, 'device', 'code')).text).toMatch(/: \w{4}-\w{4}$/);
  const site = await hub(
    database.url,
    'site',
    'add',
    'shop',
    '--name',
    'Shop',
    '--team',
    'Repairs',
    '--origin',
    'https://shop.example',
  );
  expect(site.text.split('\n').at(-1)).toMatch(/^[\w-]{43}$/);
  expect((await hub(database.url, 'site', 'add', 'shop2', '--team', 'Repairs', '--origin', 'shop')).code).toBe(
    'widget/bad-site',
  );
});

test('a backup made beside a running hub comes back on an empty database, with everything in it', async () => {
  await world.customerWrites(world.mint.next(), 'keep this');
  await world.device(await world.person('Rosa', 'agent', [world.teams[0]]));
  const file = join(dir, 'one.backup');
  expect((await hub(database.url, 'backup', file)).text).toContain('personal data');
  expect(await lastAudit()).toMatchObject({ act: 'hub.backup' });
  expect((await hub(database.url, 'restore', file, '--force')).code).toBe('hub/in-use');
  const empty = await freshDatabase({ isEmpty: true });
  expect((await hub(empty.url, 'restore', file)).code).toBe(0);
  expect((await hub(empty.url, 'restore', file)).code).toBe('database/not-empty');
  expect((await hub(empty.url, 'restore', file, '--force')).code).toBe(0);
  const db = await empty.open();
  const texts = await db.rows(sql<{ text: string }>`select text from messages where org = ${world.org}::uuid`);
  expect(texts.map((t) => t.text)).toContain('keep this');
  const [last] = await db.rows(sql<{ act: string }>`select act from audit_entries order by chain_no desc limit 1`);
  expect(last?.act).toBe('hub.restore');
  // Desks were given later tokens than the backup knows: they must not all have to sign in again.
  const tokens = await db.rows(sql<{ refresh_hash: string }>`select distinct refresh_hash from session_tokens`);
  expect(tokens).toEqual([{ refresh_hash: 'restored' }]);
  expect(await hub(empty.url, 'verify')).toMatchObject({ code: 0 });
});

async function brokenBy(statement: string) {
  const copy = await freshDatabase();
  const w = await World.create(await copy.open(), systemClock);
  for (let i = 0; i < 6; i += 1) {
    await inTransaction(w.hub.ctx.db, async (tx) => {
      const audit = [
        {
          deviceAt: null,
          wasOffline: false,
          actorId: null,
          deviceId: null,
          act: `test.act${i}`,
          ref: null,
          status: 'done' as const,
          reason: null,
          subjects: [],
          detail: { i },
        },
      ];
      await w.hub.ctx.commit(tx, { org: w.org, at: 1_000 + i, cmd: null, rows: [], audit });
    });
  }
  expect(await verifyStoredChain(w.hub.ctx.db, w.org)).toEqual({ entries: 6, faults: [] });
  await tamper(copy, statement);
  const { faults } = await verifyStoredChain(w.hub.ctx.db, w.org);
  const shown = await hub(copy.url, 'verify');
  expect(shown.code).toBe(1);
  for (const f of faults) expect(shown.text).toContain(`entry ${f.chainNo}: ${f.fault}`);
  return faults;
}

test.each([
  [
    'an edited text',
    `update audit_entries set entry = replace(entry, 'test.act2', 'test.act9') where chain_no = 3`,
    [{ chainNo: 3, fault: 'edited' }],
  ],
  [
    'an edited column',
    `update audit_entries set status = 'refused' where chain_no = 3`,
    [{ chainNo: 3, fault: 'edited' }],
  ],
  [
    'a text that is no entry',
    `update audit_entries set entry = '{' where chain_no = 3`,
    [{ chainNo: 3, fault: 'edited' }],
  ],
  ['a deleted entry', `delete from audit_entries where chain_no = 3`, [{ chainNo: 3, fault: 'missing' }]],
  ['a deleted beginning', `delete from audit_entries where chain_no <= 2`, [{ chainNo: 1, fault: 'missing' }]],
  ['a cut tail', `delete from audit_entries where chain_no >= 5`, [{ chainNo: 5, fault: 'cut' }]],
  ['everything gone', `delete from audit_entries`, [{ chainNo: 1, fault: 'cut' }]],
  [
    'two entries that changed places',
    `update audit_entries set chain_no = -chain_no where chain_no in (3, 4); update audit_entries set chain_no = 7 + chain_no where chain_no < 0`,
    [
      { chainNo: 3, fault: 'reordered' },
      { chainNo: 4, fault: 'reordered' },
    ],
  ],
  [
    'a cut tail with a head to match',
    `delete from audit_entries where chain_no = 6; update org_heads set chain_no = 5`,
    [{ chainNo: 5, fault: 'edited' }],
  ],
])('verify finds %s', async (_what, statement, faults) => {
  expect(await brokenBy(statement)).toEqual(faults);
});

test('an entry rewritten together with its hash breaks the chain at the next one', async () => {
  const entry = {
    act: 'test.forged',
    actorId: null,
    at: 1_002,
    chainNo: 3,
    detail: {},
    deviceAt: null,
    deviceId: null,
  };
  const rest = {
    prev: '0'.repeat(64),
    reason: null,
    ref: null,
    status: 'done' as const,
    subjects: [],
    wasOffline: false,
  };
  const content = { ...entry, ...rest };
  const hash = hashOf(content, (text) => createHash('sha256').update(text).digest('hex'));
  const text = canonicalJson({ ...content, hash });
  const faults = await brokenBy(
    `update audit_entries set act = 'test.forged', hash = '${hash}', entry = '${text}' where chain_no = 3`,
  );
  // It does not hang on the one before, and the one after does not hang on it.
  expect(faults).toEqual([
    { chainNo: 3, fault: 'edited' },
    { chainNo: 4, fault: 'edited' },
  ]);
});

test.each([
  ['a row beyond the head', `update replica set seq = seq + 1000000 where seq = 1`, 'row-beyond-head'],
  [
    'a lost commit',
    `delete from commit_log where last_seq = (select last_seq from commit_log order by last_seq offset 1 limit 1)`,
    'commits-not-contiguous',
  ],
  ['a head put back', `update org_heads set seq = seq - 1`, 'head-and-log-differ'],
  [
    'a right without its row',
    `delete from replica where entity = 'holding' and id = 'org|device'`,
    'holding-without-row',
  ],
  ['a row without its right', `delete from holdings where scope = 'org'`, 'row-without-holding'],
])('verify finds %s', async (_what, statement, fault) => {
  const copy = await freshDatabase();
  const w = await World.create(await copy.open(), systemClock);
  await w.device(await w.person('Ana', 'agent', [w.teams[0]]));
  expect(await verifyStream(w.hub.ctx.db, w.org)).toEqual([]);
  await tamper(copy, statement);
  expect((await verifyStream(w.hub.ctx.db, w.org)).map((f) => f.fault)).toContain(fault);
  expect(await hub(copy.url, 'verify')).toMatchObject({ code: 1 });
});
