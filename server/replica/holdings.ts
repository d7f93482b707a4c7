import { sql } from '#server/db/sql.ts';
import type { ReadDb, WriteTx } from '#server/db/tx.ts';
import type { Id } from '#shared/lib/ids.ts';
import { scopeOf } from '#shared/lib/scope.ts';
import type { Holding } from '#shared/session/model.ts';
import {
  conversationOfCause,
  type HeldConversation,
  type Holder,
  holdingId,
  mayHold,
  openedHoldings,
  ownershipHoldings,
  standingHoldings,
} from '#shared/session/rules.ts';
import type { RowWrite } from './row-write.ts';

/** The facts that decide who holds what; read from the tables of the slices that own them. */
export interface GrantFacts {
  /** every device of these persons, and these devices, each with its person's facts */
  holders(db: ReadDb, org: Id, by: { persons: readonly Id[]; devices: readonly Id[] }): Promise<Holder[]>;
  conversations(db: ReadDb, org: Id, by: { ids: readonly Id[]; owners: readonly Id[] }): Promise<HeldConversation[]>;
}

/** What changed that rights rest on. */
export interface Regrant {
  /** persons whose role, teams, state or devices changed */
  readonly persons?: readonly Id[];
  /** conversations whose team, owner or customer changed */
  readonly conversations?: readonly Id[];
  /** a device opens a conversation */
  readonly open?: { readonly device: Id; readonly conversation: Id };
  /** a device gives an opened conversation up */
  readonly close?: { readonly device: Id; readonly conversation: Id };
}

export interface RegrantDone {
  readonly rows: RowWrite[];
  readonly added: number;
  readonly removed: number;
}

interface HeldRow extends Holding {
  device: Id;
}

function keyOf(row: HeldRow): string {
  return `${row.device}|${holdingId(row)}`;
}

async function heldNow(db: ReadDb, org: Id, devices: readonly Id[], conversations: readonly Id[]): Promise<HeldRow[]> {
  const causes = conversations.flatMap((id) => [`ownership:${id}`, `opened:${id}`]);
  return db.rows(sql<HeldRow>`
    select device, scope, cause from holdings where org = ${org}::uuid and device = any(${devices}::uuid[])
    union
    select device, scope, cause from holdings where org = ${org}::uuid and cause = any(${causes}::text[])`);
}

function wanted(
  change: Regrant,
  held: readonly HeldRow[],
  holders: ReadonlyMap<Id, Holder>,
  conversations: ReadonlyMap<Id, HeldConversation>,
): Map<string, HeldRow> {
  const want = new Map<string, HeldRow>();
  const add = (device: Id, holdings: readonly Holding[]): void => {
    for (const h of holdings) want.set(keyOf({ ...h, device }), { ...h, device });
  };
  for (const row of held) {
    const holder = holders.get(row.device);
    const about = conversationOfCause(row.cause);
    const conversation = about === null ? null : (conversations.get(about) ?? null);
    const isGivenUp = change.close?.device === row.device && row.cause === `opened:${change.close.conversation}`;
    if (!holder || isGivenUp) continue;
    if (mayHold(holder, row, conversation)) add(row.device, [row]);
    // What was opened stays open wholly: a role or a customer that changed may show more of it than before.
    if (conversation && row.cause === `opened:${conversation.id}`)
      add(row.device, openedHoldings(holder, conversation));
  }
  const persons = new Set(change.persons);
  const touched = new Set(change.conversations);
  for (const holder of holders.values()) {
    const isChanged = persons.has(holder.personId);
    if (isChanged) add(holder.deviceId, standingHoldings(holder));
    for (const conversation of conversations.values()) {
      if (isChanged || touched.has(conversation.id)) add(holder.deviceId, ownershipHoldings(holder, conversation));
    }
  }
  if (change.open) {
    const holder = holders.get(change.open.device);
    const conversation = conversations.get(change.open.conversation);
    if (holder && conversation) add(holder.deviceId, openedHoldings(holder, conversation));
  }
  return want;
}

