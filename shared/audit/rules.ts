import { canonicalJson } from '../lib/json.ts';
import type { AuditEntry } from './model.ts';

/** SHA-256 of a text as lower-case hex; handed in, because this room has no crypto of its own. */
export type Sha256 = (text: string) => string;

/** What comes before the first entry. */
export const chainStart = '0'.repeat(64);

/** The hash an entry must carry. */
export function hashOf(entry: Omit<AuditEntry, 'hash'>, sha256: Sha256): string {
  return sha256(canonicalJson(entry));
}

/** Where a chain is broken, and how. */
export interface ChainFault {
  readonly chainNo: number;
  readonly fault: 'edited' | 'missing' | 'reordered' | 'cut';
}

/**
 * Walks a chain in the order given. `state` is what came before (start with chainStart and 0).
 * Tells an edit (hash does not fit), a missing entry (number jumps) and a wrong order (number falls) apart.
 */
export function verifyChain(
  entries: Iterable<AuditEntry>,
  sha256: Sha256,
  state: { lastNo: number; lastHash: string } = { lastNo: 0, lastHash: chainStart },
): { faults: ChainFault[]; lastNo: number; lastHash: string } {
  const faults: ChainFault[] = [];
  let { lastNo, lastHash } = state;
  for (const entry of entries) {
    const { hash, ...content } = entry;
    if (entry.chainNo > lastNo + 1) faults.push({ chainNo: lastNo + 1, fault: 'missing' });
    else if (entry.chainNo <= lastNo) faults.push({ chainNo: entry.chainNo, fault: 'reordered' });
    else if (entry.prev !== lastHash || hashOf(content, sha256) !== hash)
      faults.push({ chainNo: entry.chainNo, fault: 'edited' });
    lastNo = Math.max(lastNo, entry.chainNo);
    lastHash = hash;
  }
  return { faults, lastNo, lastHash };
}
