import type { HubContext } from '#server/context.ts';
import {
  conversationById,
  conversationIdsOfVisitors,
  happened,
  lockLastOfVisitors,
  placeOfMessage,
  saveHead,
  say,
  startConversation,
} from '#server/conversation/handle.ts';
import { addContacts, addCustomers, customerById, resumeContact } from '#server/customer/handle.ts';
import { failureOf } from '#server/db/failure.ts';
import { sql } from '#server/db/sql.ts';
import { withoutNul } from '#server/db/text.ts';
import { inTransaction, type WriteTx } from '#server/db/tx.ts';
import type { RowWrite } from '#server/replica/row-write.ts';
import type { Head } from '#shared/conversation/model.ts';
import { onCustomerMessage, snippetOf } from '#shared/conversation/rules.ts';
import type { Customer } from '#shared/customer/model.ts';
import type { Id } from '#shared/lib/ids.ts';
import { maskCards } from '#shared/privacy/rules.ts';

/** A customer's message in our own shape, whatever channel it came by. */
export interface Incoming {
  readonly org: Id;
  readonly channel: 'web';
  /** who writes at the other end of the channel */
  readonly visitorId: Id;
  /** every visitor id of the same person, this one first: the open conversation of any of them is the one to join */
  readonly visitorIds: readonly Id[];
  readonly visitorName: string;
  /** the customer this visitor is known to be; null = nobody we know */
  readonly customerId: Id | null;
  /** the team the channel brings its conversations to */
  readonly teamId: Id;
  /** the channel's id of the message: the same id twice is the same message */
  readonly providerId: Id;
  readonly text: string;
  readonly language: string;
  /** when the customer wrote it, by the customer's clock */
  readonly sentAt: number;
}

export interface Ingested {
  readonly conversationId: Id;
  readonly customerId: Id;
  readonly order: number;
  readonly at: number;
}

/**
 * Takes a customer's message in, exactly once: one transaction that finds the conversation it belongs to (or wakes it,
 * or starts one by the shared inbox rules), masks card numbers before anything is stored, stores and replicates.
 * A message that came before is answered as it was then.
 */
export async function ingestCustomerMessage(ctx: HubContext, incoming: Incoming): Promise<Ingested> {
  try {
    return await inTransaction(ctx.db, (tx) => ingest(ctx, tx, incoming), { retries: 2 });
  } catch (error) {
    if (failureOf(error).kind !== 'duplicate') throw error;
    // The same message on two connections at once: the other one was first.
    return inTransaction(ctx.db, (tx) => ingest(ctx, tx, incoming));
  }
}

async function ingest(ctx: HubContext, tx: WriteTx, incoming: Incoming): Promise<Ingested> {
  const { org } = incoming;
  const now = ctx.clock.now();
  for (const visitor of [...incoming.visitorIds].sort()) {
    tx.later(sql`select pg_advisory_xact_lock(hashtextextended(${`visitor ${visitor}`}, 0))`);
  }
  const known = await placeOfMessage(tx, org, incoming.providerId);
  if (known) {
    const mine = await conversationIdsOfVisitors(tx, org, incoming.visitorIds);
    // An id is no key: whoever names somebody else's message learns nothing of it.
    if (!mine.includes(known.conversation_id)) throw new Error('the id of this message is taken by another visitor');
    const at = await conversationById(tx, org, known.conversation_id);
    return {
      conversationId: known.conversation_id,
      customerId: at?.customerId ?? '',
      order: known.ord,
      at: known.at,
    };
  }
  const text = maskCards(withoutNul(incoming.text));
  const last = await lockLastOfVisitors(tx, org, incoming.visitorIds);
  const rows: RowWrite[] = [];
  let head: Head;
  const verdict = onCustomerMessage(last, now);
  if (last && verdict !== 'start') {
    head = last;
    if (verdict === 'reopen') {
      const woken: Head = { ...last, state: 'open', resolution: null, resolvedAt: null };
      const line = happened(woken, {
        id: ctx.mint.next(),
        what: 'reopened',
        byId: null,
        byName: last.customerName,
        at: now,
        detail: '',
      });
      head = line.head;
      rows.push(line.row, ...(await resumeContact(tx, org, head.id)));
    }
  } else {
    const started = await start(ctx, tx, incoming, last?.customerId ?? null, now, text);
    head = started.head;
    rows.push(...started.rows);
  }
  const said = say(tx, org, head, {
    id: incoming.providerId,
    from: 'customer',
    authorId: null,
    authorName: head.customerName,
    text,
    at: now,
    writtenAt: Math.abs(now - incoming.sentAt) > 60_000 ? incoming.sentAt : null,
  });
  rows.push(...said.rows, ...saveHead(tx, org, said.head));
  await ctx.commit(tx, {
    org,
    at: now,
    cmd: null,
    rows,
    audit: [],
    ...(verdict === 'append' ? {} : { regrant: { conversations: [head.id] } }),
  });
  tx.afterCommit(() => ctx.onCommitted());
  return { conversationId: head.id, customerId: head.customerId, order: said.order, at: now };
}

async function start(
  ctx: HubContext,
  tx: WriteTx,
  incoming: Incoming,
  lastCustomerId: Id | null,
  now: number,
  text: string,
): Promise<{ head: Head; rows: RowWrite[] }> {
  const { org } = incoming;
  const rows: RowWrite[] = [];
  const customerId = incoming.customerId ?? lastCustomerId;
  let customer: Customer | null = customerId === null ? null : await customerById(tx, org, customerId);
  if (!customer) {
    customer = {
      id: customerId ?? ctx.mint.next(),
      name: withoutNul(incoming.visitorName),
      email: null,
      phone: null,
      tier: 'standard',
      region: '',
      language: incoming.language,
      verification: 'anonymous',
      since: now,
      source: 'web chat',
      asOf: now,
    };
    rows.push(...(await addCustomers(tx, org, [{ ...customer, externalId: null }])));
  }
  const head: Head = {
    id: ctx.mint.next(),
    teamId: incoming.teamId,
    customerId: customer.id,
    customerName: customer.name,
    channel: incoming.channel,
    state: 'open',
    ownerId: null,
    createdAt: now,
    lastOrder: 0,
    lastAt: now,
    lastCustomerOrder: 0,
    waitingSince: now,
    snippet: { from: 'customer', text: snippetOf(text) },
    resolution: null,
    resolvedAt: null,
  };
  startConversation(tx, org, head, incoming.visitorId);
  const contact = {
    id: head.id,
    customerId: customer.id,
    channel: incoming.channel,
    startedAt: now,
    endedAt: null,
    topic: snippetOf(text),
    resolution: null,
    agentName: null,
  };
  rows.push(...(await addContacts(tx, org, [contact])));
  return { head, rows };
}
