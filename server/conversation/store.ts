import { sql } from '#server/db/sql.ts';
import type { ReadDb, WriteTx } from '#server/db/tx.ts';
import type { Head, Message, Note, Receipt, Speaker } from '#shared/conversation/model.ts';
import type { Id } from '#shared/lib/ids.ts';
import type { HeldConversation } from '#shared/session/rules.ts';

/** The tables conversations, messages, notes and receipts are named here. */

interface ConversationRow {
  id: Id;
  team_id: Id;
  customer_id: Id;
  customer_name: string;
  channel: Head['channel'];
  visitor_id: Id | null;
  state: Head['state'];
  owner_id: Id | null;
  created_at: number;
  last_order: number;
  last_at: number;
  last_customer_order: number;
  waiting_since: number | null;
  snippet_from: Speaker;
  snippet_text: string;
  resolution: Head['resolution'];
  resolved_at: number | null;
}

function toHead(r: ConversationRow): Head {
  return {
    id: r.id,
    teamId: r.team_id,
    customerId: r.customer_id,
    customerName: r.customer_name,
    channel: r.channel,
    state: r.state,
    ownerId: r.owner_id,
    createdAt: r.created_at,
    lastOrder: r.last_order,
    lastAt: r.last_at,
    lastCustomerOrder: r.last_customer_order,
    waitingSince: r.waiting_since,
    snippet: { from: r.snippet_from, text: r.snippet_text },
    resolution: r.resolution,
    resolvedAt: r.resolved_at,
  };
}

const columns = sql`id, team_id, customer_id, customer_name, channel, visitor_id, state, owner_id, created_at, last_order, last_at,
  last_customer_order, waiting_since, snippet_from, snippet_text, resolution, resolved_at`;

/** Locks a conversation and reads it as its head. */
export async function lockConversation(tx: WriteTx, org: Id, id: Id): Promise<Head | null> {
  const row = await tx.maybe(
    sql<ConversationRow>`select ${columns} from conversations where org = ${org}::uuid and id = ${id}::uuid for update`,
  );
  return row ? toHead(row) : null;
}

export async function conversationById(db: ReadDb, org: Id, id: Id): Promise<Head | null> {
  const row = await db.maybe(
    sql<ConversationRow>`select ${columns} from conversations where org = ${org}::uuid and id = ${id}::uuid`,
  );
  return row ? toHead(row) : null;
}

/** The conversation any of these visitors spoke in last, locked. */
export async function lockLastOfVisitors(tx: WriteTx, org: Id, visitors: readonly Id[]): Promise<Head | null> {
  const row = await tx.maybe(sql<ConversationRow>`
    select ${columns} from conversations where org = ${org}::uuid and visitor_id = any(${visitors}::uuid[])
    order by created_at desc, id desc limit 1 for update`);
  return row ? toHead(row) : null;
}

export async function conversationIdsOfVisitors(db: ReadDb, org: Id, visitors: readonly Id[]): Promise<Id[]> {
  const rows = await db.rows(sql<{ id: Id }>`
    select id from conversations where org = ${org}::uuid and visitor_id = any(${visitors}::uuid[]) order by created_at, id`);
  return rows.map((r) => r.id);
}

/** Every conversation a person owns, locked. */
export async function lockOwned(tx: WriteTx, org: Id, person: Id): Promise<Head[]> {
  const rows = await tx.rows(sql<ConversationRow>`
    select ${columns} from conversations where org = ${org}::uuid and owner_id = ${person}::uuid order by id for update`);
  return rows.map(toHead);
}

/** Conversations resolved before a time that still have an owner, locked; those locked elsewhere are left for later. */
export async function lockLongResolved(tx: WriteTx, org: Id, before: number, limit: number): Promise<Head[]> {
  const rows = await tx.rows(sql<ConversationRow>`
    select ${columns} from conversations
    where org = ${org}::uuid and state = 'resolved' and owner_id is not null and resolved_at < ${before}
    order by id limit ${limit} for update skip locked`);
  return rows.map(toHead);
}

export async function heldConversations(
  db: ReadDb,
  org: Id,
  by: { ids: readonly Id[]; owners: readonly Id[] },
): Promise<HeldConversation[]> {
  const rows = await db.rows(sql<{ id: Id; team_id: Id; owner_id: Id | null; customer_id: Id }>`
    select id, team_id, owner_id, customer_id from conversations
    where org = ${org}::uuid and (id = any(${by.ids}::uuid[]) or owner_id = any(${by.owners}::uuid[]))`);
  return rows.map((r) => ({ id: r.id, teamId: r.team_id, ownerId: r.owner_id, customerId: r.customer_id }));
}

