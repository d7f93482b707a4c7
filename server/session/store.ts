import { sql } from '#server/db/sql.ts';
import type { ReadDb, WriteTx } from '#server/db/tx.ts';
import type { Id } from '#shared/lib/ids.ts';
import type { Holder } from '#shared/session/rules.ts';

/** The tables of people and their devices: orgs, org_heads, persons, teams, memberships, devices, discards are named here. */

export interface PersonRow {
  id: Id;
  name: string;
  email: string;
  role: string;
  password_hash: string | null;
  is_disabled: boolean;
  must_change_password: boolean;
  created_at: number;
  last_sign_in_at: number | null;
}

export interface DeviceRow {
  id: Id;
  person_id: Id;
  label: string;
  public_key: string;
  state: 'active' | 'frozen' | 'revoked';
  last_n: number;
  last_id: Id | null;
  enrolled_at: number;
  last_seen_at: number | null;
}

export interface TeamRow {
  id: Id;
  name: string;
  region: string;
}

export interface OrgRow {
  id: Id;
  name: string;
  is_demo: boolean;
}

/** A device with the facts of its person, as a command or a connection needs them. */
export interface DevicePerson extends DeviceRow {
  name: string;
  role: string;
  is_disabled: boolean;
  team_ids: Id[];
}

export function orgs(db: ReadDb): Promise<OrgRow[]> {
  return db.rows(sql<OrgRow>`select id, name, is_demo from orgs order by created_at`);
}

export async function insertOrg(tx: WriteTx, org: OrgRow, at: number, chainStart: string): Promise<void> {
  await tx.run(
    sql`insert into orgs (id, name, is_demo, created_at) values (${org.id}::uuid, ${org.name}, ${org.is_demo}, ${at})`,
  );
  await tx.run(sql`insert into org_heads (org, chain_hash) values (${org.id}::uuid, ${chainStart})`);
}

/**
 * Locks a device against every other command of it, and its person's rights against change, and reads both.
 * This is the first statement of every command: exactly once and in order come from this one lock.
 */
export async function lockDevice(tx: WriteTx, org: Id, device: Id): Promise<DevicePerson | null> {
  const locked = tx.maybe(sql<Omit<DevicePerson, 'team_ids'>>`
    select d.id, d.person_id, d.label, d.public_key, d.state, d.last_n, d.last_id, d.enrolled_at, d.last_seen_at, p.name, p.role, p.is_disabled
    from devices d join persons p on p.org = d.org and p.id = d.person_id
    where d.org = ${org}::uuid and d.id = ${device}::uuid for update of d for share of p`);
  // A statement of its own, sent behind the lock: after waiting, one statement would see the locked rows as they are now
  // but everything else as it was before it waited.
  const teamsOf = tx.rows(sql<{ team_id: Id }>`
    select m.team_id from devices d join memberships m on m.org = d.org and m.person_id = d.person_id
    where d.org = ${org}::uuid and d.id = ${device}::uuid order by m.team_id`);
  const [row, memberships] = await Promise.all([locked, teamsOf]);
  return row && { ...row, team_ids: memberships.map((m) => m.team_id) };
}

export function deviceOf(db: ReadDb, org: Id, device: Id): Promise<DevicePerson | null> {
  return db.maybe(sql<DevicePerson>`
    select d.id, d.person_id, d.label, d.public_key, d.state, d.last_n, d.last_id, d.enrolled_at, d.last_seen_at, p.name, p.role, p.is_disabled,
      array(select m.team_id::text from memberships m where m.org = d.org and m.person_id = d.person_id) as team_ids
    from devices d join persons p on p.org = d.org and p.id = d.person_id
    where d.org = ${org}::uuid and d.id = ${device}::uuid`);
}

