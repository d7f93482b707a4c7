import { sql } from '#server/db/sql.ts';
import type { ReadDb } from '#server/db/tx.ts';
import type { Id } from '#shared/lib/ids.ts';

/** Something about an organisation's stream that does not fit. */
export interface StreamFault {
  readonly fault:
    | 'head-and-log-differ'
    | 'row-beyond-head'
    | 'commits-not-contiguous'
    | 'outcome-beyond-head'
    | 'device-behind-its-outcomes'
    | 'holding-without-row'
    | 'row-without-holding';
  /** how often */
  readonly count: number;
  /** one place where */
  readonly example: string;
}

interface Found {
  n: number;
  example: string | null;
}

/** Checks that head, commits, rows, outcomes and holdings of an organisation's stream tell the same story. */
export async function verifyStream(db: ReadDb, org: Id): Promise<StreamFault[]> {
  const found: [StreamFault['fault'], Found][] = [
    [
      'head-and-log-differ',
      await db.one(sql<Found>`
        select count(*) as n, min(h.seq)::text as example from org_heads h
        left join lateral (select last_seq, mark from commit_log c where c.org = h.org order by last_seq desc limit 1) l on true
        where h.org = ${org}::uuid and h.seq > 0 and (l.last_seq is distinct from h.seq or l.mark is distinct from h.mark)`),
    ],
    [
      'row-beyond-head',
      await db.one(sql<Found>`
        select count(*) as n, min(r.scope || ' ' || r.entity || ' ' || r.id) as example
        from replica r join org_heads h on h.org = r.org where r.org = ${org}::uuid and r.seq > h.seq`),
    ],
    [
      'commits-not-contiguous',
      await db.one(sql<Found>`
        select count(*) as n, min(first_seq)::text as example from (
          select first_seq, lag(last_seq) over (order by last_seq) as before from commit_log where org = ${org}::uuid) c
        where before is not null and first_seq <> before + 1`),
    ],
    [
      'outcome-beyond-head',
      await db.one(sql<Found>`
        select count(*) as n, min(o.id::text) as example
        from outcomes o join org_heads h on h.org = o.org where o.org = ${org}::uuid and o.seq > h.seq`),
    ],
    [
      'device-behind-its-outcomes',
      await db.one(sql<Found>`
        select count(*) as n, min(d.id::text) as example from devices d
        where d.org = ${org}::uuid and d.last_n < (select max(n) from outcomes o where o.org = d.org and o.device = d.id)`),
    ],
    [
      'holding-without-row',
      await db.one(sql<Found>`
        select count(*) as n, min(h.device || ' ' || h.scope || ' ' || h.cause) as example from holdings h
        where h.org = ${org}::uuid and not exists (select 1 from replica r where r.org = h.org and r.scope = 'device:' || h.device
          and r.entity = 'holding' and r.id = h.scope || '|' || h.cause and r.body is not null)`),
    ],
    [
      'row-without-holding',
      await db.one(sql<Found>`
        select count(*) as n, min(r.scope || ' ' || r.id) as example from replica r
        where r.org = ${org}::uuid and r.entity = 'holding' and r.body is not null and not exists (select 1 from holdings h
          where h.org = r.org and 'device:' || h.device = r.scope and h.scope || '|' || h.cause = r.id)`),
    ],
  ];
  return found
    .filter(([, { n }]) => n > 0)
    .map(([fault, { n, example }]) => ({ fault, count: n, example: example ?? '' }));
}
