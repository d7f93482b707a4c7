import { beforeAll, expect, test } from 'vitest';
import { sql } from '#server/db/sql.ts';
import type { Db } from '#server/db/tx.ts';
import { FakeClock } from '#shared/lib/time.ts';
import type { Down } from '#shared/wire/messages.ts';
import { freshDatabase } from '#tests/support/postgres.ts';
import { keepingLog, signed, type TestDevice, TestLink, World } from '#tests/support/world.ts';
import { lineLimits } from './line.ts';

let db: Db;
let clock: FakeClock;
let world: World;
/** what a test does at a named place in the hub */
let atPoint: (name: string) => Promise<void> = () => Promise.resolve();

beforeAll(async () => {
  db = await (await freshDatabase()).open();
  clock = new FakeClock();
  world = await World.create(db, clock, { failPoint: (name) => atPoint(name) });
});

let people = 0;
async function desk(role: 'agent' | 'admin' = 'agent'): Promise<TestDevice> {
  people += 1;
  return world.device(await world.person(`P${people}`, role, role === 'agent' ? [world.teams[0]] : []));
}

async function join(device: TestDevice): Promise<TestLink> {
  const link = new TestLink().open(world.hub);
  link.hello(device);
  await link.until((m) => m.t === 'page');
  return link;
}

function command(device: TestDevice, n: number, kind: string, args: Record<string, unknown>) {
  const at = clock.now();
  return signed(device, { n, id: world.mint.next(), kind, args, at, hubAt: at, offline: false, basis: {}, after: [] });
}

const bye = (m: Down) => m.t === 'bye' && m.why;
const dismissed = (m: Down) => m.t === 'dismissed' && m.why;
const isPage = (m: Down) => m.t === 'page';

test('a desk that does not confirm a page is cut off after 30 s, not before, and resumes where it stood', async () => {
  const device = await desk();
  const link = await join(device);
  const start = await link.until((m) => m.t === 'page' && m.upTo);
  link.isConfirming = false;
  const said = await world.customerWrites(world.mint.next(), 'slow?');
  await link.until((m) => m.t === 'page' && m.rows.some((r) => r.i === said.conversationId));
  await world.customerWrites(world.mint.next(), 'nobody sends a second page');
  await world.hub.quiet();
  expect(link.got.filter(isPage)).toHaveLength(2);
  clock.advance(29_999);
  await world.hub.quiet();
  expect(link.isClosed).toBe(false);
  clock.advance(1);
  expect(await link.until(bye)).toBe('slow');
  expect(link.isClosed).toBe(true);
  const again = new TestLink().open(world.hub);
  again.hello(device, { cursor: start });
  await again.until((m) => m.t === 'page' && m.rows.some((r) => r.i === said.conversationId));
  again.close();
});

test('who does not say hello within 10 s is cut off', async () => {
  const link = new TestLink().open(world.hub);
  clock.advance(lineLimits.helloWithinMs - 1);
  await world.hub.quiet();
  expect(link.isClosed).toBe(false);
  clock.advance(1);
  expect(await link.until(bye)).toBe('slow');
});

test('a stranger who talks too much is cut off before anything is looked up for them', async () => {
  const link = new TestLink().open(world.hub);
  for (let i = 0; i <= lineLimits.stranger.burst; i += 1) link.say({ t: 'auth', token: 'x' });
  expect(await link.until(bye)).toBe('flood');
});

test('a desk that floods is cut off, one that stays within its rate is not', async () => {
  const [calm, wild] = [await join(await desk()), await join(await desk())];
  for (let i = 0; i < lineLimits.known.burst - 10; i += 1) calm.raw({ t: 'pageDone', upTo: { seq: 0, mark: '' } });
  for (let i = 0; i < lineLimits.known.burst + 10; i += 1) wild.raw({ t: 'pageDone', upTo: { seq: 0, mark: '' } });
  expect(await wild.until(bye)).toBe('flood');
  await world.hub.quiet();
  expect(calm.isClosed).toBe(false);
  calm.close();
});

test('asking for each of very many scopes is no flood', async () => {
  const link = await join(await desk());
  let asked = 0;
  const ask = () => {
    for (let i = 0; i < 200; i += 1) {
      asked += 1;
      link.say({ t: 'backfill', id: asked, scope: 'org', upTo: 0, after: 0 });
    }
  };
  while (asked < lineLimits.known.burst + 400) {
    ask();
    await link.until((m) => m.t === 'backfilled' && m.id === asked);
  }
  expect(link.isClosed).toBe(false);
  link.close();
});

