import * as z from 'zod/mini';
import { sql } from '#server/db/sql.ts';
import { type Db, inSnapshot, type ReadDb } from '#server/db/tx.ts';
import { type AppError, appErrorSchema } from '#shared/lib/errors.ts';
import type { Id } from '#shared/lib/ids.ts';
import { scopeOf } from '#shared/lib/scope.ts';
import {
  type Backfilled,
  type Cursor,
  firstPageRows,
  largestMessage,
  type Outcome,
  type Page,
  pageRows,
  type WireRow,
} from '#shared/wire/messages.ts';

/** How many seqs of the stream one page looks through at most, whoever they belong to. */
const span = 20_000;
/**
 * How many characters of rows one page or backfill answer carries (the first row aside): a character may take three bytes,
 * and quotes are escaped on the way.
 */
const pageText = largestMessage / 4;

interface StoredRow {
  scope: string;
  entity: string;
  id: string;
  seq: number;
  body: string | null;
  cmd: Id | null;
}

interface StoredOutcome {
  n: number;
  id: Id;
  status: Outcome['status'];
  error: string | null;
  seq: number;
}

interface LogRow {
  first_seq: number;
  last_seq: number;
  mark: string;
}

function toWire(row: StoredRow): WireRow {
  return {
    s: row.scope,
    e: row.entity,
    i: row.id,
    q: row.seq,
    b: row.body,
    ...(row.cmd === null ? {} : { c: row.cmd }),
  };
}

function errorOf(text: string | null): AppError | null {
  if (text === null) return null;
  return z.parse(appErrorSchema, JSON.parse(text));
}

/** An outcome as it is stored, for the desk. */
export function toOutcome(row: StoredOutcome): Outcome {
  return { n: row.n, id: row.id, status: row.status, error: errorOf(row.error), seq: row.seq };
}

async function commitAt(db: ReadDb, org: Id, seq: number): Promise<LogRow | null> {
  const row = await db.maybe(sql<LogRow>`
    select first_seq, last_seq, mark from commit_log where org = ${org}::uuid and last_seq >= ${seq} order by last_seq limit 1`);
  return row && row.first_seq <= seq ? row : null;
}

/**
 * Whether a desk may go on from a cursor: the hub knows that seq under that mark, and has forgotten nothing after it.
 * null = yes; else why the desk must start over.
 */
export async function judgeCursor(db: ReadDb, org: Id, cursor: Cursor): Promise<'unknown-cursor' | 'too-old' | null> {
  if (cursor.seq === 0) return null;
  const head = await db.one(sql<{ horizon: number }>`select horizon from org_heads where org = ${org}::uuid`);
  if (cursor.seq < head.horizon) return 'too-old';
  const commit = await commitAt(db, org, cursor.seq);
  return commit?.mark === cursor.mark ? null : 'unknown-cursor';
}

/** Where a page may end: at the head, or at the end of the last commit within the span, or inside one that is larger. */
async function endOf(
  db: ReadDb,
  org: Id,
  from: number,
  head: { seq: number; mark: string },
): Promise<Cursor & { isInside: boolean }> {
  if (head.seq - from <= span) return { seq: head.seq, mark: head.mark, isInside: false };
  const last = await db.maybe(sql<LogRow>`
    select first_seq, last_seq, mark from commit_log
    where org = ${org}::uuid and last_seq > ${from} and last_seq <= ${from + span} order by last_seq desc limit 1`);
  if (last) return { seq: last.last_seq, mark: last.mark, isInside: false };
  const around = await commitAt(db, org, from + span);
  return { seq: from + span, mark: around?.mark ?? '', isInside: true };
}

/** How many of these rows one message carries. */
function fitting(rows: readonly StoredRow[]): number {
  let text = 0;
  for (const [i, row] of rows.entries()) {
    text += (row.body?.length ?? 0) + 200;
    if (i === pageRows || (i > 0 && text > pageText)) return i;
  }
  return rows.length;
}

/**
 * A full page ends with the last whole commit on it; a commit larger than a page is cut and flagged. Where commits are
 * so old that they are forgotten, any row is as good an end as another.
 */
async function cutAt(
  db: ReadDb,
  org: Id,
  rows: readonly StoredRow[],
  from: number,
): Promise<Cursor & { isInside: boolean }> {
  const lastSeq = rows.at(-1)?.seq ?? from;
  const commit = await commitAt(db, org, lastSeq);
  if (!commit) return { seq: lastSeq, mark: '', isInside: false };
  if (commit.last_seq === lastSeq) return { seq: lastSeq, mark: commit.mark, isInside: false };
  const before = rows.findLast((r) => r.seq < commit.first_seq);
  if (!before) return { seq: lastSeq, mark: commit.mark, isInside: true };
  const whole = await commitAt(db, org, commit.first_seq - 1);
  return { seq: commit.first_seq - 1, mark: whole?.mark ?? '', isInside: false };
}

/**
 * The first page of a device that starts over: what it holds, and the head. Everything else it fetches scope by scope up
 * to that head, so nothing travels twice.
 */
