import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { sql } from '#server/db/sql.ts';
import type { ReadDb } from '#server/db/tx.ts';
import { auditEntrySchema } from '#shared/audit/model.ts';
import { type ChainFault, chainStart, verifyChain } from '#shared/audit/rules.ts';
import type { Id } from '#shared/lib/ids.ts';

const pageSize = 2_000;
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** What a walk over the stored chain found. */
export interface ChainReport {
  readonly entries: number;
  readonly faults: ChainFault[];
}

/**
 * Walks an organisation's audit chain from its first entry and tells where it was edited, reordered, or lacks entries;
 * a cut tail shows against the head kept beside the stream.
 */
export async function verifyStoredChain(db: ReadDb, org: Id): Promise<ChainReport> {
  const faults: ChainFault[] = [];
  let state = { lastNo: 0, lastHash: chainStart };
  for (;;) {
    const rows = await db.rows(sql<{ chain_no: number; entry: string; hash: string }>`
      select chain_no, entry, hash from audit_entries where org = ${org}::uuid and chain_no > ${state.lastNo} order by chain_no limit ${pageSize}`);
    if (rows.length === 0) break;
    const entries = rows.map((row) => {
      const parsed = z.safeParse(auditEntrySchema, JSON.parse(row.entry));
      if (!parsed.success || parsed.data.chainNo !== row.chain_no || parsed.data.hash !== row.hash) {
        faults.push({ chainNo: row.chain_no, fault: 'edited' });
        return null;
      }
      return parsed.data;
    });
    const walked = verifyChain(
      entries.filter((e) => e !== null),
      sha256,
      state,
    );
    faults.push(...walked.faults);
    state = { lastNo: Math.max(walked.lastNo, rows.at(-1)?.chain_no ?? 0), lastHash: walked.lastHash };
  }
  const head = await db.one(
    sql<{ chain_no: number; chain_hash: string }>`select chain_no, chain_hash from org_heads where org = ${org}::uuid`,
  );
  if (head.chain_no > state.lastNo) faults.push({ chainNo: state.lastNo + 1, fault: 'cut' });
  else if (head.chain_hash !== state.lastHash) faults.push({ chainNo: state.lastNo, fault: 'edited' });
  return { entries: state.lastNo, faults };
}
