import * as z from 'zod/mini';
import { sql } from '#server/db/sql.ts';
import { type Db, inTransaction, type ReadDb, type WriteTx } from '#server/db/tx.ts';
import type { Id } from '#shared/lib/ids.ts';
import { openingHoursSchema } from './opening.ts';
import type { Site, Visitor, VisitorStore } from './ports.ts';

/** The tables sites and visitors are named here. */

interface SiteRow {
  org: Id;
  id: Id;
  key: string;
  name: string;
  team_id: Id;
  allowed_origins: string;
  hours: string | null;
  away_text: string;
}

interface VisitorRow {
  org: Id;
  id: Id;
  site_id: Id;
  subject: string | null;
  name: string | null;
  customer_id: Id | null;
  signed_out_at: number | null;
  is_next: boolean;
}

const originsSchema = z.array(z.string());
const awaySchema = z.record(z.string(), z.string());

function toSite(r: SiteRow): Site {
  return {
    org: r.org,
    id: r.id,
    key: r.key,
    name: r.name,
    teamId: r.team_id,
    allowedOrigins: originsSchema.parse(JSON.parse(r.allowed_origins)),
    hours: r.hours === null ? null : openingHoursSchema.parse(JSON.parse(r.hours)),
    awayText: awaySchema.parse(JSON.parse(r.away_text)),
  };
}

function toVisitor(r: VisitorRow): Visitor {
  return {
    org: r.org,
    id: r.id,
    siteId: r.site_id,
    subject: r.subject,
    name: r.name,
    customerId: r.customer_id,
    isSignedOut: r.signed_out_at !== null,
  };
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const siteColumns = sql`org, id, key, name, team_id, allowed_origins, hours, away_text`;
const visitorColumns = sql`org, id, site_id, subject, name, customer_id, signed_out_at`;

export async function siteByKey(db: ReadDb, key: string): Promise<Site | null> {
  const row = await db.maybe(sql<SiteRow>`select ${siteColumns} from sites where key = ${key}`);
  return row ? toSite(row) : null;
}

/** A site's secret as bytes; throws when there is no such site. */
export async function secretOfSite(db: ReadDb, org: Id, id: Id): Promise<Uint8Array> {
  const row = await db.one(
    sql<{ secret: string }>`select secret from sites where org = ${org}::uuid and id = ${id}::uuid`,
  );
  return Buffer.from(row.secret, 'base64url');
}

/** Adds a site, or changes all but its secret when there is one of this key in this organisation. */
export async function putSite(tx: WriteTx, site: Site, secret: Uint8Array, at: number): Promise<void> {
  const hours = site.hours === null ? null : JSON.stringify(site.hours);
  await tx.run(sql`
    insert into sites (org, id, key, name, team_id, allowed_origins, secret, hours, away_text, created_at)
    values (${site.org}::uuid, ${site.id}::uuid, ${site.key}, ${site.name}, ${site.teamId}::uuid, ${JSON.stringify(site.allowedOrigins)},
      ${Buffer.from(secret).toString('base64url')}, ${hours}, ${JSON.stringify(site.awayText)}, ${at})
    on conflict (org, id) do update set name = excluded.name, team_id = excluded.team_id, allowed_origins = excluded.allowed_origins,
      hours = excluded.hours, away_text = excluded.away_text`);
}

/** The customer a subject stands for at this organisation, when there is a record of them. */
export type CustomerOf = (org: Id, subject: string) => Promise<Id | null>;

/** Sites and visitors in the hub's database. */
export function databaseVisitors(db: Db, customerOf: CustomerOf): VisitorStore {
  return {
    siteByKey: (key) => siteByKey(db, key),
    async visitorByToken(siteId, tokenHash, at) {
      const hash = hex(tokenHash);
      const row = await db.maybe(sql<VisitorRow>`
        select ${visitorColumns}, token_hash <> ${hash} as is_next from visitors
        where site_id = ${siteId}::uuid and (token_hash = ${hash} or next_token_hash = ${hash})`);
      if (!row) return null;
      await inTransaction(db, (tx) =>
        tx.run(
          row.is_next
            ? sql`update visitors set token_hash = next_token_hash, next_token_hash = null, last_seen_at = ${at}
                where org = ${row.org}::uuid and id = ${row.id}::uuid and next_token_hash = ${hash}`
            : sql`update visitors set last_seen_at = ${at} where org = ${row.org}::uuid and id = ${row.id}::uuid`,
        ),
      );
      return toVisitor(row);
    },
    async createVisitor({ org, id, siteId, tokenHash, identity, language, at }) {
      const customerId = identity === null ? null : await customerOf(org, identity.subject);
      await inTransaction(db, (tx) =>
        tx.run(sql`
          insert into visitors (org, id, site_id, token_hash, subject, name, email, customer_id, language, created_at, last_seen_at)
          values (${org}::uuid, ${id}::uuid, ${siteId}::uuid, ${hex(tokenHash)}, ${identity?.subject ?? null}, ${identity?.name ?? null},
            ${identity?.email ?? null}, ${customerId}::uuid, ${language}, ${at}, ${at})`),
      );
      const { subject, name } = identity ?? { subject: null, name: null };
      return { org, id, siteId, subject, name, customerId, isSignedOut: false };
    },
    async identify(visitor, identity, language, nextTokenHash) {
      const customerId = await customerOf(visitor.org, identity.subject);
      const next = nextTokenHash === null ? null : hex(nextTokenHash);
      // Somebody else may have been vouched for meanwhile in another tab: then this one is not theirs.
      const touched = await inTransaction(db, (tx) =>
        tx.run(sql`
          update visitors set subject = ${identity.subject}, name = ${identity.name}, email = ${identity.email}, customer_id = ${customerId}::uuid,
            language = ${language}, next_token_hash = coalesce(${next}, next_token_hash)
          where org = ${visitor.org}::uuid and id = ${visitor.id}::uuid and signed_out_at is null
            and (subject is null or subject = ${identity.subject})`),
      );
      if (touched === 0) throw new Error('the visitor changed hands while it was identified');
      return { ...visitor, subject: identity.subject, name: identity.name, customerId };
    },
    async signOut(visitor, at) {
      await inTransaction(db, (tx) =>
        tx.run(sql`
          update visitors set signed_out_at = coalesce(signed_out_at, ${at}) where org = ${visitor.org}::uuid and id = ${visitor.id}::uuid`),
      );
    },
    async samePerson(visitor) {
      if (visitor.subject === null) return [visitor.id];
      const rows = await db.rows(sql<{ id: Id }>`
        select id from visitors where org = ${visitor.org}::uuid and site_id = ${visitor.siteId}::uuid and subject = ${visitor.subject}
          and id <> ${visitor.id}::uuid order by last_seen_at desc limit 50`);
      return [visitor.id, ...rows.map((r) => r.id)];
    },
  };
}
