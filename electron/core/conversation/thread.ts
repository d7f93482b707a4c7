import * as z from 'zod/mini';
import type { EntityRows } from '#core/db/entity-rows.ts';
import { itemOf, type OutboxItem } from '#core/db/outbox-items.ts';
import { readThrough, writtenOf } from '#core/db/overlay.ts';
import { overlayBase } from '#core/db/overlay-cell.ts';
import type { Reading } from '#core/db/reading.ts';
import type { OutboxRow } from '#core/db/work-schema.ts';
import type { Delivery, Receipt, ThreadItem } from '#shared/conversation/model.ts';
import { deliveryOf } from '#shared/conversation/rules.ts';
import type { Id } from '#shared/lib/ids.ts';
import { scopeOf } from '#shared/lib/scope.ts';
import { commands } from '#shared/registry.ts';
import { eventRows, messageRows, noteRows, receiptRows } from './rows.ts';

/** Which part of a thread: at most `limit` lines that have a place, standing before `before` (null = the end). */
export interface ThreadPart {
  readonly conversationId: Id;
  readonly before: number | null;
  readonly limit: number;
}

type Line = { readonly order: number; readonly item: ThreadItem };
type Placed<Body> = Body & { readonly order: number };
type InThread = { readonly id: string; readonly conversationId: Id; readonly order: number | null };

/** The entity stands in the text, so that SQLite knows the partial index of the thread to fit. */
const pageOf = (entity: string): string =>
  `select body from cache.visible_row where entity = '${entity}' and ${entity}_conversationId = ? and ${entity}_order < ?
   order by ${entity}_order desc limit ?`;

/** The last confirmed lines of one entity, one more than asked for, so that it shows whether there are earlier ones. */
function placed<Body extends InThread>(r: Reading, declared: EntityRows<Body>, part: ThreadPart): Placed<Body>[] {
  const { conversationId, before, limit } = part;
  const end = before ?? Number.MAX_SAFE_INTEGER;
  return r.db.values<string>(pageOf(declared.entity), conversationId, end, limit + 1).flatMap((text) => {
    const body = z.safeParse(declared.schema, JSON.parse(text));
    return body.success && body.data.order !== null ? { ...body.data, order: body.data.order } : [];
  });
}

/** What commands under way add to the thread, by one entity. */
function added<Body extends InThread>(
  r: Reading,
  declared: EntityRows<Body>,
  conversationId: Id,
): { n: number; state: OutboxItem['state'] | null; body: Body }[] {
  return r.overlay.rows(declared.entity).flatMap((patch) => {
    const body = z.safeParse(declared.schema, patch.body);
    if (!body.success || body.data.conversationId !== conversationId) return [];
    return { n: patch.n, state: r.overlay.stateOf(patch.n), body: body.data };
  });
}

/** How a line of ours stands that has no place yet. Done, but its row still to come: the hub has it. */
function underWay(state: OutboxItem['state'] | null, arrived: Delivery): Delivery {
  if (state === 'waiting') return 'waiting';
  return state === 'sent' ? 'sending' : arrived;
}

/** Lines the hub has not placed yet, in the order they were written. */
function unsentLines(r: Reading, conversationId: Id): { n: number; id: string; item: ThreadItem }[] {
  const messages = added(r, messageRows, conversationId).map(({ n, state, body }) => {
    const item: ThreadItem = { kind: 'message', message: body, delivery: underWay(state, 'sent'), n, error: null };
    return { n, id: body.id, item };
  });
  const notes = added(r, noteRows, conversationId).map(({ n, state, body }) => {
    const item: ThreadItem = { kind: 'note', note: body, delivery: underWay(state, 'none'), n, error: null };
    return { n, id: body.id, item };
  });
  const events = added(r, eventRows, conversationId).map(({ n, state, body }) => {
    const item: ThreadItem = { kind: 'event', event: body, isWaiting: state === 'waiting' || state === 'sent' };
    return { n, id: body.id, item };
  });
  return [...messages, ...notes, ...events].sort((a, b) => a.n - b.n);
}

