import { expect, test } from 'vitest';
import { sql } from '#server/db/sql.ts';
import { systemClock } from '#shared/lib/time.ts';
import { freshDatabase } from '#tests/support/postgres.ts';
import { signed, TestLink, World } from '#tests/support/world.ts';

test('why somebody gave work up is kept, but not in the chain that never changes', async () => {
  const db = await (await freshDatabase()).open();
  const world = await World.create(db, systemClock);
  const ana = await world.person('Ana', 'agent', [world.teams[0]]);
  const desk = await world.device(ana);
  const link = new TestLink().open(world.hub);
  link.hello(desk);
  await link.until((m) => m.t === 'welcome');
  const refused = { n: 1, id: world.mint.next(), kind: 'conversation.reply' };
  const reasons = ['Mia Brandt rang up instead', 'Mia Brandt does not want it any more'];
  const acts = [
    { kind: 'session.void', args: { kind: 'conversation.note', reason: reasons[0] } },
    { kind: 'session.discard', args: { items: [refused], reason: reasons[1] } },
  ];
  for (const [i, { kind, args }] of acts.entries()) {
    const at = systemClock.now();
    const content = {
      n: i + 1,
      id: world.mint.next(),
      kind,
      args,
      at,
      hubAt: at,
      offline: false,
      basis: {},
      after: [],
    };
    link.say({ t: 'command', command: signed(desk, content) });
    expect(await link.until((m) => m.t === 'outcome' && m.outcome.n === i + 1 && m.outcome.status)).toBe('done');
  }
  const kept = await db.rows(sql<{ kind: string; reason: string; person_id: string }>`
    select kind, reason, person_id from discards order by kind`);
  expect(kept).toEqual([
    { kind: 'conversation.note', reason: reasons[0], person_id: ana },
    { kind: 'conversation.reply', reason: reasons[1], person_id: ana },
  ]);
  const chain = await db.rows(sql<{ entry: string }>`select entry from audit_entries`);
  expect(chain.map((e) => e.entry).join()).toContain('session.discard');
  expect(chain.map((e) => e.entry).join()).not.toContain('Brandt');
});
