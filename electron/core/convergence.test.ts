import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FakeClock } from '#shared/lib/time.ts';
import { fakeId } from '#tests/support/fake-company.ts';
import { FakeDesk, must, pass, until } from '#tests/support/fake-desk.ts';
import { FakeHub } from '#tests/support/fake-hub.ts';

type Act =
  | { readonly do: 'reply' | 'note' | 'resolve' | 'take' | 'release'; readonly desk: number; readonly on: number }
  | { readonly do: 'customer' | 'revoke' | 'grant'; readonly on: number; readonly desk: number }
  | { readonly do: 'crash'; readonly desk: number }
  | { readonly do: 'cut' | 'swallow' | 'refuse' | 'open' | 'busy' }
  | { readonly do: 'wait'; readonly ms: number };

const desk = fc.constantFrom(0, 1);
const on = fc.constantFrom(0, 1, 2);
const anyAct: fc.Arbitrary<Act> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('reply' as const), desk, on }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('note' as const, 'resolve' as const, 'take' as const, 'release' as const),
      desk,
      on,
    }),
  },
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constantFrom('customer' as const, 'revoke' as const, 'revoke' as const, 'grant' as const),
      desk,
      on,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('crash' as const), desk }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('cut' as const, 'swallow' as const, 'refuse' as const, 'open' as const, 'busy' as const),
    }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(5, 30, 200, 1500) }) },
);

class World {
  readonly clock = new FakeClock();
  readonly hub = new FakeHub(this.clock, 777);
  readonly desks: FakeDesk[] = [];
  readonly conversations: string[] = [];
  readonly written: string[] = [];

  async begin(): Promise<void> {
    for (let i = 0; i < 3; i += 1) this.conversations.push(this.hub.converse(i, i === 2 ? null : fakeId(3 + i)));
    for (let i = 0; i < 2; i += 1) {
      const made = new FakeDesk(this.hub, this.clock, { seed: 100 * (i + 1) });
      this.desks.push(made);
      await made.enter(`agent${3 + i}@x.example`);
    }
    await pass(this.clock, 300);
  }

  async act(act: Act): Promise<void> {
    const made = 'desk' in act ? this.desks[act.desk] : undefined;
    const conversationId = 'on' in act ? (this.conversations[act.on] ?? '') : '';
    const order = { lastCustomerOrder: conversationId === '' ? 0 : this.hub.head(conversationId).lastCustomerOrder };
    switch (act.do) {
      case 'reply': {
        const text = `text ${this.written.length}`;
        if (made?.reply(conversationId, text, order.lastCustomerOrder).ok === true) this.written.push(text);
        break;
      }
      case 'note':
        made?.core.command('conversation.note', { conversationId, text: 'note' }, {});
        break;
      case 'resolve':
        made?.core.command('conversation.resolve', { conversationId, resolution: 'answered', comment: '' }, order);
        break;
      case 'take':
        made?.core.command('inbox.take', { conversationId }, {});
        break;
      case 'release':
        made?.core.command('inbox.release', { conversationId, reason: '' }, {});
        break;
      case 'customer':
        this.hub.customerSays(conversationId, 'And?');
        break;
      case 'revoke':
        for (const device of this.devices(act.desk)) this.hub.revoke(device, `opened:${conversationId}`);
        break;
      case 'grant':
        for (const device of this.devices(act.desk)) this.hub.open(device, conversationId);
        break;
      case 'crash':
        made?.crash();
        await made?.restart();
        break;
      case 'cut':
        this.hub.cut();
        break;
      case 'swallow':
        this.hub.swallow();
        break;
      case 'refuse':
        this.hub.reach = 'refused';
        this.hub.cut();
        break;
      case 'open':
        this.hub.reach = 'open';
        break;
      case 'busy':
        this.hub.busyTimes += 2;
        break;
      case 'wait':
        await pass(this.clock, act.ms);
        break;
    }
  }

  private devices(n: number): string[] {
    return [...this.hub.devices.values()].filter((d) => d.personId === fakeId(3 + n)).map((d) => d.id);
  }

  async settle(): Promise<void> {
    this.hub.reach = 'open';
    // A line that went dead a moment ago still looks alive.
    await pass(this.clock, 4000);
    await until(this.clock, () => this.desks.every((d) => d.link === 'live' && d.status.waiting === 0), 300_000);
    await pass(this.clock, 2000);
  }

  end(): void {
    for (const made of this.desks) made.remove();
  }
}

describe('two desks, one hub, anything in between', () => {
  it('ends with every command settled once and in order, and every cache exactly what its desk holds', async () => {
    await fc.assert(
      fc.asyncProperty(fc.noBias(fc.array(anyAct, { minLength: 20, maxLength: 80, size: 'max' })), async (acts) => {
        const world = new World();
        try {
          await world.begin();
          for (const act of acts) await world.act(act);
          await world.settle();
          for (const made of world.desks) {
            expect(made.rows()).toEqual(world.hub.stream.visibleTo(made.deviceId));
          }
          const refused = world.desks.flatMap((d) =>
            must(
              d.core.desk?.opened.store.read((db) =>
                db.values<string>(`select args from main.outbox where state in ('refused', 'held', 'failed')`),
              ) ?? { ok: true, value: [] },
            ),
          );
          const notSent = world.written.filter((text) => refused.some((args) => args.includes(`"${text}"`)));
          expect([...world.hub.delivered, ...notSent].sort()).toEqual([...world.written].sort());
          // Per desk and conversation the order of writing is the order of arrival; texts are numbered as they were written.
          for (const made of world.desks) {
            for (const conversation of world.conversations) {
              const own = world.hub.stream
                .all('message')
                .filter(
                  (m): m is { text: string; authorId: string; conversationId: string; order: number } =>
                    (m as { authorId: unknown }).authorId === made.core.desk?.opened.profile.person.id,
                )
                .filter((m) => m.conversationId === conversation)
                .sort((a, b) => a.order - b.order)
                .map((m) => Number(m.text.slice('text '.length)));
              expect(own).toEqual([...own].sort((a, b) => a - b));
            }
          }
        } finally {
          world.end();
        }
      }),
      { numRuns: 10, interruptAfterTimeLimit: 90_000, markInterruptAsFailure: true },
    );
  }, 120_000);
});