/** The words of a command that was not sent, as the line they would have been. */
function stuckLine(r: Reading, item: OutboxItem): ThreadItem | null {
  const written = writtenOf(item);
  const patches = commands.get(item.kind)?.effect(written, r.me, readThrough(r.overlay, overlayBase(r.db))) ?? [];
  const delivery: Delivery = item.state === 'held' ? 'held' : 'not-sent';
  const common = { delivery, n: item.n, error: item.error };
  for (const { entity, id, body } of patches) {
    if (id !== item.id) continue;
    const message = entity === 'message' ? z.safeParse(messageRows.schema, body) : null;
    if (message?.success) return { kind: 'message', message: message.data, ...common };
    const note = entity === 'note' ? z.safeParse(noteRows.schema, body) : null;
    if (note?.success) return { kind: 'note', note: note.data, ...common };
  }
  return null;
}

/**
 * What the hub refused or holds, with the newest customer message its writer had seen. It stands before the first one they had not.
 * All of it, however old: the newest page is where the person looks, and words that were not sent must not be overlooked.
 */
function stuckLines(r: Reading, conversationId: Id): { seen: number; item: ThreadItem }[] {
  const rows = r.db.all<OutboxRow>(
    `select * from main.outbox where conversation = ? and state <> 'done' and state in ('refused', 'held', 'failed')
     order by at, n`,
    conversationId,
  );
  return rows.map(itemOf).flatMap((item) => {
    const line = stuckLine(r, item);
    return line ? { seen: item.basis['lastCustomerOrder'] ?? Number.MAX_SAFE_INTEGER, item: line } : [];
  });
}

function placeOf(lines: readonly Line[], seen: number): number {
  const isUnseen = ({ order, item }: Line): boolean =>
    order > seen && item.kind === 'message' && item.message.from === 'customer';
  return lines.find(isUnseen)?.order ?? Number.MAX_SAFE_INTEGER;
}

function placedLines(r: Reading, part: ThreadPart, receipt: Receipt | null): Line[] {
  const settled = { n: null, error: null };
  const messages = placed(r, messageRows, part).map((message): Line => {
    const delivery = message.from === 'agent' ? deliveryOf(message.order, receipt) : 'none';
    return { order: message.order, item: { kind: 'message', message, delivery, ...settled } };
  });
  const notes = placed(r, noteRows, part).map((note): Line => {
    return { order: note.order, item: { kind: 'note', note, delivery: 'none', ...settled } };
  });
  const events = placed(r, eventRows, part).map((event): Line => {
    return { order: event.order, item: { kind: 'event', event, isWaiting: false } };
  });
  return [...messages, ...notes, ...events].sort((a, b) => a.order - b.order);
}

/** A thread is here when both what the customer may see and what only the team sees is whole. */
function isThreadHeld(r: Reading, conversationId: Id): boolean {
  return r.isHeld(scopeOf.conversation(conversationId)) && r.isHeld(scopeOf.publicOf(conversationId));
}

/**
 * A part of a thread, oldest first. The newest part also has what the hub refused or holds, each after what its writer had seen, and
 * last of all what waits. Nothing of a conversation that is not held, or not whole yet.
 */
export function readThread(
  r: Reading,
  part: ThreadPart,
): { items: ThreadItem[]; isHeld: boolean; hasEarlier: boolean } {
  if (!isThreadHeld(r, part.conversationId)) return { items: [], isHeld: false, hasEarlier: false };
  const receipt = r.row(receiptRows, `${part.conversationId}|customer`)?.body ?? null;
  const all = placedLines(r, part, receipt);
  const lines = all.slice(-part.limit);
  const hasEarlier = all.length > lines.length;
  if (part.before !== null) return { items: lines.map((line) => line.item), isHeld: true, hasEarlier };
  const unsent = unsentLines(r, part.conversationId);
  const stuck = stuckLines(r, part.conversationId).map((one) => ({ ...one, before: placeOf(lines, one.seen) }));
  const items: ThreadItem[] = [];
  for (const { order, item } of lines) {
    for (const one of stuck) if (one.before === order) items.push(one.item);
    items.push(item);
  }
  for (const one of stuck) if (one.before === Number.MAX_SAFE_INTEGER) items.push(one.item);
  return { items: [...items, ...unsent.map((one) => one.item)], isHeld: true, hasEarlier };
}