export async function holders(
  db: ReadDb,
  org: Id,
  by: { persons: readonly Id[]; devices: readonly Id[] },
): Promise<Holder[]> {
  const rows = await db.rows(sql<{
    id: Id;
    person_id: Id;
    state: Holder['deviceState'];
    role: string;
    is_disabled: boolean;
    team_ids: Id[];
  }>`
    select d.id, d.person_id, d.state, p.role, p.is_disabled,
      array(select m.team_id::text from memberships m where m.org = d.org and m.person_id = d.person_id) as team_ids
    from devices d join persons p on p.org = d.org and p.id = d.person_id
    where d.org = ${org}::uuid and (d.id = any(${by.devices}::uuid[]) or d.person_id = any(${by.persons}::uuid[]))`);
  return rows.map((r) => ({
    deviceId: r.id,
    personId: r.person_id,
    role: r.role,
    teamIds: r.team_ids,
    isDisabled: r.is_disabled,
    deviceState: r.state,
  }));
}

export async function setDeviceState(tx: WriteTx, org: Id, device: Id, state: DeviceRow['state']): Promise<void> {
  await tx.run(sql`update devices set state = ${state} where org = ${org}::uuid and id = ${device}::uuid`);
}

/** Counts what a revoked device will never send: its numbers are passed, so that it is counted once. */
export async function setLost(
  tx: WriteTx,
  org: Id,
  device: Id,
  at: { lost: number; n: number; id: Id | null },
): Promise<void> {
  await tx.run(sql`
    update devices set lost = ${at.lost}, last_n = ${at.n}, last_id = ${at.id}::uuid where org = ${org}::uuid and id = ${device}::uuid`);
}

/** Keeps why commands were given up. */
export function insertDiscards(
  tx: WriteTx,
  org: Id,
  by: { person: Id; reason: string; at: number },
  items: readonly { id: Id; kind: string }[],
): void {
  tx.later(sql`
    insert into discards (org, command_id, person_id, kind, reason, at)
    select ${org}::uuid, i, ${by.person}::uuid, k, ${by.reason}, ${by.at}
    from unnest(${items.map((i) => i.id)}::uuid[], ${items.map((i) => i.kind)}::text[]) as t(i, k)
    on conflict do nothing`);
}

export async function touchDevice(tx: WriteTx, org: Id, device: Id, at: number): Promise<void> {
  await tx.run(sql`update devices set last_seen_at = ${at} where org = ${org}::uuid and id = ${device}::uuid`);
}

/** Locks a person's devices (sorted), then the person: what changes rights takes both, in the order commands take them. */
export async function lockPerson(tx: WriteTx, org: Id, person: Id): Promise<PersonRow | null> {
  await tx.rows(
    sql`select 1 from devices where org = ${org}::uuid and person_id = ${person}::uuid order by id for update`,
  );
  return tx.maybe(sql<PersonRow>`
    select id, name, email, role, password_hash, is_disabled, must_change_password, created_at, last_sign_in_at
    from persons where org = ${org}::uuid and id = ${person}::uuid for update`);
}

export function personByEmail(db: ReadDb, org: Id, email: string): Promise<PersonRow | null> {
  return db.maybe(sql<PersonRow>`
    select id, name, email, role, password_hash, is_disabled, must_change_password, created_at, last_sign_in_at
    from persons where org = ${org}::uuid and email = ${email}`);
}

export function personById(db: ReadDb, org: Id, id: Id): Promise<PersonRow | null> {
  return db.maybe(sql<PersonRow>`
    select id, name, email, role, password_hash, is_disabled, must_change_password, created_at, last_sign_in_at
    from persons where org = ${org}::uuid and id = ${id}::uuid`);
}

export async function teamIdsOf(db: ReadDb, org: Id, person: Id): Promise<Id[]> {
  const rows = await db.rows(sql<{ team_id: Id }>`
    select team_id from memberships where org = ${org}::uuid and person_id = ${person}::uuid order by team_id`);
  return rows.map((r) => r.team_id);
}

