import { sql } from '#server/db/sql.ts';
import type { ReadDb, WriteTx } from '#server/db/tx.ts';
import type { Contact, Customer } from '#shared/customer/model.ts';
import type { Id } from '#shared/lib/ids.ts';

/** The tables customers and contacts are named here. */

interface CustomerRow {
  id: Id;
  name: string;
  email: string | null;
  phone: string | null;
  tier: Customer['tier'];
  region: string;
  language: string;
  verification: Customer['verification'];
  since: number | null;
  source: string;
  as_of: number;
}

function toCustomer(r: CustomerRow): Customer {
  return {
    id: r.id,
    name: r.name,
    email: r.email,
    phone: r.phone,
    tier: r.tier,
    region: r.region,
    language: r.language,
    verification: r.verification,
    since: r.since,
    source: r.source,
    asOf: r.as_of,
  };
}

export async function customerById(db: ReadDb, org: Id, id: Id): Promise<Customer | null> {
  const row = await db.maybe(sql<CustomerRow>`
    select id, name, email, phone, tier, region, language, verification, since, source, as_of from customers where org = ${org}::uuid and id = ${id}::uuid`);
  return row ? toCustomer(row) : null;
}

export async function customerByExternal(db: ReadDb, org: Id, externalId: string): Promise<Customer | null> {
  const row = await db.maybe(sql<CustomerRow>`
    select id, name, email, phone, tier, region, language, verification, since, source, as_of from customers
    where org = ${org}::uuid and external_id = ${externalId}`);
  return row ? toCustomer(row) : null;
}

export async function insertCustomers(
  tx: WriteTx,
  org: Id,
  list: readonly (Customer & { externalId: string | null })[],
): Promise<void> {
  await tx.run(sql`
    insert into customers (org, id, name, email, phone, tier, region, language, verification, since, source, external_id, as_of)
    select ${org}::uuid, * from unnest(${list.map((c) => c.id)}::uuid[], ${list.map((c) => c.name)}::text[], ${list.map((c) => c.email)}::text[],
      ${list.map((c) => c.phone)}::text[], ${list.map((c) => c.tier)}::text[], ${list.map((c) => c.region)}::text[], ${list.map((c) => c.language)}::text[],
      ${list.map((c) => c.verification)}::text[], ${list.map((c) => c.since)}::bigint[], ${list.map((c) => c.source)}::text[],
      ${list.map((c) => c.externalId)}::text[], ${list.map((c) => c.asOf)}::bigint[])
    on conflict (org, id) do nothing`);
}

interface ContactRow {
  id: Id;
  customer_id: Id;
  channel: Contact['channel'];
  started_at: number;
  ended_at: number | null;
  topic: string;
  resolution: Contact['resolution'];
  agent_name: string | null;
}

function toContact(r: ContactRow): Contact {
  return {
    id: r.id,
    customerId: r.customer_id,
    channel: r.channel,
    startedAt: r.started_at,
    endedAt: r.ended_at,
    topic: r.topic,
    resolution: r.resolution,
    agentName: r.agent_name,
  };
}

export async function insertContacts(tx: WriteTx, org: Id, list: readonly Contact[]): Promise<void> {
  await tx.run(sql`
    insert into contacts (org, id, customer_id, channel, started_at, ended_at, topic, resolution, agent_name)
    select ${org}::uuid, * from unnest(${list.map((c) => c.id)}::uuid[], ${list.map((c) => c.customerId)}::uuid[], ${list.map((c) => c.channel)}::text[],
      ${list.map((c) => c.startedAt)}::bigint[], ${list.map((c) => c.endedAt)}::bigint[], ${list.map((c) => c.topic)}::text[],
      ${list.map((c) => c.resolution)}::text[], ${list.map((c) => c.agentName)}::text[])
    on conflict (org, id) do nothing`);
}

/** Sets how a contact ended (or, all null, that it goes on again). */
export async function setContactEnd(
  tx: WriteTx,
  org: Id,
  id: Id,
  end: { at: number | null; resolution: Contact['resolution']; agentName: string | null },
): Promise<Contact | null> {
  const row = await tx.maybe(sql<ContactRow>`
    update contacts set ended_at = ${end.at}, resolution = ${end.resolution}, agent_name = coalesce(${end.agentName}, agent_name)
    where org = ${org}::uuid and id = ${id}::uuid
    returning id, customer_id, channel, started_at, ended_at, topic, resolution, agent_name`);
  return row ? toContact(row) : null;
}
