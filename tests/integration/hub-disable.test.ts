import { beforeAll, expect, test } from 'vitest';
import { sql } from '#server/db/sql.ts';
import type { Db } from '#server/db/tx.ts';
import type { Id } from '#shared/lib/ids.ts';
import { systemClock } from '#shared/lib/time.ts';
import { freshDatabase } from '#tests/support/postgres.ts';
import { signed, type TestDevice, TestLink, World } from '#tests/support/world.ts';

let db: Db;
let world: World;

beforeAll(async () => {
  db = await (await freshDatabase()).open();
  world = await World.create(db, systemClock);
});

/** A desk that is there: sends commands and asks, and answers how they ended. */
async function present(device: TestDevice) {
  const link = new TestLink().open(world.hub);
  link.hello(device);
  await link.until((m) => m.t === 'welcome');
  let n = 0;
  return {
    send(kind: string, args: Record<string, unknown>) {
      n += 1;
      const mine = n;
      const at = systemClock.now();
      const content = { n, id: world.mint.next(), kind, args, at, hubAt: at, offline: false, basis: {}, after: [] };
      link.say({ t: 'command', command: signed(device, content) });
      return link.until((m) => m.t === 'outcome' && m.outcome.n === mine && m.outcome.status);
    },
    ask(name: string, args: Record<string, unknown>) {
      const id = world.mint.next();
      link.say({ t: 'ask', id, name, args });
      return link.until((m) => m.t === 'answer' && m.id === id && m);
    },
  };
}

async function ownerOf(conversation: Id): Promise<Id | null> {
  const row = await db.one(sql<{ owner_id: Id | null }>`
    select owner_id from conversations where id = ${conversation}::uuid`);
  return row.owner_id;
}

test('what a person has goes back to the team when they are disabled, so that no customer waits for nobody', async () => {
  const team = [world.teams[0]];
  const [ana, ben, boss] = [
    await world.device(await world.person('Ana', 'agent', team)),
    await world.device(await world.person('Ben', 'agent', team)),
    await world.device(await world.person('Chef', 'admin', [])),
  ];
  const [first, second] = [world.mint.next(), world.mint.next()];
  const open = (await world.customerWrites(first, 'Where is it?')).conversationId;
  const resolved = (await world.customerWrites(second, 'Thank you')).conversationId;
  const bens = await present(ben);
  for (const conversationId of [open, resolved]) expect(await bens.send('inbox.take', { conversationId })).toBe('done');
  const resolution = { conversationId: resolved, resolution: 'answered', comment: '' };
  expect(await bens.send('conversation.resolve', resolution)).toBe('done');
  const bosses = await present(boss);
  const disabled = await bosses.ask('session.disablePerson', { personId: ben.personId, isDisabled: true });
  expect(disabled).toMatchObject({ ok: true });
  expect(await ownerOf(open)).toBeNull();
  const anas = await present(ana);
  expect(await anas.send('inbox.take', { conversationId: open })).toBe('done');
  expect((await world.customerWrites(second, 'One more thing')).conversationId).toBe(resolved);
  expect(await ownerOf(resolved)).toBeNull();
  const held = await db.rows(sql`select 1 from holdings where device = ${ben.id}::uuid`);
  expect(held).toEqual([]);
});