test('no more than 1,000 messages wait behind the one being worked on', async () => {
  const device = await desk();
  const link = await join(device);
  const { conversationId } = await world.customerWrites(world.mint.next(), 'queue');
  let go: () => void = () => undefined;
  const blocked = new Promise<void>((done) => {
    go = done;
  });
  atPoint = (name) => (name === 'command.decided' ? blocked : Promise.resolve());
  link.say({ t: 'command', command: command(device, 1, 'inbox.take', { conversationId }) });
  const beat = { t: 'beat' as const, state: 'available' as const, drafts: [] };
  for (let i = 0; i < lineLimits.longestQueue - 1; i += 1) link.say(beat);
  await new Promise((done) => setTimeout(done, 50));
  expect(link.isClosed).toBe(false);
  link.say(beat);
  expect(await link.until(bye)).toBe('flood');
  go();
  atPoint = () => Promise.resolve();
  await world.hub.quiet();
});

test('malformed messages are refused by field and without their content, and after five the desk is cut off', async () => {
  const log = keepingLog();
  const { makeHub } = await import('#server/hub.ts');
  const hub = await makeHub({ db, clock, log });
  const device = await desk();
  const link = new TestLink().open(hub);
  link.hello(device);
  await link.until(isPage);
  const malformed = [
    null,
    'text',
    { t: 'nothing' },
    { t: 'backfill', id: 1, scope: 'team:x', upTo: 1, after: 0 },
    { t: 'mark', secret: 'Jane Doe' },
  ];
  for (const raw of malformed) link.raw(raw);
  await link.until(() => link.got.filter((m) => m.t === 'refused').length === malformed.length);
  expect(link.got.find((m) => m.t === 'refused' && m.error.field === 'scope')).toBeDefined();
  expect(link.isClosed).toBe(false);
  link.raw({});
  expect(await link.until(bye)).toBe('flood');
  expect(log.lines.filter((l) => l.message.includes('no message'))).toHaveLength(6);
  expect(JSON.stringify(log.lines)).not.toContain('Jane Doe');
  await hub.stop();
});

test('an unknown version, a foreign token, a token of another device and a command before hello get nothing', async () => {
  const [mine, other] = [await desk(), await desk()];
  const cases = [
    { device: mine, options: { v: 99 }, why: 'version' },
    { device: { ...mine, token: 'of nobody at all, but long' }, options: {}, why: 'expired' },
    { device: { ...mine, token: other.token }, options: {}, why: 'expired' },
  ];
  for (const { device, options, why } of cases) {
    const link = new TestLink().open(world.hub);
    link.hello(device, options);
    expect(await link.until(dismissed)).toBe(why);
    expect(link.isClosed).toBe(true);
    expect(link.got).toHaveLength(1);
  }
  const early = new TestLink().open(world.hub);
  early.say({ t: 'command', command: command(mine, 1, 'session.void', { kind: 'x', reason: 'y' }) });
  early.say({ t: 'backfill', id: 1, scope: 'org', upTo: 999, after: 0 });
  await early.until(() => early.got.length === 2);
  expect(early.got.map((m) => m.t === 'refused' && m.error.code)).toEqual([
    'session/hello-first',
    'session/hello-first',
  ]);
  early.close();
});

test('a backfill of a scope the device does not hold carries nothing', async () => {
  const said = await world.customerWrites(world.mint.next(), 'a secret of another team', { teamId: world.teams[1] });
  const link = await join(await desk());
  for (const [i, scope] of [
    `conversation:${said.conversationId}:public`,
    `customer:${said.customerId}`,
    'admin',
    `team:${world.teams[1]}`,
  ].entries()) {
    link.say({ t: 'backfill', id: i, scope, upTo: 9_999, after: 0 });
    const answer = await link.until((m) => m.t === 'backfilled' && m.id === i && m);
    expect(answer).toMatchObject({ rows: [], next: null, isHeld: false });
  }
  link.close();
});

test('a connection ends when its token does, though nobody says anything; a new token in time prolongs it', async () => {
  const [quiet, renewing] = [await desk(), await desk()];
  const [one, two] = [await join(quiet), await join(renewing)];
  clock.advance(10 * 60_000);
  await world.hub.quiet();
  two.say({ t: 'auth', token: await world.freshToken(renewing) });
  await world.hub.quiet();
  clock.advance(5 * 60_000);
  expect(await one.until(dismissed)).toBe('expired');
  await world.hub.quiet();
  expect(two.isClosed).toBe(false);
  clock.advance(10 * 60_000);
  expect(await two.until(dismissed)).toBe('expired');
});

