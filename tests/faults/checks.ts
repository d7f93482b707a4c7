import type { ReadDb } from '#server/db/tx.ts';
import type { Id } from '#shared/lib/ids.ts';
import { checkBytes, checkCache, checkOutcomes } from './desk-checks.ts';
import { type Disk, readDisk } from './disk.ts';
import { Findings } from './findings.ts';
import { checkHoldings, checkSecrets, checkStream, readTruth } from './hub-checks.ts';
import type { Ledger } from './ledger.ts';
import { checkMessages, checkOrder, checkPages, type PageView, type SeenLine } from './message-checks.ts';

/** Everything a finished history has to show. */
export interface Evidence {
  readonly db: ReadDb;
  readonly org: Id;
  readonly password: string;
  readonly desks: readonly { readonly name: string; readonly folder: string }[];
  readonly ledger: Ledger;
  readonly pages: readonly PageView[];
  readonly shown: ReadonlyMap<Id, readonly SeenLine[]>;
  /** notes whose words went to a page */
  readonly leaks: readonly string[];
  /** why it did not come to rest; empty = it did */
  readonly unrest: string;
}

/** Looks at a world at rest, from its disks and its database, and counts what is wrong. */
export async function judge(evidence: Evidence): Promise<Findings> {
  const { db, org, ledger, pages, shown } = evidence;
  const findings = new Findings();
  if (evidence.unrest !== '') findings.add('diverged', `it does not come to rest: ${evidence.unrest}`);
  const truth = await readTruth(db, org);
  await checkStream(db, org, findings);
  await checkHoldings(db, org, truth, findings);
  checkSecrets(
    truth,
    ledger.entries.filter((e) => e.kind === 'note').map((e) => e.token),
    findings,
  );
  for (const leak of evidence.leaks) findings.add('leaked', `a page was sent the note ${leak}`);
  const disks = new Map<string, Disk>();
  for (const { name, folder } of evidence.desks) {
    const disk = await readDisk(folder, evidence.password);
    if (disk) disks.set(name, disk);
    else findings.add('diverged', `${name} has no profile any more`);
  }
  for (const [name, disk] of disks) {
    checkCache({ name, disk }, truth, findings);
    checkOutcomes({ name, disk }, truth, findings);
    checkBytes({ name, disk }, truth, findings);
  }
  const outboxes = new Map([...disks].map(([name, disk]) => [name, disk.outbox]));
  const messages = { ledger, truth, outboxes, pages, shown };
  checkMessages(messages, findings);
  checkOrder(messages, findings);
  checkPages(messages, findings);
  return findings;
}
