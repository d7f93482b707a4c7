import type { ReadDb, WriteDb } from '#core/db/handles.ts';
import { itemAt, itemOf, type OutboxItem } from '#core/db/outbox-items.ts';
import { lastCommandNumber, restartCommandNumbers, writeMeta } from '#core/db/work-meta.ts';
import type { OutboxRow } from '#core/db/work-schema.ts';
import type { Id } from '#shared/lib/ids.ts';
import type { Outcome } from '#shared/wire/messages.ts';
import { type Device, signatureOf } from './envelope.ts';

/** The last n this desk counted, with its id, as `hello` says it. */
export const lastIdKey = 'sync.last_id';

/** Stores a command. */
export function putItem(tx: WriteDb, item: OutboxItem): void {
  tx.run(
    `insert into main.outbox(n, id, kind, args, subjects, at, hub_at, offline, basis, after, sig, state, error, seq, sent_at, settled_at, conversation)
     values(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    item.n,
    item.id,
    item.kind,
    JSON.stringify(item.args),
    JSON.stringify(item.subjects),
    item.at,
    item.hubAt,
    item.isOffline ? 1 : 0,
    JSON.stringify(item.basis),
    JSON.stringify(item.after),
    item.sig,
    item.state,
    item.error === null ? null : JSON.stringify(item.error),
    item.seq,
    item.sentAt,
    item.settledAt,
    item.conversationId,
  );
  if (item.n > 0 && item.n >= lastCommandNumber(tx)) writeMeta(tx, lastIdKey, item.id);
}

function removeItem(tx: WriteDb, n: number): void {
  tx.run('delete from main.outbox where n = ?', n);
}

/** The numbers of all commands the hub has not answered, in order. */
export function unsettledNumbers(tx: Pick<WriteDb, 'values'>): number[] {
  return tx.values<number>(
    `select n from main.outbox where state <> 'done' and state in ('waiting', 'sent') order by n`,
  );
}

/** Marks commands as handed to the line; in the same moment they can no longer be given up as never sent. */
export function markSent(tx: WriteDb, ns: readonly number[], at: number): void {
  for (const n of ns) {
    tx.run(
      `update main.outbox set state = 'sent', sent_at = coalesce(sent_at, ?) where n = ? and state = 'waiting'`,
      at,
      n,
    );
  }
}

/** After the line is lost nobody knows what arrived: all of it waits again, under the same numbers and ids. */
export function markWaiting(tx: WriteDb): number {
  return tx.run(`update main.outbox set state = 'waiting' where state = 'sent'`).changes;
}

/**
 * Settles a command by its outcome. Answers the item as it was, when it was unsettled; null when there was nothing to settle:
 * unknown, settled before, or of another id.
 */
export function settle(tx: WriteDb, outcome: Outcome, at: number): OutboxItem | null {
  const item = itemAt(tx, outcome.n);
  if (!item || item.id !== outcome.id || (item.state !== 'waiting' && item.state !== 'sent')) return null;
  tx.run(
    `update main.outbox set state = ?, error = ?, seq = ?, settled_at = ?, sent_at = coalesce(sent_at, ?) where n = ?`,
    outcome.status,
    outcome.error === null ? null : JSON.stringify(outcome.error),
    outcome.seq,
    at,
    at,
    outcome.n,
  );
  return item;
}

/** Takes items off the person's hands: given up, or sent again as other commands. */
export function markDiscarded(tx: WriteDb, ns: readonly number[], at: number): void {
  for (const n of ns) tx.run(`update main.outbox set state = 'discarded', settled_at = ? where n = ?`, at, n);
}

/** Whether a command that is not done names this one among those it rests on. */
export function isRestedOn(tx: ReadDb, n: number): boolean {
  const resting = tx.value<number>(
    `select count(*) from main.outbox o, json_each(o.after) a where o.state in ('waiting', 'sent', 'held') and a.value = ?`,
    n,
  );
  return (resting ?? 0) > 0;
}

/** What a new cache forgets: where in the stream outcomes stood. What is done comes with the rows. */
export function forgetOutcomePlaces(tx: WriteDb): void {
  tx.run(`update main.outbox set seq = 0 where state = 'done' and seq > 0`);
}

/** What making a command needs. */
export interface Maker {
  readonly device: Device;
  readonly nextId: () => Id;
  readonly now: number;
}

/** Puts `session.void` in the place of a number, so that the count has no gap. */
export function putVoid(tx: WriteDb, n: number, why: { kind: string; reason: string }, maker: Maker): void {
  removeItem(tx, n);
  const item = {
    n,
    id: maker.nextId(),
    kind: 'session.void',
    args: { kind: why.kind, reason: why.reason },
    subjects: [],
    at: maker.now,
    hubAt: null,
    isOffline: true,
    basis: {},
    after: [],
    state: 'waiting' as const,
    error: null,
    seq: null,
    sentAt: null,
    settledAt: null,
    conversationId: null,
  };
  putItem(tx, { ...item, sig: signatureOf(item, maker.device) });
}

/** Moves an item out of the count, below zero: it stays before the person's eyes, but no hub asks for its number. */
function putAside(tx: WriteDb, item: OutboxItem): void {
  const lowest = Math.min(0, tx.value<number>('select min(n) from main.outbox') ?? 0);
  removeItem(tx, item.n);
  putItem(tx, { ...item, n: lowest - 1 });
}

function itemsAfter(tx: WriteDb, n: number): OutboxItem[] {
  return tx.all<OutboxRow>('select * from main.outbox where n > ? order by n', n).map(itemOf);
}

/**
 * The hub knows this device up to `lastN` only (it was restored from a backup): everything later is offered again. What was done goes
 * as it was; what the person was told had failed must not happen behind their back now, so its number goes as a void and the item
 * stays aside; numbers whose commands are forgotten go as voids too. Answers how many are offered again.
 */
export function offerAgain(tx: WriteDb, lastN: number, maker: Maker): number {
  const last = lastCommandNumber(tx);
  const known = new Map(itemsAfter(tx, lastN).map((item) => [item.n, item]));
  let offered = 0;
  for (let n = lastN + 1; n <= last; n += 1) {
    const item = known.get(n);
    if (item?.state === 'waiting' || item?.state === 'sent') continue;
    offered += 1;
    if (item?.state === 'done') {
      tx.run(`update main.outbox set state = 'waiting', seq = null, settled_at = null where n = ?`, n);
      continue;
    }
    if (item && item.state !== 'discarded') putAside(tx, item);
    putVoid(tx, n, { kind: item?.kind ?? 'unknown', reason: 'settled before the hub was restored' }, maker);
  }
  return offered;
}

/** Puts a command back as it was read from a damaged file; one that is here already stays. */
export function putBack(tx: WriteDb, row: OutboxRow): void {
  if (itemAt(tx, row.n) === null) putItem(tx, itemOf(row));
}

/**
 * This profile is another device at the hub from now on: what is not settled gets new numbers under the same ids, signed anew; what
 * needs the person goes aside. What is done is offered as well, whatever made the device a new one: the hub may have been restored
 * to a time before it, and one that knows an id answers its stored outcome. Answers how many commands were renumbered.
 */
export function renumber(tx: WriteDb, device: Device): number {
  const items = itemsAfter(tx, 0);
  restartCommandNumbers(tx, 0);
  writeMeta(tx, lastIdKey, null);
  const kept = items.filter((i) => i.state === 'waiting' || i.state === 'sent' || i.state === 'done');
  const aside = items.filter((i) => i.state === 'refused' || i.state === 'held' || i.state === 'failed');
  for (const item of items) removeItem(tx, item.n);
  for (const item of aside) putAside(tx, item);
  const numbers = new Map(kept.map((item, i) => [item.n, i + 1]));
  for (const item of kept) {
    const n = numbers.get(item.n) ?? 0;
    const after = item.after.flatMap((old) => numbers.get(old) ?? []);
    const moved: OutboxItem = { ...item, n, after, state: 'waiting', seq: null, settledAt: null, error: null };
    putItem(tx, { ...moved, sig: signatureOf(moved, device) });
  }
  restartCommandNumbers(tx, kept.length);
  return kept.length;
}
