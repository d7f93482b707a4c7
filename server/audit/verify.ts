import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { sql } from '#server/db/sql.ts';
import type { ReadDb } from '#server/db/tx.ts';
import { type AuditEntry, auditEntrySchema } from '#shared/audit/model.ts';
import { type ChainFault, chainStart, hashOf, verifyChain } from '#shared/audit/rules.ts';
import type { Id } from '#shared/lib/ids.ts';

const pageSize = 2_000;
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** What a walk over the stored chain found. */
export interface ChainReport {
  readonly entries: number;
  readonly faults: ChainFault[];
}

interface StoredEntry {
  chain_no: number;
  at: number;
  actor_id: Id | null;
  act: string;
  status: string;
  entry: string;
  hash: string;
}

function parse(text: string): AuditEntry | null {
  try {
    const parsed = z.safeParse(auditEntrySchema, JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** What is wrong with one row by itself: its text, its columns beside the text, or the place it stands in. */
function faultOf(row: StoredEntry, entry: AuditEntry | null): ChainFault['fault'] | null {
  if (!entry) return 'edited';
  const { hash, ...content } = entry;
  if (hashOf(content, sha256) !== hash || row.hash !== hash) return 'edited';
  if (entry.chainNo !== row.chain_no) return 'reordered';
  const isSame =
    row.at === entry.at && row.actor_id === entry.actorId && row.act === entry.act && row.status === entry.status;
  return isSame ? null : 'edited';
}

/**
 * Walks an organisation's audit chain from its first entry and tells where it was edited, reordered, or lacks entries;
 * a cut tail shows against the head kept beside the stream.
 */
export async function verifyStoredChain(db: ReadDb, org: Id): Promise<ChainReport> {
  const faults: ChainFault[] = [];
  let lastNo = 0;
  // null after a row that stands where it does not belong: what follows it cannot be held against it
  let lastHash: string | null = chainStart;
  let entries = 0;
  for (;;) {
    const rows: StoredEntry[] = await db.rows(sql<StoredEntry>`
      select chain_no, at, actor_id, act, status, entry, hash from audit_entries
      where org = ${org}::uuid and chain_no > ${lastNo} order by chain_no limit ${pageSize}`);
    if (rows.length === 0) break;
    entries += rows.length;
    for (const row of rows) {
      const entry = parse(row.entry);
      const own = faultOf(row, entry);
      if (row.chain_no > lastNo + 1) faults.push({ chainNo: lastNo + 1, fault: 'missing' });
      else if (!own && entry) {
        faults.push(...verifyChain([entry], sha256, { lastNo, lastHash: lastHash ?? entry.prev }).faults);
      }
      if (own) faults.push({ chainNo: row.chain_no, fault: own });
      lastNo = row.chain_no;
      lastHash = own === 'reordered' ? null : row.hash;
    }
  }
  const head = await db.one(
    sql<{ chain_no: number; chain_hash: string }>`
      select chain_no, chain_hash from org_heads where org = ${org}::uuid`,
  );
  if (head.chain_no > lastNo) faults.push({ chainNo: lastNo + 1, fault: 'cut' });
  else if (head.chain_no < lastNo || (lastHash !== null && head.chain_hash !== lastHash)) {
    faults.push({ chainNo: lastNo, fault: 'edited' });
  }
  return { entries, faults };
}