export function readFirstPage(db: Db, org: Id, device: Id, hubAt: number): Promise<Page> {
  return inSnapshot(db, async (read) => {
    const [head, rows] = await Promise.all([
      read.one(sql<{ seq: number; mark: string }>`select seq, mark from org_heads where org = ${org}::uuid`),
      read.rows(sql<StoredRow>`
        select scope, entity, id, seq, body, cmd from replica
        where org = ${org}::uuid and scope = ${scopeOf.device(device)} and body is not null order by seq limit ${firstPageRows + 1}`),
    ]);
    // Holding more than a message can tell, a device hears of the rest in the pages that follow.
    const last = rows.length > firstPageRows ? rows[firstPageRows - 1] : undefined;
    const upTo = last
      ? { seq: last.seq, mark: (await commitAt(read, org, last.seq))?.mark ?? '' }
      : { seq: head.seq, mark: head.mark };
    return {
      t: 'page',
      from: { seq: 0, mark: '' },
      rows: rows.slice(0, firstPageRows).map(toWire),
      outcomes: [],
      upTo,
      head: head.seq,
      more: false,
      hubAt,
    };
  });
}

/**
 * The next page of the stream for a device: rows of the scopes it holds and its own outcomes, all from one snapshot that
 * also holds the holdings they are joined with. Null when the device is at the head.
 */
export function readPage(db: Db, org: Id, device: Id, from: Cursor, hubAt: number): Promise<Page | null> {
  return inSnapshot(db, async (read) => {
    const head = await read.one(
      sql<{ seq: number; mark: string }>`select seq, mark from org_heads where org = ${org}::uuid`,
    );
    if (head.seq <= from.seq) return null;
    const bound = await endOf(read, org, from.seq, head);
    const [found, settled] = await Promise.all([
      read.rows(sql<StoredRow>`
        select r.scope, r.entity, r.id, r.seq, r.body, r.cmd from replica r
        where r.org = ${org}::uuid and r.seq > ${from.seq} and r.seq <= ${bound.seq}
          and exists (select 1 from holdings h where h.org = r.org and h.device = ${device}::uuid and h.scope = r.scope)
        order by r.seq limit ${pageRows + 1}`),
      read.rows(sql<StoredOutcome>`
        select n, id, status, error, seq from outcomes
        where org = ${org}::uuid and device = ${device}::uuid and seq > ${from.seq} and seq <= ${bound.seq}
        order by seq limit ${pageRows}`),
    ]);
    const count = fitting(found);
    let end = count < found.length ? await cutAt(read, org, found.slice(0, count), from.seq) : bound;
    const lastSettled = settled.at(-1);
    if (settled.length === pageRows && lastSettled && lastSettled.seq < end.seq) {
      const commit = await commitAt(read, org, lastSettled.seq);
      end = { seq: lastSettled.seq, mark: commit?.mark ?? '', isInside: false };
    }
    return {
      t: 'page',
      from,
      rows: found.filter((r) => r.seq <= end.seq).map(toWire),
      outcomes: settled.filter((o) => o.seq <= end.seq).map(toOutcome),
      upTo: { seq: end.seq, mark: end.mark },
      head: head.seq,
      more: end.isInside,
      hubAt,
    };
  });
}

/** What a backfill asks for. */
export interface BackfillAsk {
  readonly id: number;
  readonly scope: string;
  readonly upTo: number;
  readonly after: number;
}

/** One part of a scope as it stood when the device gained it; refused when the device does not hold it in this snapshot. */
export function readBackfill(db: Db, org: Id, device: Id, ask: BackfillAsk): Promise<Backfilled> {
  return inSnapshot(db, async (read) => {
    const [held, rows] = await Promise.all([
      read.rows(
        sql`select 1 from holdings where org = ${org}::uuid and device = ${device}::uuid and scope = ${ask.scope} limit 1`,
      ),
      read.rows(sql<StoredRow>`
        select scope, entity, id, seq, body, cmd from replica
        where org = ${org}::uuid and scope = ${ask.scope} and seq > ${ask.after} and seq <= ${ask.upTo} and body is not null
        order by seq limit ${pageRows + 1}`),
    ]);
    const isHeld = held.length > 0;
    const part = isHeld ? rows.slice(0, fitting(rows)) : [];
    const last = part.at(-1);
    return {
      t: 'backfilled',
      id: ask.id,
      scope: ask.scope,
      upTo: ask.upTo,
      rows: part.map(toWire),
      next: last && part.length < rows.length ? last.seq : null,
      isHeld,
    };
  });
}

/** Whether a device holds a scope now. */
export async function holdsScope(db: ReadDb, org: Id, device: Id, scope: string): Promise<boolean> {
  const rows = await db.rows(sql`
    select 1 from holdings where org = ${org}::uuid and device = ${device}::uuid and scope = ${scope} limit 1`);
  return rows.length > 0;
}

/** The devices that hold a scope. */
export async function devicesHolding(db: ReadDb, org: Id, scope: string): Promise<Id[]> {
  const rows = await db.rows(
    sql<{ device: Id }>`select distinct device from holdings where org = ${org}::uuid and scope = ${scope}`,
  );
  return rows.map((r) => r.device);
}
