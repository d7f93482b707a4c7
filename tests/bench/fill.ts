import { saveHead, startConversation } from '#server/conversation/handle.ts';
import { messageRow } from '#server/conversation/rows.ts';
import { addCustomers } from '#server/customer/handle.ts';
import { sql } from '#server/db/sql.ts';
import { inTransaction } from '#server/db/tx.ts';
import type { RowWrite } from '#server/replica/row-write.ts';
import type { Head, Message } from '#shared/conversation/model.ts';
import type { Id } from '#shared/lib/ids.ts';
import type { World } from '#tests/support/world.ts';

const openings = [
  'Where is my parcel?',
  'The zip of my tent broke.',
  'Can I still change the address?',
  'I was charged twice.',
];
const words =
  'thank you for waiting the parcel is at the depot and leaves today so it is with you tomorrow please keep the box and the label ' +
  'we will send a new pole with it at no cost you may return the other within thirty days';
const vocabulary = words.split(' ');

/** Sentences that differ, as long as people write in a chat (60 to 200 characters), the same in every run. */
function sentence(n: number): string {
  const count = 10 + ((n * 7) % 25);
  const picked = Array.from(
    { length: count },
    (_, i) => vocabulary[(n * 31 + i * 17 + ((n >> 3) ^ i)) % vocabulary.length],
  );
  return `${picked.join(' ')}. No ${n}.`;
}

/** How much to put in. */
export interface Filling {
  readonly person: { readonly id: Id; readonly name: string };
  readonly conversations: number;
  readonly messagesEach: number;
}

/** Gives a person conversations of their own with many messages: what a desk of theirs will hold. Answers their ids, oldest first. */
export async function fill(world: World, { person, conversations, messagesEach }: Filling): Promise<Id[]> {
  const { ctx } = world.hub;
  const ids: Id[] = [];
  const begin = ctx.clock.now() - conversations * messagesEach * 1_000;
  for (let c = 0; c < conversations; c += 1) {
    const id = world.mint.next();
    ids.push(id);
    await inTransaction(ctx.db, async (tx) => {
      const createdAt = begin + c * messagesEach * 1_000;
      const customer = {
        id: world.mint.next(),
        name: `Customer ${c + 1}`,
        email: `customer${c + 1}@mail.example`,
        phone: null,
        tier: 'standard' as const,
        region: 'Hamburg',
        language: 'en',
        verification: 'site' as const,
        since: createdAt,
        source: 'shop',
        asOf: createdAt,
        externalId: null,
      };
      const rows: RowWrite[] = await addCustomers(tx, world.org, [customer]);
      const messages = Array.from({ length: messagesEach }, (_, i): Message & { order: number } => {
        const isCustomers = i % 2 === 0;
        return {
          id: world.mint.next(),
          conversationId: id,
          order: i + 1,
          from: isCustomers ? 'customer' : 'agent',
          authorId: isCustomers ? null : person.id,
          authorName: isCustomers ? customer.name : person.name,
          text: i === 0 ? `${openings[c % openings.length]} No ${c}.` : sentence(c * messagesEach + i),
          at: createdAt + i * 1_000,
          writtenAt: null,
        };
      });
      const last = messages.at(-1);
      const head: Head = {
        id,
        teamId: world.teams[0],
        customerId: customer.id,
        customerName: customer.name,
        channel: 'web',
        state: 'open',
        ownerId: person.id,
        createdAt,
        lastOrder: messagesEach,
        lastAt: last?.at ?? createdAt,
        lastCustomerOrder: messagesEach - 1,
        waitingSince: null,
        snippet: { from: last?.from ?? 'customer', text: (last?.text ?? '').slice(0, 200) },
        resolution: null,
        resolvedAt: null,
      };
      startConversation(tx, world.org, head, null);
      tx.later(sql`
        insert into messages (org, id, conversation_id, ord, speaker, author_id, author_name, text, at)
        select ${world.org}::uuid, m, ${id}::uuid, o, s, a, n, t, w from unnest(${messages.map((m) => m.id)}::uuid[],
          ${messages.map((m) => m.order)}::bigint[], ${messages.map((m) => m.from)}::text[], ${messages.map((m) => m.authorId)}::uuid[],
          ${messages.map((m) => m.authorName)}::text[], ${messages.map((m) => m.text)}::text[], ${messages.map((m) => m.at)}::bigint[])
          as x(m, o, s, a, n, t, w)`);
      rows.push(...messages.map(messageRow), ...saveHead(tx, world.org, head));
      await ctx.commit(tx, { org: world.org, at: createdAt, cmd: null, rows, audit: [] });
    });
  }
  return ids;
}
