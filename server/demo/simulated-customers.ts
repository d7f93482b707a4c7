import { ingestCustomerMessage } from '#server/channels/ingest.ts';
import type { HubContext, ReadDb } from '#server/context.ts';
import { conversationById, conversationIdsOfVisitors } from '#server/conversation/handle.ts';
import { customerByExternal } from '#server/customer/handle.ts';
import type { Tail } from '#server/replica/tail.ts';
import type { Head } from '#shared/conversation/model.ts';
import { type Id, IdMint } from '#shared/lib/ids.ts';
import { Chance } from './random.ts';
import { firstNames, lastNames, stories } from './words.ts';

/** The parts of a hub the demo lives on. */
export interface DemoHub {
  readonly ctx: HubContext;
  readonly tail: Tail;
}

/** One simulated customer in mid-conversation. */
interface Simulated {
  readonly visitorId: Id;
  readonly name: string;
  readonly then: readonly string[];
  said: number;
  /** order of the last line of theirs, so that only what comes after it is an answer */
  lastOrder: number;
  isBusy: boolean;
  readonly customerId: Id | null;
}

const firstVisitAt = Date.UTC(2026, 0, 1);

async function lastConversationOf(db: ReadDb, org: Id, visitorId: Id): Promise<Head | null> {
  const last = (await conversationIdsOfVisitors(db, org, [visitorId])).at(-1);
  return last === undefined ? null : conversationById(db, org, last);
}

/** How long a simulated customer thinks and types before answering (ms). */
const thinkMs = { least: 1_800, most: 4_500 };

/**
 * A handful of simulated customers write in at the start and answer when they are answered, twice each, by the same door
 * as everybody else's messages. They live as long as the hub runs.
 */
export async function startSimulatedCustomers(
  hub: DemoHub,
  org: Id,
  teamIds: readonly Id[],
  seed: number,
): Promise<void> {
  const { ctx } = hub;
  const chance = new Chance(seed + 1);
  const mint = new IdMint(ctx.clock, ctx.random);
  // The same visitors at every start: who comes again goes on where the talk ended.
  const visitors = new IdMint({ now: () => firstVisitAt }, (into) => chance.bytes(into));
  const byConversation = new Map<Id, Simulated>();

  const write = async (who: Simulated, teamId: Id, text: string): Promise<void> => {
    const stored = await ingestCustomerMessage(ctx, {
      org,
      channel: 'web',
      visitorId: who.visitorId,
      visitorIds: [who.visitorId],
      visitorName: who.name,
      customerId: who.customerId,
      teamId,
      providerId: mint.next(),
      text,
      language: 'en',
      sentAt: ctx.clock.now(),
    });
    who.lastOrder = stored.order;
    byConversation.set(stored.conversationId, who);
  };

  for (const [i, story] of stories.entries()) {
    const customer = await customerByExternal(ctx.db, org, i === 0 ? 'maya' : `c${i + 1}`);
    const who = {
      visitorId: visitors.next(),
      customerId: customer?.id ?? null,
      name: customer?.name ?? `${chance.pick(firstNames)} ${chance.pick(lastNames)}`,
      then: story.then,
      said: 0,
      lastOrder: 0,
      isBusy: false,
    };
    const teamId = teamIds[i % 4 === 3 ? 1 : 0] ?? '';
    const before = await lastConversationOf(ctx.db, org, who.visitorId);
    if (before === null || before.state === 'resolved') {
      for (const text of story.open) await write(who, teamId, text);
    } else {
      // Still in the talk of an earlier start: who waits goes on waiting, who was answered has one more thing to say.
      who.lastOrder = before.lastCustomerOrder;
      byConversation.set(before.id, who);
      if (before.waitingSince === null) await write(who, before.teamId, story.then[0]);
    }
  }

  const answer = async (conversation: Id, who: Simulated): Promise<void> => {
    const head = await conversationById(ctx.db, org, conversation);
    const text = who.then[who.said];
    if (!head || !text || head.snippet.from !== 'agent' || head.lastOrder <= who.lastOrder) return;
    who.said += 1;
    await write(who, head.teamId, text);
  };
  hub.tail.onNews((news) => {
    for (const [conversation, who] of byConversation) {
      if (who.isBusy || who.said >= who.then.length) continue;
      if (news.scopes !== null && !news.scopes.has(`conversation:${conversation}:public`)) continue;
      who.isBusy = true;
      ctx.clock.setTimeout(
        () => {
          answer(conversation, who)
            .catch((error: unknown) => ctx.log.warn({ error: String(error) }, 'a simulated customer fell silent'))
            .finally(() => {
              who.isBusy = false;
            });
        },
        chance.whole(thinkMs.least, thinkMs.most),
      );
    }
  });
}
