import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Db } from '#server/db/tx.ts';
import type { Id } from '#shared/lib/ids.ts';
import { systemClock } from '#shared/lib/time.ts';
import { mayOpen } from '#shared/session/rules.ts';
import { ActingDesk, allowed, factsOf, heldNow } from '#tests/support/office.ts';
import { anotherNode } from '#tests/support/one-node.ts';
import { freshDatabase } from '#tests/support/postgres.ts';
import { World } from '#tests/support/world.ts';

const roles = ['agent', 'supervisor', 'super-user', 'operations', 'admin'] as const;

/** One thing that happens; numbers pick among who and what there is. */
const step = fc.oneof(
  fc.record({ do: fc.constant('take' as const), who: fc.nat(), what: fc.nat() }),
  fc.record({ do: fc.constant('release' as const), who: fc.nat(), what: fc.nat() }),
  fc.record({ do: fc.constant('move' as const), who: fc.nat(), what: fc.nat(), team: fc.nat(1) }),
  fc.record({ do: fc.constant('open' as const), who: fc.nat(), what: fc.nat() }),
  fc.record({ do: fc.constant('open' as const), who: fc.nat(), what: fc.nat() }),
  fc.record({ do: fc.constant('close' as const), who: fc.nat(), what: fc.nat() }),
  fc.record({ do: fc.constant('change' as const), who: fc.nat(), role: fc.constantFrom(...roles), teams: fc.nat(3) }),
  fc.record({ do: fc.constant('disable' as const), who: fc.nat(), isDisabled: fc.boolean() }),
  fc.record({ do: fc.constant('revoke' as const), who: fc.nat() }),
  fc.record({ do: fc.constant('enrol' as const), who: fc.nat() }),
  fc.record({ do: fc.constant('write' as const), team: fc.nat(1) }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** A few people with desks, conversations in two teams, and an administrator who changes everything about them. */
class Office {
  readonly world: World;
  readonly desks: ActingDesk[] = [];
  readonly people: Id[] = [];
  readonly conversations: Id[] = [];
  private boss: ActingDesk | null = null;

  constructor(world: World) {
    this.world = world;
  }

  async open(): Promise<this> {
    const { world } = this;
    const [one, two] = world.teams;
    const teams = [[one], [two], [one, two]];
    for (const [i, of] of teams.entries()) {
      const person = await world.person(`P${i}`, i === 2 ? 'supervisor' : 'agent', of);
      this.people.push(person);
      this.desks.push(new ActingDesk(world, await world.device(person)));
    }
    this.desks.push(new ActingDesk(world, await world.device(this.people[0] ?? '')));
    this.boss = new ActingDesk(world, await world.device(await world.person('Boss', 'admin', [])));
    for (const team of [one, two, one]) {
      const said = await world.customerWrites(world.mint.next(), 'hello', { teamId: team });
      this.conversations.push(said.conversationId);
    }
    return this;
  }

  /** Does it at a node; answers what was opened or given up, where that was granted. */
  async do(hub: World['hub'], s: Step): Promise<{ device: Id; conversation: Id; isOpen: boolean } | null> {
    const at = <T>(list: readonly T[], n: number): T => list[n % list.length] as T;
    const boss = this.boss;
    if (!boss) throw new Error('not open');
    switch (s.do) {
      case 'take':
      case 'release':
      case 'move': {
        const conversationId = at(this.conversations, s.what);
        const reason = s.do === 'take' ? {} : { reason: 'x' };
        const more = s.do === 'move' ? { teamId: at(this.world.teams, s.team), ...reason } : reason;
        await at(this.desks, s.who).command(hub, `inbox.${s.do}`, { conversationId, ...more });
        return null;
      }
      case 'open':
      case 'close': {
        const desk = at(this.desks, s.who);
        const conversationId = at(this.conversations, s.what);
        const isDone = await desk.ask(hub, `conversation.${s.do}`, { conversationId });
        return isDone ? { device: desk.device.id, conversation: conversationId, isOpen: s.do === 'open' } : null;
      }
      case 'change': {
        const teamIds = this.world.teams.filter((_, i) => s.teams & (1 << i));
        await boss.ask(hub, 'session.changePerson', {
          personId: at(this.people, s.who),
          name: 'P',
          role: s.role,
          teamIds,
        });
        return null;
      }
      case 'disable':
        await boss.ask(hub, 'session.disablePerson', { personId: at(this.people, s.who), isDisabled: s.isDisabled });
        return null;
      case 'revoke':
        await boss.ask(hub, 'session.revokeDevice', { deviceId: at(this.desks, s.who).device.id });
        return null;
      case 'enrol':
        if (this.desks.length < 8)
          this.desks.push(new ActingDesk(this.world, await this.world.device(at(this.people, s.who))));
        return null;
      case 'write': {
        const said = await this.world.customerWrites(this.world.mint.next(), 'hi', {
          teamId: at(this.world.teams, s.team),
        });
        this.conversations.push(said.conversationId);
        return null;
      }
    }
  }

  close(): void {
    for (const desk of [...this.desks, this.boss]) desk?.close();
  }
}

/** Every run is an organisation of its own on one database. */
let seed = 0;
function nextSeed(): number {
  seed += 1;
  return seed;
}

let pools: [Db, Db];
beforeAll(async () => {
  const database = await freshDatabase();
  pools = [await database.open(), await database.open()];
});

describe('what devices hold', { timeout: 120_000 }, () => {
  test('is after every change exactly what the rules allow, and the stream says the same', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 12, maxLength: 30 }), async (steps) => {
        const world = await World.create(pools[0], systemClock, { seed: nextSeed() });
        const office = await new Office(world).open();
        const opened = new Set<string>();
        for (const s of steps) {
          const changed = await office.do(world.hub, s);
          if (changed?.isOpen) opened.add(`${changed.device} ${changed.conversation}`);
          else if (changed) opened.delete(`${changed.device} ${changed.conversation}`);
          const facts = await factsOf(world);
          // What a device lost the right to is given up: it does not come back by itself.
          for (const holder of facts.holders) {
            for (const c of facts.conversations) if (!mayOpen(holder, c)) opened.delete(`${holder.deviceId} ${c.id}`);
          }
          const held = await heldNow(world);
          const want = allowed(facts, (device, c) => opened.has(`${device} ${c}`));
          expect({ after: s, held: held.table }).toEqual({ after: s, held: want });
          expect(held.stream).toEqual(held.table);
        }
        office.close();
        await world.hub.stop();
      }),
      { numRuns: 12, endOnFailure: true },
    );
  });

  test('shows more of what is open when a role comes to see more, and less when it comes to see less', async () => {
    const world = await World.create(pools[0], systemClock, { seed: nextSeed() });
    const office = await new Office(world).open();
    const device = office.desks[0]?.device.id ?? '';
    const finance = async () =>
      (await heldNow(world)).table.filter((h) => h.startsWith(device) && h.includes(':finance|opened'));
    await office.do(world.hub, { do: 'open', who: 0, what: 0 });
    expect(await finance()).toHaveLength(1);
    await office.do(world.hub, { do: 'change', who: 0, role: 'super-user', teams: 1 });
    expect(await finance()).toEqual([]);
    await office.do(world.hub, { do: 'change', who: 0, role: 'agent', teams: 1 });
    expect(await finance()).toHaveLength(1);
    office.close();
    await world.hub.stop();
  });

  test('is right also when two nodes change it at the same moment', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(step, step, step), { minLength: 8, maxLength: 16 }), async (rounds) => {
        const world = await World.create(pools[0], systemClock, { seed: nextSeed() });
        const other = await anotherNode({ db: pools[1], clock: systemClock });
        const office = await new Office(world).open();
        const asked = new Set<string>();
        for (const [a, b, c] of rounds) {
          const done = await Promise.all([office.do(world.hub, a), office.do(other, b), office.do(other, c)]);
          for (const d of done) if (d?.isOpen) asked.add(`${d.device} ${d.conversation}`);
          const facts = await factsOf(world);
          const held = await heldNow(world);
          // Which of an open and a close came first is the hub's to say; whatever it holds, it holds wholly and by right.
          for (const key of held.opened) expect(asked).toContain(key);
          const want = allowed(facts, (device, x) => held.opened.has(`${device} ${x}`));
          expect({ after: [a, b, c], held: held.table }).toEqual({ after: [a, b, c], held: want });
          expect(held.stream).toEqual(held.table);
        }
        office.close();
        await Promise.all([world.hub.stop(), other.stop()]);
      }),
      { numRuns: 10, endOnFailure: true },
    );
  });
});
