import { sql } from '#server/db/sql.ts';
import type { ReadDb, WriteTx } from '#server/db/tx.ts';
import type { Id, RandomBytes } from '#shared/lib/ids.ts';
import { digestOf, newSecret, type Tokens, type TokenTimes } from './tokens.ts';

/** New tokens for a device; the refresh token before stays good until the new one is used once. */
export async function issueTokens(
  tx: WriteTx,
  org: Id,
  device: Id,
  at: number,
  times: TokenTimes,
  random: RandomBytes,
  previous: string | null,
): Promise<Tokens> {
  const tokens = { access: newSecret(random), accessUntil: at + times.accessForMs, refresh: newSecret(random) };
  await tx.run(sql`
    insert into session_tokens (org, device, access_hash, access_until, refresh_hash, previous_refresh_hash, refresh_until)
    values (${org}::uuid, ${device}::uuid, ${digestOf(tokens.access)}, ${tokens.accessUntil}, ${digestOf(tokens.refresh)}, ${previous}, ${at + times.refreshForMs})
    on conflict (org, device) do update set access_hash = excluded.access_hash, access_until = excluded.access_until,
      refresh_hash = excluded.refresh_hash, previous_refresh_hash = excluded.previous_refresh_hash, refresh_until = excluded.refresh_until`);
  return tokens;
}

/** In the place of a refresh token's digest, which is hexadecimal: whatever the device was given last, after a restore. */
const afterRestore = 'restored';

/**
 * After a restore the hub knows tokens that are older than what it has handed out since. The next refresh of each device,
 * signed by the device's own key like every one, is taken whatever token it names; from then on all is as ever.
 */
export async function takeAnyTokenOnce(tx: WriteTx, org: Id): Promise<void> {
  await tx.run(sql`
    update session_tokens set refresh_hash = ${afterRestore}, previous_refresh_hash = null where org = ${org}::uuid`);
}

/** Whether a refresh token is the device's last one, or the one before it whose answer may have been lost. */
export function isTokenOf(held: TokenRow, digest: string): boolean {
  return held.refresh_hash === afterRestore || digest === held.refresh_hash || digest === held.previous_refresh_hash;
}

export interface TokenRow {
  org: Id;
  device: Id;
  access_hash: string;
  access_until: number;
  refresh_hash: string;
  previous_refresh_hash: string | null;
  refresh_until: number;
}

export function tokensOf(tx: WriteTx, device: Id): Promise<TokenRow | null> {
  return tx.maybe(sql<TokenRow>`
    select org, device, access_hash, access_until, refresh_hash, previous_refresh_hash, refresh_until
    from session_tokens where device = ${device}::uuid for update`);
}

/** Whose access token this is; null when nobody's or too old. */
export async function deviceOfAccess(
  db: ReadDb,
  access: string,
  now: number,
): Promise<{ org: Id; device: Id; until: number } | null> {
  const row = await db.maybe(sql<{ org: Id; device: Id; access_until: number }>`
    select org, device, access_until from session_tokens where access_hash = ${digestOf(access)}`);
  return row && row.access_until > now ? { org: row.org, device: row.device, until: row.access_until } : null;
}

/** Ends the sessions of devices: their tokens are worth nothing from now on. */
export async function dropTokens(tx: WriteTx, org: Id, devices: readonly Id[]): Promise<void> {
  await tx.run(sql`delete from session_tokens where org = ${org}::uuid and device = any(${devices}::uuid[])`);
}

/** Devices, not revoked or frozen, that have no token to come back with. */
export async function devicesWithoutTokens(db: ReadDb, org: Id, now: number, limit: number): Promise<Id[]> {
  const rows = await db.rows(sql<{ id: Id }>`
    select d.id from devices d where d.org = ${org}::uuid and d.state = 'active' and not exists (
      select 1 from session_tokens t where t.org = d.org and t.device = d.id and t.refresh_until > ${now})
    order by d.id limit ${limit}`);
  return rows.map((r) => r.id);
}

/** Forgets tokens that have ended; answers how many. */
export function forgetTokens(tx: WriteTx, org: Id, now: number): Promise<number> {
  return tx.run(sql`delete from session_tokens where org = ${org}::uuid and refresh_until <= ${now}`);
}

/** How a connected device stands: what bars it, or that its session was ended (a new password, a replayed token). */
export interface Standing {
  id: Id;
  state: 'active' | 'frozen' | 'revoked';
  is_disabled: boolean;
  has_tokens: boolean;
}

/** How these devices stand; one that is not there any more is left out. */
export function standings(db: ReadDb, org: Id, devices: readonly Id[], now: number): Promise<Standing[]> {
  return db.rows(sql<Standing>`
    select d.id, d.state, p.is_disabled, exists (
      select 1 from session_tokens t where t.org = d.org and t.device = d.id and t.refresh_until > ${now}) as has_tokens
    from devices d join persons p on p.org = d.org and p.id = d.person_id
    where d.org = ${org}::uuid and d.id = any(${devices}::uuid[])`);
}