test('a revoked device, a disabled person and a person with a new password are dismissed while connected', async () => {
  const admin = await desk('admin');
  const acts = [
    { name: 'session.revokeDevice', args: (d: TestDevice) => ({ deviceId: d.id }), why: 'revoked' },
    {
      name: 'session.disablePerson',
      args: (d: TestDevice) => ({ personId: d.personId, isDisabled: true }),
      why: 'disabled',
    },
    { name: 'session.resetPassword', args: (d: TestDevice) => ({ personId: d.personId }), why: 'expired' },
  ];
  const boss = await join(admin);
  const bystander = await join(await desk());
  for (const { name, args, why } of acts) {
    const device = await desk();
    const link = await join(device);
    boss.say({ t: 'ask', id: world.mint.next(), name, args: args(device) });
    expect(await link.until(dismissed)).toBe(why);
    if (why === 'expired') continue;
    const held = await db.rows(sql`select 1 from holdings where device = ${device.id}::uuid`);
    expect(held).toHaveLength(0);
    const again = new TestLink().open(world.hub);
    again.hello(device);
    expect(await again.until(dismissed)).toBe(why);
  }
  await world.hub.quiet();
  expect(bystander.isClosed).toBe(false);
  bystander.close();
  boss.close();
});

test('a device revoked just while it is greeted is dismissed all the same', async () => {
  const device = await desk();
  const boss = await join(await desk('admin'));
  atPoint = async (name) => {
    if (name !== 'desk.greeted') return;
    atPoint = () => Promise.resolve();
    boss.say({ t: 'ask', id: world.mint.next(), name: 'session.revokeDevice', args: { deviceId: device.id } });
    await boss.until((m) => m.t === 'answer' && m.ok);
    await world.hub.tail.look();
  };
  const link = new TestLink().open(world.hub);
  link.hello(device);
  expect(await link.until(dismissed)).toBe('revoked');
  boss.close();
});

test('an agent may not do what only administrators may, and the refusal is audited', async () => {
  const device = await desk();
  const link = await join(device);
  link.say({ t: 'ask', id: world.mint.next(), name: 'session.issueCode', args: { codeId: world.mint.next() } });
  const answer = await link.until((m) => m.t === 'answer' && m);
  expect(answer).toMatchObject({ ok: false, error: { code: 'session/not-allowed' } });
  const entry = await db.one(sql<{ status: string; actor_id: string }>`
    select status, actor_id from audit_entries where act = 'session.issueCode' order by chain_no desc limit 1`);
  expect(entry).toEqual({ status: 'refused', actor_id: device.personId });
  link.close();
});

test('the same device on a second connection replaces the first', async () => {
  const device = await desk();
  const [first, second] = [await join(device), await join(device)];
  expect(await first.until(bye)).toBe('replaced');
  expect(second.isClosed).toBe(false);
  second.close();
});

test('a text with a character the database cannot keep is refused and its n is used, so that the next command goes through', async () => {
  const device = await desk();
  const { conversationId } = await world.customerWrites(world.mint.next(), 'nul\u0000 inside');
  const link = await join(device);
  link.say({ t: 'command', command: command(device, 1, 'inbox.take', { conversationId }) });
  link.say({ t: 'command', command: command(device, 2, 'conversation.note', { conversationId, text: 'a\u0000b' }) });
  link.say({ t: 'command', command: command(device, 3, 'conversation.note', { conversationId, text: 'ab' }) });
  const outcomes = await Promise.all(
    [1, 2, 3].map((n) => link.until((m) => m.t === 'outcome' && m.outcome.n === n && m.outcome)),
  );
  expect(outcomes.map((o) => o.status)).toEqual(['done', 'refused', 'done']);
  expect(outcomes[1]?.error?.code).toBe('session/bad-input');
  link.close();
});

test('a node that goes says so to every desk, takes no new one, and finishes what is under way', async () => {
  const { makeHub } = await import('#server/hub.ts');
  let go: () => void = () => undefined;
  const blocked = new Promise<void>((done) => {
    go = done;
  });
  const failPoint = (name: string) => (name === 'command.decided' ? blocked : Promise.resolve());
  const hub = await makeHub({ db, clock, log: keepingLog(), failPoint });
  const device = await desk();
  const link = new TestLink().open(hub);
  link.hello(device);
  await link.until(isPage);
  link.say({ t: 'command', command: command(device, 1, 'session.void', { kind: 'x', reason: 'y' }) });
  await new Promise((done) => setTimeout(done, 30));
  const stopped = hub.stop();
  expect(hub.isStopping()).toBe(true);
  expect(await link.until(bye)).toBe('draining');
  const late = new TestLink().open(hub);
  expect(await late.until(bye)).toBe('draining');
  go();
  await stopped;
  const kept = await db.rows(sql`select 1 from outcomes where device = ${device.id}::uuid and n = 1`);
  expect(kept).toHaveLength(1);
});
