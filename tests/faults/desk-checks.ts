import type { Disk } from './disk.ts';
import type { Findings } from './findings.ts';
import type { HubTruth } from './hub-checks.ts';

/** A desk at rest: what is on its disk, and what its device may hold by the hub's word. */
export interface RestedDesk {
  readonly name: string;
  readonly disk: Disk;
}

/** A cache is exactly the rows of the scopes its device holds, and nothing else is left on the disk. */
export function checkCache({ name, disk }: RestedDesk, truth: HubTruth, findings: Findings): void {
  const held = truth.holdings.get(disk.deviceId) ?? new Set<string>();
  for (const [scope, isWhole] of disk.scopes) {
    if (!held.has(scope)) findings.add('leaked', `${name} still holds ${scope}`);
    else if (!isWhole) findings.add('diverged', `${name} has ${scope} only in part`);
  }
  const due = new Map<string, { seq: number; body: string }>();
  for (const scope of held) {
    if (!disk.scopes.has(scope)) findings.add('diverged', `${name} lacks the scope ${scope}`);
    for (const row of truth.byScope.get(scope) ?? []) due.set(`${row.scope} ${row.entity} ${row.id}`, row);
  }
  for (const [key, row] of disk.rows) {
    const should = due.get(key);
    if (!held.has(row.scope)) findings.add('leaked', `${name} has ${key} of a scope it does not hold`);
    else if (!should) findings.add('diverged', `${name} has ${key}, which is gone`);
    else if (should.seq !== row.seq)
      findings.add('diverged', `${name} has ${key} at ${row.seq}, the hub at ${should.seq}`);
    else if (should.body !== row.body) findings.add('diverged', `${name} has another body of ${key}`);
  }
  for (const key of due.keys()) if (!disk.rows.has(key)) findings.add('diverged', `${name} lacks ${key}`);
  if (disk.leftovers.rows > 0) findings.add('leaked', `${name} keeps ${disk.leftovers.rows} rows of scopes it gave up`);
  if (disk.leftovers.words > 0)
    findings.add('leaked', `${name} keeps words of ${disk.leftovers.words} rows that are gone`);
}

/** What the desk believes of its commands is what the hub decided. */
export function checkOutcomes({ name, disk }: RestedDesk, truth: HubTruth, findings: Findings): void {
  const byId = new Map(truth.outcomes.map((o) => [o.id, o]));
  for (const item of disk.outbox) {
    const outcome = byId.get(item.id);
    if (item.state === 'waiting' || item.state === 'sent')
      findings.add('diverged', `${name}: command ${item.n} ${item.kind} is ${item.state} at rest`);
    if (item.state === 'done' && item.n > 0 && outcome?.status !== 'done') {
      findings.add(
        'lost',
        `${name}: command ${item.n} ${item.kind} is done here and ${outcome?.status ?? 'unknown'} at the hub`,
      );
    }
    if (['refused', 'held', 'failed'].includes(item.state) && outcome?.status === 'done') {
      findings.add('diverged', `${name}: command ${item.n} ${item.kind} is ${item.state} here and done at the hub`);
    }
  }
}

/**
 * Bytes of what a desk may not see are not on its disk, page by page, free pages and log included. Words of what it does
 * hold must be found by the same scan, or the scan would prove nothing.
 */
export function checkBytes({ name, disk }: RestedDesk, truth: HubTruth, findings: Findings): void {
  const held = truth.holdings.get(disk.deviceId) ?? new Set<string>();
  let control = 0;
  let mine = 0;
  for (const { conversation, text } of truth.messages) {
    const token = text.split(' ')[0] ?? '';
    const isHeld = held.has(`conversation:${conversation}:public`);
    // A list shows the last line of each conversation to its whole team, and earlier lines were last ones once.
    const isListed = held.has(`team:${truth.teams.get(conversation) ?? ''}`);
    const { pages, frames } = disk.find(token);
    const found = pages + frames;
    if (isHeld) mine += 1;
    if (isHeld && found > 0) control += 1;
    if (!isHeld && !isListed && found > 0 && !isKept(disk, token))
      findings.add('leaked', `${name}: bytes of ${token} are on the disk (${pages} in pages, ${frames} in the log)`);
  }
  if (mine > 0 && control === 0) findings.add('broken', `${name}: the byte scan finds nothing, not even what is held`);
}

/** Other rows it may see that repeat the word (what a contact was about). */
function isKept(disk: Disk, token: string): boolean {
  return [...disk.rows.values()].some((row) => row.body?.includes(token));
}
