import { sql } from '#server/db/sql.ts';
import type { ReadDb, WriteTx } from '#server/db/tx.ts';
import type { Id } from '#shared/lib/ids.ts';

/** The table presences is named here. */

export interface Beat {
  readonly org: Id;
  readonly personId: Id;
  readonly device: Id;
  readonly state: 'available' | 'away';
  readonly drafts: readonly Id[];
}

export interface PresenceChange {
  org: Id;
  person_id: Id;
  state: 'available' | 'away' | 'gone';
  since: number;
}

/** Keeps heartbeats, in one statement for all; answers whose state changed. */
export function keepBeats(tx: WriteTx, beats: readonly Beat[], now: number): Promise<PresenceChange[]> {
  return tx.rows(sql<PresenceChange>`
    with before as (select org, person_id, state from presences),
    kept as (
      insert into presences as p (org, person_id, device, state, beat_at, since, drafts)
      select o, i, d, s, ${now}::bigint, ${now}::bigint, dr from unnest(${beats.map((b) => b.org)}::uuid[], ${beats.map((b) => b.personId)}::uuid[],
        ${beats.map((b) => b.device)}::uuid[], ${beats.map((b) => b.state)}::text[], ${beats.map((b) => JSON.stringify(b.drafts))}::text[]) as t(o, i, d, s, dr)
      on conflict (org, person_id) do update set device = excluded.device, state = excluded.state, beat_at = excluded.beat_at, drafts = excluded.drafts,
        since = case when p.state = excluded.state then p.since else excluded.since end
      returning org, person_id, state, since)
    select k.org, k.person_id, k.state, k.since from kept k left join before b on b.org = k.org and b.person_id = k.person_id
    where b.state is distinct from k.state`);
}

/** Who has not been heard of since then counts as gone; answers who that newly is. */
export function expireBeats(tx: WriteTx, silentSince: number, now: number): Promise<PresenceChange[]> {
  return tx.rows(sql<PresenceChange>`
    update presences set state = 'gone', since = ${now} where state <> 'gone' and beat_at < ${silentSince}
    returning org, person_id, state, since`);
}

/** A hub that just started has heard nobody yet: everyone gets one full length to be heard again. */
export async function graceBeats(tx: WriteTx, now: number): Promise<void> {
  await tx.run(sql`update presences set beat_at = greatest(beat_at, ${now}::bigint) where state <> 'gone'`);
}

export async function presenceTeams(
  db: ReadDb,
  org: Id,
  persons: readonly Id[],
): Promise<{ person_id: Id; team_id: Id }[]> {
  return db.rows(sql<{ person_id: Id; team_id: Id }>`
    select person_id, team_id from memberships where org = ${org}::uuid and person_id = any(${persons}::uuid[])`);
}

/** Whether a person is there; null = never heard of. */
export function presenceOf(db: ReadDb, org: Id, person: Id): Promise<Pick<PresenceChange, 'state' | 'since'> | null> {
  return db.maybe(sql<Pick<PresenceChange, 'state' | 'since'>>`
    select state, since from presences where org = ${org}::uuid and person_id = ${person}::uuid`);
}
