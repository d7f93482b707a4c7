import { sql } from '#server/db/sql.ts';
import type { ReadDb, WriteTx } from '#server/db/tx.ts';
import type { Id } from '#shared/lib/ids.ts';

/** The tables stations and enrol_codes are named here. */

export async function insertCode(
  tx: WriteTx,
  org: Id,
  code: { id: Id; codeHash: string; until: number },
): Promise<void> {
  await tx.run(sql`
    insert into enrol_codes (org, id, code_hash, until) values (${org}::uuid, ${code.id}::uuid, ${code.codeHash}, ${code.until})
    on conflict (org, id) do update set code_hash = excluded.code_hash, until = excluded.until where enrol_codes.used_at is null`);
}

/** Uses a code up; null when there is none such, or it is used or too old. */
export async function useCode(tx: WriteTx, codeHash: string, now: number): Promise<{ org: Id; id: Id } | null> {
  return tx.maybe(sql<{ org: Id; id: Id }>`
    update enrol_codes set used_at = ${now} where code_hash = ${codeHash} and used_at is null and until > ${now} returning org, id`);
}

export async function insertStation(
  tx: WriteTx,
  org: Id,
  station: { id: Id; tokenHash: string; label: string; at: number },
): Promise<void> {
  await tx.run(sql`
    insert into stations (org, id, token_hash, label, created_at)
    values (${org}::uuid, ${station.id}::uuid, ${station.tokenHash}, ${station.label}, ${station.at})`);
}

export function stationOfToken(db: ReadDb, tokenHash: string): Promise<{ org: Id; id: Id } | null> {
  return db.maybe(sql<{ org: Id; id: Id }>`select org, id from stations where token_hash = ${tokenHash}`);
}

/** Forgets codes that were used or ran out before a time; answers how many. */
export function forgetCodes(tx: WriteTx, org: Id, before: number, limit: number): Promise<number> {
  return tx.run(sql`
    delete from enrol_codes where org = ${org}::uuid and id = any(array(
      select id from enrol_codes where org = ${org}::uuid and coalesce(used_at, until) < ${before} limit ${limit}))`);
}
