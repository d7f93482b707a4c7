import { beforeAll, expect, test } from 'vitest';
import { sql } from '#server/db/sql.ts';
import type { Db } from '#server/db/tx.ts';
import type { Id } from '#shared/lib/ids.ts';
import { systemClock } from '#shared/lib/time.ts';
import { FollowingDesk } from '#tests/support/following-desk.ts';
import { freshDatabase } from '#tests/support/postgres.ts';
import { commandOf } from '#tests/support/two-nodes.ts';
import { type TestDevice, World } from '#tests/support/world.ts';

let db: Db;
let world: World;
/** holds up the page of one device between reading and sending it */
let hold: { device: Id; until: Promise<void>; isReached: () => void } | null = null;

beforeAll(async () => {
  db = await (await freshDatabase()).open();
  world = await World.create(db, systemClock, {
    async failPoint(name, detail) {
      if (name !== 'page.read' || detail['device'] !== hold?.device) return;
      hold?.isReached();
      await hold?.until;
    },
  });
});

let count = 0;
async function desk(role: 'agent' | 'supervisor', teams: readonly Id[]): Promise<FollowingDesk> {
  count += 1;
  const device = await world.device(await world.person(`P${count}`, role, teams));
  const following = new FollowingDesk(device);
  await following.join(world.hub);
  return following;
}

async function act(who: FollowingDesk, n: number, kind: string, args: Record<string, unknown>): Promise<string> {
  const command = commandOf(world.mint, who.device, n, kind, args);
  who.say({ t: 'command', command });
  const outcome = await who.until((m) => m.t === 'outcome' && m.outcome.n === n && m.outcome);
  expect(outcome).toMatchObject({ status: 'done', error: null });
  return command.id;
}

async function openBy(who: FollowingDesk, conversationId: Id): Promise<void> {
  const id = world.mint.next();
  who.say({ t: 'ask', id, name: 'conversation.open', args: { conversationId } });
  await who.until((m) => m.t === 'answer' && m.id === id && m.ok);
}

const settle = (all: readonly FollowingDesk[]) => Promise.all(all.map((d) => d.settle(world.hub)));

async function holdersOf(conversation: Id): Promise<Id[]> {
  const rows = await db.rows(sql<{ device: Id }>`
    select distinct device from holdings where scope like ${`conversation:${conversation}%`} order by 1`);
  return rows.map((r) => r.device);
}

/** Four desks that see a conversation of the first team in every way there is, and one that may follow it to the second. */
async function scene(secret: string) {
  const [one, two] = world.teams;
  const visitor = world.mint.next();
  const said = await world.customerWrites(visitor, `${secret} first words`);
  const desks = {
    owner: await desk('agent', [one]),
    opener: await desk('agent', [one]),
    listed: await desk('agent', [one]),
    mover: await desk('supervisor', [one, two]),
    there: await desk('agent', [two]),
  };
  const id = said.conversationId;
  await act(desks.owner, 1, 'inbox.take', { conversationId: id });
  await act(desks.owner, 2, 'conversation.note', { conversationId: id, text: `${secret} a note` });
  await openBy(desks.opener, id);
  await openBy(desks.mover, id);
  await settle(Object.values(desks));
  return { id, visitor, two, desks, customerId: said.customerId };
}

function isLost(desk: FollowingDesk, id: Id, customerId: Id): void {
  const left = [...desk.cache.values()].filter(
    (r) => r.s.startsWith(`conversation:${id}`) || r.s.startsWith(`customer:${customerId}`),
  );
  expect(left).toEqual([]);
}

test('a conversation moved to another team leaves every desk that lost the right, also one that only opened it', async () => {
  const { id, two, desks, customerId } = await scene('ALPHA');
  // The control: before the move each of them has it.
  for (const who of [desks.owner, desks.opener, desks.mover]) expect(who.knows('ALPHA').length).toBeGreaterThan(2);
  expect(desks.listed.knows('ALPHA')).toEqual([`team:${world.teams[0]} head ${id}`]);
  expect(desks.there.knows('ALPHA')).toEqual([]);
  await act(desks.mover, 1, 'inbox.move', { conversationId: id, teamId: two, reason: 'x' });
  await settle(Object.values(desks));
  for (const who of [desks.owner, desks.opener, desks.listed]) {
    expect(who.knows('ALPHA')).toEqual([]);
    isLost(who, id, customerId);
  }
  expect(desks.there.knows('ALPHA')).toEqual([`team:${two} head ${id}`]);
  expect(desks.mover.knows('ALPHA').length).toBeGreaterThan(2);
  expect(await holdersOf(id)).toEqual([desks.mover.device.id]);
  for (const who of Object.values(desks)) who.leave();
});

