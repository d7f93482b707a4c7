import { beforeAll, expect, test } from 'vitest';
import { anotherNode, bye, isPage, OneNode } from '#tests/support/one-node.ts';
import { keepingLog, TestLink } from '#tests/support/world.ts';
import { lineLimits } from './line.ts';

let node: OneNode;
beforeAll(async () => {
  node = await OneNode.start();
});

test('a desk that does not confirm a page is cut off after 30 s, not before, and resumes where it stood', async () => {
  const device = await node.desk();
  const link = await node.join(device);
  const start = await link.until((m) => m.t === 'page' && m.upTo);
  link.isConfirming = false;
  const said = await node.world.customerWrites(node.world.mint.next(), 'slow?');
  await link.until((m) => m.t === 'page' && m.rows.some((r) => r.i === said.conversationId));
  await node.world.customerWrites(node.world.mint.next(), 'nobody sends a second page');
  await node.world.hub.quiet();
  expect(link.got.filter(isPage)).toHaveLength(2);
  node.clock.advance(29_999);
  await node.world.hub.quiet();
  expect(link.isClosed).toBe(false);
  node.clock.advance(1);
  expect(await link.until(bye)).toBe('slow');
  expect(link.isClosed).toBe(true);
  const again = new TestLink().open(node.world.hub);
  again.hello(device, { cursor: start });
  await again.until((m) => m.t === 'page' && m.rows.some((r) => r.i === said.conversationId));
  again.close();
});

test('who does not say hello within 10 s is cut off', async () => {
  const link = new TestLink().open(node.world.hub);
  node.clock.advance(lineLimits.helloWithinMs - 1);
  await node.world.hub.quiet();
  expect(link.isClosed).toBe(false);
  node.clock.advance(1);
  expect(await link.until(bye)).toBe('slow');
});

test('a stranger who talks too much is cut off before anything is looked up for them', async () => {
  const link = new TestLink().open(node.world.hub);
  for (let i = 0; i <= lineLimits.stranger.burst; i += 1) link.say({ t: 'auth', token: 'x' });
  expect(await link.until(bye)).toBe('flood');
});

test('a desk that floods is cut off, one that stays within its rate is not', async () => {
  const [calm, wild] = [await node.join(await node.desk()), await node.join(await node.desk())];
  for (let i = 0; i < lineLimits.known.burst - 10; i += 1) calm.raw({ t: 'pageDone', upTo: { seq: 0, mark: '' } });
  for (let i = 0; i < lineLimits.known.burst + 10; i += 1) wild.raw({ t: 'pageDone', upTo: { seq: 0, mark: '' } });
  expect(await wild.until(bye)).toBe('flood');
  await node.world.hub.quiet();
  expect(calm.isClosed).toBe(false);
  calm.close();
});

test('asking for each of very many scopes is no flood', async () => {
  const link = await node.join(await node.desk());
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
  const device = await node.desk();
  const link = await node.join(device);
  const { conversationId } = await node.world.customerWrites(node.world.mint.next(), 'queue');
  let go: () => void = () => undefined;
  const blocked = new Promise<void>((done) => {
    go = done;
  });
  node.atPoint((name) => (name === 'command.decided' ? blocked : Promise.resolve()));
  link.say({ t: 'command', command: node.command(device, 1, 'inbox.take', { conversationId }) });
  const beat = { t: 'beat' as const, state: 'available' as const, drafts: [] };
  for (let i = 0; i < lineLimits.longestQueue - 1; i += 1) link.say(beat);
  await new Promise((done) => setTimeout(done, 50));
  expect(link.isClosed).toBe(false);
  link.say(beat);
  expect(await link.until(bye)).toBe('flood');
  go();
  node.atPoint(null);
  await node.world.hub.quiet();
});

test('malformed messages are refused by field and without their content, and after five the desk is cut off', async () => {
  const log = keepingLog();
  const hub = await anotherNode({ db: node.db, clock: node.clock, log });
  const device = await node.desk();
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

test('a text with a character the database cannot keep is refused and its n is used, so that the next command goes through', async () => {
  const device = await node.desk();
  const { conversationId } = await node.world.customerWrites(node.world.mint.next(), 'nul\u0000 inside');
  const link = await node.join(device);
  link.say({ t: 'command', command: node.command(device, 1, 'inbox.take', { conversationId }) });
  link.say({
    t: 'command',
    command: node.command(device, 2, 'conversation.note', { conversationId, text: 'a\u0000b' }),
  });
  link.say({ t: 'command', command: node.command(device, 3, 'conversation.note', { conversationId, text: 'ab' }) });
  const outcomes = await Promise.all(
    [1, 2, 3].map((n) => link.until((m) => m.t === 'outcome' && m.outcome.n === n && m.outcome)),
  );
  expect(outcomes.map((o) => o.status)).toEqual(['done', 'refused', 'done']);
  expect(outcomes[1]?.error?.code).toBe('session/bad-input');
  link.close();
});
