import { sql } from '#server/db/sql.ts';
import type { WriteTx } from '#server/db/tx.ts';
import type { Id } from '#shared/lib/ids.ts';

/**
 * Raises an organisation's horizon to the last commit before a time: who asks from before it has to start over, so what
 * was gone by then need not be remembered. Takes the organisation's lock, like everything that changes its head.
 */
export async function raiseHorizon(tx: WriteTx, org: Id, before: number): Promise<void> {
  tx.later(sql`select pg_advisory_xact_lock(hashtextextended(${org}::text, 0))`);
  await tx.run(sql`
    update org_heads h set horizon = c.last_seq
    from (select max(last_seq) as last_seq from commit_log where org = ${org}::uuid and at < ${before}) c
    where h.org = ${org}::uuid and c.last_seq > h.horizon`);
}

/** Forgets rows that were gone at the horizon; answers how many. */
export function forgetGone(tx: WriteTx, org: Id, limit: number): Promise<number> {
  return tx.run(sql`
    delete from replica where ctid = any(array(
      select r.ctid from replica r join org_heads h on h.org = r.org
      where r.org = ${org}::uuid and r.body is null and r.seq <= h.horizon limit ${limit} for update of r skip locked))`);
}

/** Forgets the marks of commits before the horizon; the one at it stays, for a desk that stands just there. */
export function forgetCommits(tx: WriteTx, org: Id, limit: number): Promise<number> {
  return tx.run(sql`
    delete from commit_log where org = ${org}::uuid and last_seq = any(array(
      select c.last_seq from commit_log c join org_heads h on h.org = c.org
      where c.org = ${org}::uuid and c.last_seq < h.horizon order by c.last_seq limit ${limit}))`);
}

/** Forgets outcomes older than any desk may be away. */
export function forgetOutcomes(tx: WriteTx, org: Id, before: number, limit: number): Promise<number> {
  return tx.run(sql`
    delete from outcomes where ctid = any(array(
      select o.ctid from outcomes o where o.org = ${org}::uuid and o.at < ${before} limit ${limit} for update skip locked))`);
}