export async function upsertPerson(tx: WriteTx, org: Id, p: PersonRow): Promise<void> {
  await tx.run(sql`
    insert into persons (org, id, name, email, role, password_hash, is_disabled, must_change_password, created_at, last_sign_in_at)
    values (${org}::uuid, ${p.id}::uuid, ${p.name}, ${p.email}, ${p.role}, ${p.password_hash}, ${p.is_disabled}, ${p.must_change_password},
      ${p.created_at}, ${p.last_sign_in_at})
    on conflict (org, id) do update set name = excluded.name, email = excluded.email, role = excluded.role, password_hash = excluded.password_hash,
      is_disabled = excluded.is_disabled, must_change_password = excluded.must_change_password, last_sign_in_at = excluded.last_sign_in_at`);
}

export async function setTeams(tx: WriteTx, org: Id, person: Id, teamIds: readonly Id[]): Promise<void> {
  await tx.run(sql`
    delete from memberships where org = ${org}::uuid and person_id = ${person}::uuid and not (team_id = any(${teamIds}::uuid[]))`);
  await tx.run(sql`
    insert into memberships (org, team_id, person_id) select ${org}::uuid, t, ${person}::uuid from unnest(${teamIds}::uuid[]) as t
    on conflict do nothing`);
}

export async function upsertTeam(tx: WriteTx, org: Id, team: TeamRow): Promise<void> {
  await tx.run(sql`
    insert into teams (org, id, name, region) values (${org}::uuid, ${team.id}::uuid, ${team.name}, ${team.region})
    on conflict (org, id) do update set name = excluded.name, region = excluded.region`);
}

export function teams(db: ReadDb, org: Id): Promise<TeamRow[]> {
  return db.rows(sql<TeamRow>`select id, name, region from teams where org = ${org}::uuid order by name`);
}

export function teamById(db: ReadDb, org: Id, id: Id): Promise<TeamRow | null> {
  return db.maybe(sql<TeamRow>`select id, name, region from teams where org = ${org}::uuid and id = ${id}::uuid`);
}

export async function insertDevice(tx: WriteTx, org: Id, d: DeviceRow): Promise<void> {
  await tx.run(sql`
    insert into devices (org, id, person_id, label, public_key, state, enrolled_at, last_seen_at)
    values (${org}::uuid, ${d.id}::uuid, ${d.person_id}::uuid, ${d.label}, ${d.public_key}, ${d.state}, ${d.enrolled_at}, ${d.last_seen_at})`);
}

export function devicesOf(db: ReadDb, org: Id, person: Id): Promise<DeviceRow[]> {
  return db.rows(sql<DeviceRow>`
    select id, person_id, label, public_key, state, last_n, last_id, enrolled_at, last_seen_at from devices
    where org = ${org}::uuid and person_id = ${person}::uuid order by id`);
}

/** Everybody, with the names of their teams, by e-mail address. */
export function people(db: ReadDb, org: Id): Promise<(Omit<PersonRow, 'password_hash'> & { team_names: string[] })[]> {
  return db.rows(sql<Omit<PersonRow, 'password_hash'> & { team_names: string[] }>`
    select p.id, p.name, p.email, p.role, p.is_disabled, p.must_change_password, p.created_at, p.last_sign_in_at,
      array(select t.name from memberships m join teams t on t.org = m.org and t.id = m.team_id
        where m.org = p.org and m.person_id = p.id order by t.name) as team_names
    from persons p where p.org = ${org}::uuid order by p.email`);
}

/** All devices with the address of whose they are; email = '' for everybody's. */
export function devicesOfAll(
  db: ReadDb,
  org: Id,
  email: string,
): Promise<(Omit<DeviceRow, 'public_key'> & { email: string; lost: number })[]> {
  return db.rows(sql<Omit<DeviceRow, 'public_key'> & { email: string; lost: number }>`
    select d.id, d.person_id, d.label, d.state, d.last_n, d.last_id, d.enrolled_at, d.last_seen_at, d.lost, p.email
    from devices d join persons p on p.org = d.org and p.id = d.person_id
    where d.org = ${org}::uuid and (${email} = '' or p.email = ${email}) order by p.email, d.enrolled_at`);
}