test('it leaves a desk whose page was already read when the right was taken away, and nothing follows it', async () => {
  const { id, visitor, two, desks, customerId } = await scene('BRAVO');
  const { opener, mover } = desks;
  let go: () => void = () => undefined;
  const reached = new Promise<void>((isReached) => {
    hold = {
      device: opener.device.id,
      until: new Promise<void>((done) => {
        go = done;
      }),
      isReached,
    };
  });
  await world.customerWrites(visitor, 'BRAVO said while the page was on its way');
  await reached;
  await act(mover, 1, 'inbox.move', { conversationId: id, teamId: two, reason: 'x' });
  await world.customerWrites(visitor, 'BRAVO said after the move');
  expect(await holdersOf(id)).not.toContain(opener.device.id);
  hold = null;
  go();
  await settle(Object.values(desks));
  // The page that was on its way did carry it: that is what makes this the case to look at.
  expect(opener.ever.some((r) => r.b?.includes('while the page was on its way'))).toBe(true);
  expect(opener.ever.some((r) => r.b?.includes('after the move'))).toBe(false);
  expect(opener.knows('BRAVO')).toEqual([]);
  isLost(opener, id, customerId);
  for (const who of Object.values(desks)) who.leave();
});

test('it leaves a desk that was away during the move at its next contact, and a backfill asked meanwhile carries nothing', async () => {
  const { id, visitor, two, desks, customerId } = await scene('CHARLIE');
  const { opener, owner, mover } = desks;
  opener.leave();
  await act(mover, 1, 'inbox.move', { conversationId: id, teamId: two, reason: 'x' });
  await world.customerWrites(visitor, 'CHARLIE while it was away');
  for (const scope of [`conversation:${id}`, `conversation:${id}:public`, `customer:${customerId}`]) {
    owner.say({ t: 'backfill', id: 900, scope, upTo: 1_000_000, after: 0 });
    expect(await owner.until((m) => m.t === 'backfilled' && m.scope === scope && m.id === 900 && m)).toMatchObject({
      rows: [],
      isHeld: false,
    });
  }
  expect(opener.knows('CHARLIE').length).toBeGreaterThan(2);
  await opener.join(world.hub);
  expect(opener.knows('CHARLIE')).toEqual([]);
  isLost(opener, id, customerId);
  expect(opener.ever.some((r) => r.b?.includes('while it was away'))).toBe(false);
  for (const who of Object.values(desks)) who.leave();
});

test('a desk that starts over gets nothing of what it lost', async () => {
  const { id, two, desks } = await scene('DELTA');
  await act(desks.mover, 1, 'inbox.move', { conversationId: id, teamId: two, reason: 'x' });
  const device: TestDevice = desks.opener.device;
  desks.opener.leave();
  const fresh = new FollowingDesk(device);
  await fresh.join(world.hub);
  expect(fresh.ever.length).toBeGreaterThan(5);
  expect(fresh.ever.filter((r) => r.b?.includes('DELTA'))).toEqual([]);
  for (const who of [fresh, ...Object.values(desks)]) who.leave();
});

test('a change of teams takes away what a person saw through the old team and shows the new one', async () => {
  const { id, visitor, two, desks, customerId } = await scene('ECHO');
  const { opener, listed, owner } = desks;
  const boss = new FollowingDesk(await world.device(await world.person(`Boss${count}`, 'admin', [])));
  await boss.join(world.hub);
  for (const who of [opener, listed, owner]) {
    const args = { personId: who.device.personId, name: 'P', role: 'agent', teamIds: [two] };
    const ask = world.mint.next();
    boss.say({ t: 'ask', id: ask, name: 'session.changePerson', args });
    await boss.until((m) => m.t === 'answer' && m.id === ask && m.ok);
  }
  await world.customerWrites(visitor, 'ECHO after the change');
  const elsewhere = await world.customerWrites(world.mint.next(), 'FOXTROT in the new team', { teamId: two });
  await settle([...Object.values(desks), boss]);
  for (const who of [opener, listed]) {
    expect(who.knows('ECHO')).toEqual([]);
    isLost(who, id, customerId);
    expect(who.knows('FOXTROT')).toEqual([`team:${two} head ${elsewhere.conversationId}`]);
  }
  // What a person owns stays theirs wherever they go.
  expect(owner.knows('ECHO after the change').length).toBeGreaterThan(0);
  expect(owner.knows('ECHO').some((key) => key.startsWith('team:'))).toBe(false);
  for (const who of [...Object.values(desks), boss]) who.leave();
});
