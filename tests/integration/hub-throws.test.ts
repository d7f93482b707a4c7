import { expect, test } from 'vitest';
import { sql } from '#server/db/sql.ts';
import { systemClock } from '#shared/lib/time.ts';
import { freshDatabase } from '#tests/support/postgres.ts';
import { signed, TestLink, World } from '#tests/support/world.ts';

test('a rule that keeps throwing is settled as failed, uses its n, leaves nothing behind, and what follows goes on', async () => {
  const db = await (await freshDatabase()).open();
  let throwing = Number.POSITIVE_INFINITY;
  let thrown = 0;
  const world = await World.create(db, systemClock, {
    failPoint: async (name) => {
      if (name !== 'command.decided' || thrown >= throwing) return;
      thrown += 1;
      throw new Error('a rule that cannot bear this');
    },
  });
  const desk = await world.device(await world.person('Ana', 'agent', [world.teams[0]]));
  const { conversationId } = await world.customerWrites(world.mint.next(), 'Hello?');
  const link = new TestLink().open(world.hub);
  link.hello(desk);
  await link.until((m) => m.t === 'welcome');
  const send = (n: number, kind: string, args: object) => {
    const at = systemClock.now();
    const content = { n, id: world.mint.next(), kind, at, hubAt: at, offline: false, basis: {}, after: [] };
    link.say({ t: 'command', command: signed(desk, { ...content, args: { conversationId, ...args } }) });
    return link.until((m) => m.t === 'outcome' && m.outcome.n === n && m.outcome);
  };
  throwing = 3;
  expect(await send(1, 'conversation.note', { text: 'lost?' })).toMatchObject({
    status: 'failed',
    error: { code: 'session/failed', retry: 'now' },
  });
  expect(thrown).toBe(3);
  expect(await send(2, 'conversation.note', { text: 'kept' })).toMatchObject({ status: 'done' });
  const notes = await db.rows(sql<{ text: string }>`select text from notes`);
  expect(notes.map((n) => n.text)).toEqual(['kept']);
});