/** Since when without a break each scope of these holdings has been held, for whatever cause; a fresh value where it was not. */
async function sinceOf(
  db: ReadDb,
  org: Id,
  rows: readonly HeldRow[],
  fresh: string,
): Promise<(row: HeldRow) => string> {
  const known = await db.rows(sql<{ device: Id; scope: string; since: string }>`
    select distinct h.device, h.scope, h.since
    from unnest(${rows.map((r) => r.device)}::uuid[], ${rows.map((r) => r.scope)}::text[]) as t(d, s)
    join holdings h on h.org = ${org}::uuid and h.device = t.d and h.scope = t.s`);
  const byScope = new Map(known.map((k) => [`${k.device} ${k.scope}`, k.since]));
  return ({ device, scope }) => byScope.get(`${device} ${scope}`) ?? fresh;
}

/**
 * Brings what devices hold in line with the facts, for what changed. Runs under the organisation's lock and answers the
 * rows to replicate, so that a holding and what it shows travel in one stream. `newSince`: a value never used before.
 */
export async function regrant(
  tx: WriteTx,
  org: Id,
  change: Regrant,
  facts: GrantFacts,
  newSince: string,
): Promise<RegrantDone> {
  const persons = change.persons ?? [];
  const about = [...(change.conversations ?? []), ...(change.open ? [change.open.conversation] : [])];
  const given = [change.open?.device, change.close?.device].filter((d) => d !== undefined);
  const ofPersons = persons.length > 0 ? await facts.holders(tx, org, { persons, devices: [] }) : [];
  const closing = change.close ? [change.close.conversation] : [];
  const held = await heldNow(
    tx,
    org,
    ofPersons.map((h) => h.deviceId),
    [...about, ...closing],
  );
  const named = held.map((h) => conversationOfCause(h.cause)).filter((id) => id !== null);
  const conversations = await facts.conversations(tx, org, {
    ids: [...new Set([...about, ...named])],
    owners: persons,
  });
  const owners = conversations.filter((c) => about.includes(c.id) && c.ownerId !== null).map((c) => c.ownerId as Id);
  const holders = await facts.holders(tx, org, {
    persons: [...new Set([...persons, ...owners])],
    devices: [...new Set([...held.map((h) => h.device), ...given])],
  });
  const want = wanted(
    change,
    held,
    new Map(holders.map((h) => [h.deviceId, h])),
    new Map(conversations.map((c) => [c.id, c])),
  );
  const have = new Map(held.map((h) => [keyOf(h), h]));
  const gone = [...have.entries()].filter(([key]) => !want.has(key)).map(([, row]) => row);
  const fresh = [...want.entries()].filter(([key]) => !have.has(key)).map(([, row]) => row);
  // Before anything is deleted: what one cause hands to another in one commit is held without a break.
  const since = fresh.length > 0 ? await sinceOf(tx, org, fresh, newSince) : () => newSince;
  if (gone.length > 0) {
    tx.later(sql`
      delete from holdings h using unnest(${gone.map((g) => g.device)}::uuid[], ${gone.map((g) => g.scope)}::text[], ${gone.map((g) => g.cause)}::text[]) as t(d, s, c)
      where h.org = ${org}::uuid and h.device = t.d and h.scope = t.s and h.cause = t.c`);
  }
  // One that is held already (opened again) is left as it is: its row keeps the place at which the scope joined.
  if (fresh.length > 0) {
    tx.later(sql`
      insert into holdings (org, device, scope, cause, since)
      select ${org}::uuid, d, s, c, e from unnest(${fresh.map((f) => f.device)}::uuid[], ${fresh.map((f) => f.scope)}::text[],
        ${fresh.map((f) => f.cause)}::text[], ${fresh.map(since)}::text[]) as t(d, s, c, e)
      on conflict do nothing`);
  }
  return {
    rows: [
      ...gone.map((g) => rowOf(g, null)),
      ...fresh.map((f) => rowOf(f, { scope: f.scope, cause: f.cause, since: since(f) })),
    ],
    added: fresh.length,
    removed: gone.length,
  };
}

function rowOf(held: HeldRow, body: Holding | null): RowWrite {
  return { scope: scopeOf.device(held.device), entity: 'holding', id: holdingId(held), body };
}
