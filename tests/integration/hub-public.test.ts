import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { sql } from '#server/db/sql.ts';
import type { Db } from '#server/db/tx.ts';
import { hubPorts } from '#server/widget/hub-ports.ts';
import type { Id } from '#shared/lib/ids.ts';
import { systemClock } from '#shared/lib/time.ts';
import { ActingDesk } from '#tests/support/office.ts';
import { freshDatabase } from '#tests/support/postgres.ts';
import { World } from '#tests/support/world.ts';

const step = fc.record({
  do: fc.constantFrom('note', 'note', 'reply', 'take', 'release', 'move', 'resolve', 'write', 'stranger'),
  who: fc.nat(2),
  what: fc.nat(),
  team: fc.nat(1),
});

let db: Db;
let seed = 100;
beforeAll(async () => {
  db = await (await freshDatabase()).open();
});

/** Everything a visitor of the widget is given, from the first row on. */
async function shownTo(world: World, visitor: Id): Promise<string> {
  const ports = hubPorts(world.hub);
  const mine = await ports.conversationsOf(world.org, [visitor]);
  const page = await ports.publicRows({ org: world.org, fresh: mine, known: [], after: null, limit: 1_000 });
  return JSON.stringify(page);
}

test('no note is ever in a scope a customer reads, whatever agents do, and no visitor is shown what is said to another', async () => {
  let notes = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 15, maxLength: 40 }), async (steps) => {
      seed += 1;
      const world = await World.create(db, systemClock, { seed });
      const desks: ActingDesk[] = [];
      for (let i = 0; i < 3; i += 1) {
        const person = await world.person(
          `P${i}`,
          i === 2 ? 'supervisor' : 'agent',
          i === 2 ? world.teams : [world.teams[i] ?? ''],
        );
        desks.push(new ActingDesk(world, await world.device(person)));
      }
      const visitors: { id: Id; conversation: Id; mark: string }[] = [];
      const write = async (visitor: Id, mark: string, team: number) => {
        const said = await world.customerWrites(visitor, `customer ${mark}`, { teamId: world.teams[team] ?? '' });
        return said.conversationId;
      };
      for (const [i, team] of [0, 1, 0].entries()) {
        const id = world.mint.next();
        visitors.push({ id, mark: `visitor-${i}`, conversation: await write(id, `visitor-${i}`, team) });
      }
      for (const s of steps) {
        const visitor = visitors[s.what % visitors.length];
        const desk = desks[s.who];
        if (!visitor || !desk) continue;
        const conversationId = visitor.conversation;
        const text = `agent ${visitor.mark}`;
        switch (s.do) {
          case 'note':
            if (
              (await desk.command(world.hub, 'conversation.note', {
                conversationId,
                text: `SECRET-NOTE ${visitor.mark}`,
              })) === 'done'
            )
              notes += 1;
            break;
          case 'reply':
            await desk.command(world.hub, 'conversation.reply', { conversationId, text });
            break;
          case 'resolve':
            await desk.command(world.hub, 'conversation.resolve', {
              conversationId,
              resolution: 'other',
              comment: 'SECRET-NOTE as comment',
            });
            break;
          case 'release':
            await desk.command(world.hub, 'inbox.release', { conversationId, reason: 'SECRET-NOTE as reason' });
            break;
          case 'move':
            await desk.command(world.hub, 'inbox.move', {
              conversationId,
              teamId: world.teams[s.team],
              reason: 'SECRET-NOTE as reason',
            });
            break;
          case 'take':
            await desk.command(world.hub, 'inbox.take', { conversationId });
            break;
          case 'write':
            visitor.conversation = await write(visitor.id, visitor.mark, s.team);
            break;
          case 'stranger': {
            const id = world.mint.next();
            const mark = `visitor-${visitors.length}`;
            if (visitors.length < 6) visitors.push({ id, mark, conversation: await write(id, mark, s.team) });
          }
        }
      }
      const open = await db.rows(sql<{ scope: string; entity: string; body: string }>`
        select scope, entity, body from replica where org = ${world.org}::uuid and scope like '%:public' and body is not null`);
      expect(open.length).toBeGreaterThanOrEqual(3);
      expect(open.filter((r) => r.body.includes('SECRET-NOTE'))).toEqual([]);
      expect([...new Set(open.map((r) => r.entity))].filter((e) => e !== 'message' && e !== 'receipt')).toEqual([]);
      for (const one of visitors) {
        const shown = await shownTo(world, one.id);
        expect(shown).toContain(`customer ${one.mark}`);
        expect(shown).not.toContain('SECRET-NOTE');
        for (const other of visitors) if (other !== one) expect(shown).not.toContain(other.mark);
      }
      for (const desk of desks) desk.close();
      await world.hub.stop();
    }),
    { numRuns: 10, endOnFailure: true },
  );
  // The property would hold for a hub that writes no notes at all.
  expect(notes).toBeGreaterThan(5);
});

test('who sends the id of somebody else’s message is told nothing, and changes nothing', async () => {
  const world = await World.create(db, systemClock, { seed: 99 });
  const [ana, ben] = [world.mint.next(), world.mint.next()];
  const id = world.mint.next();
  const first = await world.customerWrites(ana, 'mine', { id });
  expect(await world.customerWrites(ana, 'mine, again', { id })).toEqual(first);
  await expect(world.customerWrites(ben, 'not mine', { id })).rejects.toThrow('another visitor');
  expect(await shownTo(world, ben)).not.toContain(first.conversationId);
  const nobody = await shownTo(world, world.mint.next());
  expect(JSON.parse(nobody)).toMatchObject({ rows: [] });
  await world.hub.stop();
});
