import { beforeAll, expect, test } from 'vitest';
import { verifyStoredChain } from '#server/audit/verify.ts';
import { sql } from '#server/db/sql.ts';
import { type Db, inTransaction } from '#server/db/tx.ts';
import { makeHub } from '#server/hub.ts';
import type { Id } from '#shared/lib/ids.ts';
import { systemClock } from '#shared/lib/time.ts';
import { freshDatabase } from '#tests/support/postgres.ts';
import { keepingLog, signed, type TestDevice, TestLink, World } from '#tests/support/world.ts';

/** A node sets out deciding from what it remembers of a device: these are the ways in which that may be wrong. */
let db: Db;
let world: World;
let ana: Id;
let desk: TestDevice;
let conversation: Id;
let link: TestLink;
let n = 0;

beforeAll(async () => {
  const database = await freshDatabase();
  db = await database.open();
  world = await World.create(db, systemClock);
  ana = await world.person('Ana', 'agent', [world.teams[0]]);
  desk = await world.device(ana);
  conversation = (await world.customerWrites(world.mint.next(), 'Where is it?')).conversationId;
  link = new TestLink().open(world.hub);
  link.hello(desk);
  await link.until((m) => m.t === 'welcome');
  await send('inbox.take', {});
  await reply('the first is never guessed');
});

async function send(kind: string, args: Record<string, unknown>, over: TestLink = link) {
  n += 1;
  const mine = n;
  const at = systemClock.now();
  const content = { kind, args: { conversationId: conversation, ...args }, at, hubAt: at, offline: false, basis: {} };
  over.say({ t: 'command', command: signed(desk, { ...content, n: mine, id: world.mint.next(), after: [] }) });
  return over.until((m) => (m.t === 'dismissed' && m) || (m.t === 'outcome' && m.outcome.n === mine && m));
}

const reply = (text: string, over?: TestLink) => send('conversation.reply', { text }, over);

async function said(): Promise<{ author_name: string; text: string }[]> {
  return db.rows(sql<{ author_name: string; text: string }>`
    select author_name, text from messages where conversation_id = ${conversation}::uuid and speaker = 'agent' order by ord`);
}

async function rename(name: string): Promise<void> {
  await inTransaction(db, (tx) =>
    tx.run(sql`update persons set name = ${name} where org = ${world.org}::uuid and id = ${ana}::uuid`),
  );
}

test('what changed since the last command counts, and what was begun from the old is undone', async () => {
  await rename('Ana Maria');
  expect(await reply('after the name changed')).toMatchObject({ outcome: { status: 'done' } });
  expect(await said()).toEqual([
    { author_name: 'Ana', text: 'the first is never guessed' },
    { author_name: 'Ana Maria', text: 'after the name changed' },
  ]);
});

test('a command that was settled by another node is answered from there and not decided again', async () => {
  const other = await makeHub({ db, clock: systemClock, log: keepingLog() });
  const there = new TestLink().open(other);
  there.hello(desk, { lastN: n, lastId: await lastId() });
  await there.until((m) => m.t === 'welcome');
  expect(await reply('at the other node', there)).toMatchObject({ outcome: { status: 'done' } });
  there.close();
  await other.stop();
  // The first node remembers less than there is; the next in turn is decided all the same.
  expect(await reply('back at the first')).toMatchObject({ outcome: { status: 'done' } });
  expect((await said()).map((m) => m.text).slice(-2)).toEqual(['at the other node', 'back at the first']);
});

test('a signature that does not fit changes nothing', async () => {
  const before = await said();
  const content = { kind: 'conversation.reply', args: { conversationId: conversation, text: 'forged' }, basis: {} };
  const at = systemClock.now();
  const whole = signed(desk, { ...content, n: n + 1, id: world.mint.next(), at, hubAt: at, offline: false, after: [] });
  link.say({ t: 'command', command: { ...whole, args: { ...whole.args, text: 'forged better' } } });
  const refused = await link.until((m) => m.t === 'refused' && m.error);
  expect(refused.code).toBe('session/bad-signature');
  expect(await said()).toEqual(before);
});

test('a device that was revoked since its last command decides nothing', async () => {
  const before = await said();
  await inTransaction(db, (tx) =>
    tx.run(sql`update devices set state = 'revoked' where org = ${world.org}::uuid and id = ${desk.id}::uuid`),
  );
  expect(await reply('too late')).toMatchObject({ t: 'dismissed', why: 'revoked' });
  expect(await said()).toEqual(before);
  expect((await verifyStoredChain(db, world.org)).faults).toEqual([]);
});

async function lastId(): Promise<Id> {
  const row = await db.one(sql<{ last_id: Id }>`select last_id from devices where id = ${desk.id}::uuid`);
  return row.last_id;
}
