import * as z from 'zod/mini';
import { type Basis, basisSchema } from '#shared/lib/command.ts';
import { type AppError, appErrorSchema } from '#shared/lib/errors.ts';
import type { Id } from '#shared/lib/ids.ts';
import type { ReadDb } from './handles.ts';
import type { OutboxRow, OutboxState } from './work-schema.ts';

/**
 * One command of this desk. n counts per device; below 0 = settled under an earlier device, or before the hub was restored.
 * Times are epoch ms: at, sentAt and settledAt by this device's clock, hubAt the hub's as the desk reckoned it.
 */
export interface OutboxItem {
  readonly n: number;
  readonly id: Id;
  readonly kind: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly subjects: readonly string[];
  readonly at: number;
  readonly hubAt: number | null;
  readonly isOffline: boolean;
  readonly basis: Basis;
  readonly after: readonly number[];
  readonly sig: string;
  readonly state: OutboxState;
  readonly error: AppError | null;
  /** the place of its outcome in the hub's stream */
  readonly seq: number | null;
  /** when it was first handed to the line; null = the hub has never seen it */
  readonly sentAt: number | null;
  readonly settledAt: number | null;
  readonly conversationId: Id | null;
}

const argsSchema = z.record(z.string(), z.unknown());
const textsSchema = z.array(z.string());
const numbersSchema = z.array(z.int());

/** Reads a stored row. Throws on one that this program cannot have written: work.db is authenticated page by page. */
export function itemOf(row: OutboxRow): OutboxItem {
  return {
    n: row.n,
    id: row.id,
    kind: row.kind,
    args: z.parse(argsSchema, JSON.parse(row.args)),
    subjects: z.parse(textsSchema, JSON.parse(row.subjects)),
    at: row.at,
    hubAt: row.hub_at,
    isOffline: row.offline === 1,
    basis: z.parse(basisSchema, JSON.parse(row.basis)),
    after: z.parse(numbersSchema, JSON.parse(row.after)),
    sig: row.sig,
    state: row.state,
    error: row.error === null ? null : z.parse(appErrorSchema, JSON.parse(row.error)),
    seq: row.seq,
    sentAt: row.sent_at,
    settledAt: row.settled_at,
    conversationId: row.conversation,
  };
}

/** Everything the person may have to know of: waiting, sent, refused, held and failed items, in the order they were written. */
export function openItems(db: ReadDb): OutboxItem[] {
  const sql = `select * from main.outbox where state <> 'done' and state in ('waiting', 'sent', 'refused', 'held', 'failed')
    order by at, n`;
  return db.all<OutboxRow>(sql).map(itemOf);
}

/** Items whose effect the screen shows: not settled yet, or done with an outcome the cursor has not passed. In order of n. */
export function itemsInEffect(db: ReadDb, cursorSeq: number): OutboxItem[] {
  const sql = `select * from main.outbox where state in ('waiting', 'sent') or (state = 'done' and seq > ?) order by n`;
  return db.all<OutboxRow>(sql, cursorSeq).map(itemOf);
}

/** One item by its n. */
export function itemAt(db: ReadDb, n: number): OutboxItem | null {
  const row = db.get<OutboxRow>('select * from main.outbox where n = ?', n);
  return row ? itemOf(row) : null;
}

/** One item by its command's id. */
export function itemById(db: ReadDb, id: Id): OutboxItem | null {
  const row = db.get<OutboxRow>('select * from main.outbox where id = ?', id);
  return row ? itemOf(row) : null;
}

/** How many wait for the hub, and how many need the person. */
export function outboxCounts(db: ReadDb): { waiting: number; attention: number } {
  const count = (states: string): number =>
    db.value<number>(`select count(*) from main.outbox where state <> 'done' and state in (${states})`) ?? 0;
  return { waiting: count(`'waiting', 'sent'`), attention: count(`'refused', 'held', 'failed'`) };
}

/**
 * The group each item belongs to, by n: a refused or failed item heads one (its own n), a held one belongs to the first of those it
 * rests on, directly or through others that are held. Waiting and sent items have none.
 */
export function groupsOf(items: readonly Pick<OutboxItem, 'n' | 'state' | 'after'>[]): Map<number, number> {
  const groups = new Map<number, number>();
  for (const item of [...items].sort((a, b) => Math.abs(a.n) - Math.abs(b.n))) {
    if (item.state === 'refused' || item.state === 'failed') groups.set(item.n, item.n);
    if (item.state !== 'held') continue;
    const head = item.after.map((n) => groups.get(n)).find((group) => group !== undefined);
    groups.set(item.n, head ?? item.n);
  }
  return groups;
}
