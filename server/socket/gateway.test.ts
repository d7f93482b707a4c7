import { beforeAll, expect, test } from 'vitest';
import { sql } from '#server/db/sql.ts';
import { anotherNode, bye, dismissed, isPage, OneNode } from '#tests/support/one-node.ts';
import { type TestDevice, TestLink } from '#tests/support/world.ts';

let node: OneNode;
beforeAll(async () => {
  node = await OneNode.start();
});

test('an unknown version, a foreign token, a token of another device and a command before hello get nothing', async () => {
  const [mine, other] = [await node.desk(), await node.desk()];
  const cases = [
    { device: mine, options: { v: 99 }, why: 'version' },
    { device: { ...mine, token: 'of nobody at all, but long' }, options: {}, why: 'expired' },
    { device: { ...mine, token: other.token }, options: {}, why: 'expired' },
  ];
  for (const { device, options, why } of cases) {
    const link = new TestLink().open(node.world.hub);
    link.hello(device, options);
    expect(await link.until(dismissed)).toBe(why);
    expect(link.isClosed).toBe(true);
    expect(link.got).toHaveLength(1);
  }
  const early = new TestLink().open(node.world.hub);
  early.say({ t: 'command', command: node.command(mine, 1, 'session.void', { kind: 'x', reason: 'y' }) });
  early.say({ t: 'backfill', id: 1, scope: 'org', upTo: 999, after: 0 });
  await early.until(() => early.got.length === 2);
  expect(early.got.map((m) => m.t === 'refused' && m.error.code)).toEqual([
    'session/hello-first',
    'session/hello-first',
  ]);
  early.close();
});

test('a backfill of a scope the device does not hold carries nothing', async () => {
  const said = await node.world.customerWrites(node.world.mint.next(), 'a secret of another team', {
    teamId: node.world.teams[1],
  });
  const link = await node.join(await node.desk());
  for (const [i, scope] of [
    `conversation:${said.conversationId}:public`,
    `customer:${said.customerId}`,
    'admin',
    `team:${node.world.teams[1]}`,
  ].entries()) {
    link.say({ t: 'backfill', id: i, scope, upTo: 9_999, after: 0 });
    const answer = await link.until((m) => m.t === 'backfilled' && m.id === i && m);
    expect(answer).toMatchObject({ rows: [], next: null, isHeld: false });
  }
  link.close();
});

test('a connection ends when its token does, though nobody says anything; a new token in time prolongs it', async () => {
  const [quiet, renewing] = [await node.desk(), await node.desk()];
  const [one, two] = [await node.join(quiet), await node.join(renewing)];
  node.clock.advance(10 * 60_000);
  await node.world.hub.quiet();
  two.say({ t: 'auth', token: await node.world.freshToken(renewing) });
  await node.world.hub.quiet();
  node.clock.advance(5 * 60_000);
  expect(await one.until(dismissed)).toBe('expired');
  await node.world.hub.quiet();
  expect(two.isClosed).toBe(false);
  node.clock.advance(10 * 60_000);
  expect(await two.until(dismissed)).toBe('expired');
});

test('a revoked device, a disabled person and a person with a new password are dismissed while connected', async () => {
  const admin = await node.desk('admin');
  const acts = [
    { name: 'session.revokeDevice', args: (d: TestDevice) => ({ deviceId: d.id }), why: 'revoked' },
    {
      name: 'session.disablePerson',
      args: (d: TestDevice) => ({ personId: d.personId, isDisabled: true }),
      why: 'disabled',
    },
    { name: 'session.resetPassword', args: (d: TestDevice) => ({ personId: d.personId }), why: 'expired' },
  ];
  const boss = await node.join(admin);
  const bystander = await node.join(await node.desk());
  for (const { name, args, why } of acts) {
    const device = await node.desk();
    const link = await node.join(device);
    boss.say({ t: 'ask', id: node.world.mint.next(), name, args: args(device) });
    expect(await link.until(dismissed)).toBe(why);
    if (why === 'expired') continue;
    const held = await node.db.rows(sql`select 1 from holdings where device = ${device.id}::uuid`);
    expect(held).toHaveLength(0);
    const again = new TestLink().open(node.world.hub);
    again.hello(device);
    expect(await again.until(dismissed)).toBe(why);
  }
  await node.world.hub.quiet();
  expect(bystander.isClosed).toBe(false);
  bystander.close();
  boss.close();
});

test('a device revoked just while it is greeted is dismissed all the same', async () => {
  const device = await node.desk();
  const boss = await node.join(await node.desk('admin'));
  node.atPoint(async (name) => {
    if (name !== 'desk.greeted') return;
    node.atPoint(null);
    boss.say({ t: 'ask', id: node.world.mint.next(), name: 'session.revokeDevice', args: { deviceId: device.id } });
    await boss.until((m) => m.t === 'answer' && m.ok);
    await node.world.hub.tail.look();
  });
  const link = new TestLink().open(node.world.hub);
  link.hello(device);
  expect(await link.until(dismissed)).toBe('revoked');
  boss.close();
});

test('an agent may not do what only administrators may, and the refusal is audited', async () => {
  const device = await node.desk();
  const link = await node.join(device);
  link.say({
    t: 'ask',
    id: node.world.mint.next(),
    name: 'session.issueCode',
    args: { codeId: node.world.mint.next() },
  });
  const answer = await link.until((m) => m.t === 'answer' && m);
  expect(answer).toMatchObject({ ok: false, error: { code: 'session/not-allowed' } });
  const entry = await node.db.one(sql<{ status: string; actor_id: string }>`
    select status, actor_id from audit_entries where act = 'session.issueCode' order by chain_no desc limit 1`);
  expect(entry).toEqual({ status: 'refused', actor_id: device.personId });
  link.close();
});

test('the same device on a second connection replaces the first', async () => {
  const device = await node.desk();
  const [first, second] = [await node.join(device), await node.join(device)];
  expect(await first.until(bye)).toBe('replaced');
  expect(second.isClosed).toBe(false);
  second.close();
});

test('a node that goes says so to every desk, takes no new one, and finishes what is under way', async () => {
  let go: () => void = () => undefined;
  const blocked = new Promise<void>((done) => {
    go = done;
  });
  const failPoint = (name: string) => (name === 'command.decided' ? blocked : Promise.resolve());
  const hub = await anotherNode({ db: node.db, clock: node.clock, failPoint });
  const device = await node.desk();
  const link = new TestLink().open(hub);
  link.hello(device);
  await link.until(isPage);
  link.say({ t: 'command', command: node.command(device, 1, 'session.void', { kind: 'x', reason: 'y' }) });
  await new Promise((done) => setTimeout(done, 30));
  const stopped = hub.stop();
  expect(hub.isStopping()).toBe(true);
  expect(await link.until(bye)).toBe('draining');
  const late = new TestLink().open(hub);
  expect(await late.until(bye)).toBe('draining');
  go();
  await stopped;
  const kept = await node.db.rows(sql`select 1 from outcomes where device = ${device.id}::uuid and n = 1`);
  expect(kept).toHaveLength(1);
});