export function insertConversation(tx: WriteTx, org: Id, head: Head, visitor: Id | null): void {
  tx.later(sql`
    insert into conversations (org, id, team_id, customer_id, customer_name, channel, visitor_id, state, owner_id, created_at, last_order, last_at,
      last_customer_order, waiting_since, snippet_from, snippet_text, resolution, resolved_at)
    values (${org}::uuid, ${head.id}::uuid, ${head.teamId}::uuid, ${head.customerId}::uuid, ${head.customerName}, ${head.channel}, ${visitor}::uuid,
      ${head.state}, ${head.ownerId}::uuid, ${head.createdAt}, ${head.lastOrder}, ${head.lastAt}, ${head.lastCustomerOrder}, ${head.waitingSince},
      ${head.snippet.from}, ${head.snippet.text}, ${head.resolution}, ${head.resolvedAt})`);
}

export function updateConversation(tx: WriteTx, org: Id, head: Head): void {
  tx.later(sql`
    update conversations set team_id = ${head.teamId}::uuid, customer_name = ${head.customerName}, state = ${head.state}, owner_id = ${head.ownerId}::uuid,
      last_order = ${head.lastOrder}, last_at = ${head.lastAt}, last_customer_order = ${head.lastCustomerOrder}, waiting_since = ${head.waitingSince},
      snippet_from = ${head.snippet.from}, snippet_text = ${head.snippet.text}, resolution = ${head.resolution}, resolved_at = ${head.resolvedAt}
    where org = ${org}::uuid and id = ${head.id}::uuid`);
}

export function insertMessage(tx: WriteTx, org: Id, m: Message & { order: number }): void {
  tx.later(sql`
    insert into messages (org, id, conversation_id, ord, speaker, author_id, author_name, text, at, written_at)
    values (${org}::uuid, ${m.id}::uuid, ${m.conversationId}::uuid, ${m.order}, ${m.from}, ${m.authorId}::uuid, ${m.authorName}, ${m.text}, ${m.at}, ${m.writtenAt})`);
}

export function insertNote(tx: WriteTx, org: Id, n: Note & { order: number }): void {
  tx.later(sql`
    insert into notes (org, id, conversation_id, ord, author_id, author_name, text, at)
    values (${org}::uuid, ${n.id}::uuid, ${n.conversationId}::uuid, ${n.order}, ${n.authorId}::uuid, ${n.authorName}, ${n.text}, ${n.at})`);
}

/** Where a message stands that may have come before; null = it is new. */
export function placeOfMessage(
  db: ReadDb,
  org: Id,
  id: Id,
): Promise<{ conversation_id: Id; ord: number; at: number } | null> {
  return db.maybe(sql<{ conversation_id: Id; ord: number; at: number }>`
    select conversation_id, ord, at from messages where org = ${org}::uuid and id = ${id}::uuid`);
}

interface ReceiptRow {
  conversation_id: Id;
  party: Receipt['party'];
  delivered_up_to: number;
  read_up_to: number;
  at: number;
}

/** Moves receipts forward, never back and never beyond what there is to read; answers those that moved. */
export async function raiseReceipts(tx: WriteTx, org: Id, marks: readonly Receipt[]): Promise<Receipt[]> {
  const rows = await tx.rows(sql<ReceiptRow>`
    insert into receipts as r (org, conversation_id, party, delivered_up_to, read_up_to, at)
    select ${org}::uuid, c, p, least(greatest(d, e), x.last_order), least(e, x.last_order), a from unnest(${marks.map((m) => m.conversationId)}::uuid[], ${marks.map((m) => m.party)}::text[],
      ${marks.map((m) => m.deliveredUpTo)}::bigint[], ${marks.map((m) => m.readUpTo)}::bigint[], ${marks.map((m) => m.at)}::bigint[]) as t(c, p, d, e, a)
    join conversations x on x.org = ${org}::uuid and x.id = t.c
    on conflict (org, conversation_id, party) do update set
      delivered_up_to = greatest(r.delivered_up_to, excluded.delivered_up_to), read_up_to = greatest(r.read_up_to, excluded.read_up_to), at = excluded.at
    where r.delivered_up_to < excluded.delivered_up_to or r.read_up_to < excluded.read_up_to
    returning conversation_id, party, delivered_up_to, read_up_to, at`);
  return rows.map((r) => ({
    conversationId: r.conversation_id,
    party: r.party,
    deliveredUpTo: r.delivered_up_to,
    readUpTo: r.read_up_to,
    at: r.at,
  }));
}
