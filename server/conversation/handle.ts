import type * as z from 'zod/mini';
import { noteOfAct } from '#server/audit/note.ts';
import type { HubContext } from '#server/context.ts';
import { endContact } from '#server/customer/handle.ts';
import type { WriteTx } from '#server/db/tx.ts';
import type { Deciding, Decision, Handler } from '#server/replica/decision.ts';
import type { RowWrite } from '#server/replica/row-write.ts';
import { note, reply, resolve } from '#shared/conversation/commands.ts';
import type { Head, Message, ThreadEvent } from '#shared/conversation/model.ts';
import { headAfterMessage, mayNote, mayReply, mayResolve, reopenWithinMs } from '#shared/conversation/rules.ts';
import { hubError } from '#shared/lib/errors.ts';
import type { Id, IdMint } from '#shared/lib/ids.ts';
import { eventRow, headRows, messageRow, noteRow } from './rows.ts';
import * as store from './store.ts';

export { gatherMarks, type Marks } from './marks.ts';
export {
  conversationById,
  conversationIdsOfVisitors,
  heldConversations,
  insertConversation as startConversation,
  lockConversation,
  lockLastOfVisitors,
  placeOfMessage,
} from './store.ts';

/** Writes a changed head to its table and gives its rows. */
export function saveHead(tx: WriteTx, org: Id, head: Head): RowWrite[] {
  store.updateConversation(tx, org, head);
  return headRows(head);
}

/** A line in the thread about what happened; takes the conversation's next order. */
export function happened(
  head: Head,
  event: Omit<ThreadEvent, 'conversationId' | 'order'>,
): { head: Head; row: RowWrite } {
  const order = head.lastOrder + 1;
  return { head: { ...head, lastOrder: order }, row: eventRow({ ...event, conversationId: head.id, order }) };
}

/** Puts a message into a locked conversation: table, head, rows. */
export function say(
  tx: WriteTx,
  org: Id,
  head: Head,
  said: Omit<Message, 'order' | 'conversationId'>,
): { head: Head; order: number; rows: RowWrite[] } {
  const order = head.lastOrder + 1;
  const message = { ...said, conversationId: head.id, order };
  store.insertMessage(tx, org, message);
  const next = headAfterMessage(head, { from: said.from, text: said.text, at: said.at, order });
  return { head: next, order, rows: [messageRow(message)] };
}

/**
 * Conversations that were resolved so long ago that a new message would start another one leave their owner's desks.
 * Answers how many; commits when there were any.
 */
export async function letGoOfResolved(
  tx: WriteTx,
  ctx: HubContext,
  org: Id,
  now: number,
  limit: number,
): Promise<number> {
  const heads = await store.lockLongResolved(tx, org, now - reopenWithinMs, limit);
  if (heads.length === 0) return 0;
  const subjects = heads.map((h) => `conversation:${h.id}`);
  await ctx.commit(tx, {
    org,
    at: now,
    cmd: null,
    rows: heads.flatMap((head) => saveHead(tx, org, { ...head, ownerId: null })),
    audit: [noteOfAct({ act: 'hub.letGoOfResolved', actorId: null, subjects })],
    regrant: { conversations: heads.map((h) => h.id) },
  });
  tx.afterCommit(() => ctx.onCommitted());
  return heads.length;
}

/**
 * Gives back to their teams what somebody has who cannot work any more: else their customers would wait for nobody.
 * Answers the rows, and the conversations to regrant.
 */
export async function releaseAllOf(
  tx: WriteTx,
  org: Id,
  person: { readonly id: Id; readonly name: string },
  at: { readonly now: number; readonly mint: IdMint },
): Promise<{ rows: RowWrite[]; conversations: Id[] }> {
  const rows: RowWrite[] = [];
  const heads = await store.lockOwned(tx, org, person.id);
  for (const owned of heads) {
    const head = { ...owned, ownerId: null };
    const by = { byId: person.id, byName: person.name, at: at.now, detail: '' };
    const line =
      head.state === 'open' ? happened(head, { ...by, id: at.mint.next(), what: 'released' }) : { head, row: null };
    rows.push(...(line.row ? [line.row] : []), ...saveHead(tx, org, line.head));
  }
  return { rows, conversations: heads.map((h) => h.id) };
}

const gone: Decision = { ok: false, error: hubError('conversation/not-found') };

async function decideReply(tx: WriteTx, c: Deciding<z.infer<typeof reply.args>>): Promise<Decision> {
  const head = await store.lockConversation(tx, c.org, c.args.conversationId);
  if (!head) return gone;
  const no = mayReply(head, c.actor, c.basis, c.offline);
  if (no) return { ok: false, error: { ...no, origin: 'hub' } };
  const said = say(tx, c.org, head, {
    id: c.id,
    from: 'agent',
    authorId: c.actor.personId,
    authorName: c.actor.name,
    text: c.args.text,
    at: c.now,
    writtenAt: c.offline ? c.at : null,
  });
  return {
    ok: true,
    rows: [...said.rows, ...saveHead(tx, c.org, said.head)],
    subjects: reply.subjects(c.args),
    detail: { order: said.order },
  };
}

async function decideNote(tx: WriteTx, c: Deciding<z.infer<typeof note.args>>): Promise<Decision> {
  const head = await store.lockConversation(tx, c.org, c.args.conversationId);
  if (!head) return gone;
  const no = mayNote(head, c.actor);
  if (no) return { ok: false, error: { ...no, origin: 'hub' } };
  const order = head.lastOrder + 1;
  const written = {
    id: c.id,
    conversationId: head.id,
    order,
    authorId: c.actor.personId,
    authorName: c.actor.name,
    text: c.args.text,
    at: c.now,
  };
  store.insertNote(tx, c.org, written);
  return {
    ok: true,
    rows: [noteRow(written), ...saveHead(tx, c.org, { ...head, lastOrder: order })],
    subjects: note.subjects(c.args),
    detail: { order },
  };
}

async function decideResolve(tx: WriteTx, c: Deciding<z.infer<typeof resolve.args>>): Promise<Decision> {
  const head = await store.lockConversation(tx, c.org, c.args.conversationId);
  if (!head) return gone;
  const no = mayResolve(head, c.actor, c.basis, c.offline);
  if (no) return { ok: false, error: { ...no, origin: 'hub' } };
  const resolved: Head = {
    ...head,
    state: 'resolved',
    resolution: c.args.resolution,
    resolvedAt: c.now,
    waitingSince: null,
    lastAt: c.now,
  };
  const line = happened(resolved, {
    id: c.id,
    what: 'resolved',
    byId: c.actor.personId,
    byName: c.actor.name,
    at: c.now,
    detail: c.args.resolution,
    ...(c.args.comment === '' ? {} : { comment: c.args.comment }),
  });
  const rows = [line.row, ...saveHead(tx, c.org, line.head)];
  rows.push(
    ...(await endContact(tx, c.org, head.id, { at: c.now, resolution: c.args.resolution, agentName: c.actor.name })),
  );
  return { ok: true, rows, subjects: resolve.subjects(c.args), detail: { resolution: c.args.resolution } };
}

/** What this slice decides, by kind. */
export const handlers: Record<string, Handler<never>> = {
  [reply.kind]: decideReply,
  [note.kind]: decideNote,
  [resolve.kind]: decideResolve,
};
