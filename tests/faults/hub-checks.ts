import { verifyStoredChain } from '#server/audit/verify.ts';
import { heldConversations } from '#server/conversation/handle.ts';
import { sql } from '#server/db/sql.ts';
import type { ReadDb } from '#server/db/tx.ts';
import { holders } from '#server/session/handle.ts';
import type { Id } from '#shared/lib/ids.ts';
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
import type { Findings } from './findings.ts';

/** A row of the hub's replica. */
export interface ReplicaRow {
  readonly scope: string;
  readonly entity: string;
  readonly id: string;
  readonly seq: number;
  readonly body: string;
}

/** What a hub has at rest: the truth everything else is compared with. */
export interface HubTruth {
  readonly org: Id;
  /** living rows by scope */
  readonly byScope: ReadonlyMap<string, readonly ReplicaRow[]>;
  /** scopes by device */
  readonly holdings: ReadonlyMap<Id, ReadonlySet<string>>;
  readonly messages: readonly { conversation: Id; id: Id; order: number; speaker: string; text: string }[];
  readonly notes: readonly { conversation: Id; id: Id; order: number; text: string }[];
  /** the team each conversation lies with */
  readonly teams: ReadonlyMap<Id, Id>;
  readonly outcomes: readonly { device: Id; n: number; id: Id; status: string }[];
}

export async function readTruth(db: ReadDb, org: Id): Promise<HubTruth> {
  const rows = await db.rows(sql<ReplicaRow>`
    select scope, entity, id, seq, body from replica where org = ${org}::uuid and body is not null order by seq`);
  const held = await db.rows(
    sql<{ device: Id; scope: string }>`select device, scope from holdings where org = ${org}::uuid`,
  );
  const messages = await db.rows(sql<HubTruth['messages'][number]>`
    select conversation_id as conversation, id, ord as order, speaker, text from messages where org = ${org}::uuid order by conversation_id, ord`);
  const notes = await db.rows(sql<HubTruth['notes'][number]>`
    select conversation_id as conversation, id, ord as order, text from notes where org = ${org}::uuid`);
  const outcomes = await db.rows(sql<HubTruth['outcomes'][number]>`
    select device, n, id, status from outcomes where org = ${org}::uuid order by device, n`);
  const lies = await db.rows(
    sql<{ id: Id; team_id: Id }>`select id, team_id from conversations where org = ${org}::uuid`,
  );
  const teams = new Map(lies.map((c) => [c.id, c.team_id]));
  const byScope = new Map<string, ReplicaRow[]>();
  for (const row of rows) byScope.set(row.scope, [...(byScope.get(row.scope) ?? []), row]);
  const holdings = new Map<Id, Set<string>>();
  for (const { device, scope } of held) holdings.set(device, (holdings.get(device) ?? new Set()).add(scope));
  return { org, byScope, holdings, messages, notes, teams, outcomes };
}

/** Stream, audit chain and outcomes hang together. */
export async function checkStream(db: ReadDb, org: Id, findings: Findings): Promise<void> {
  const chain = await verifyStoredChain(db, org);
  for (const { chainNo, fault } of chain.faults) findings.add('broken', `audit entry ${chainNo} ${fault}`);
  const head = await db.one(
    sql<{ seq: number; mark: string }>`select seq, mark from org_heads where org = ${org}::uuid`,
  );
  const log = await db.rows(sql<{ first_seq: number; last_seq: number; mark: string }>`
    select first_seq, last_seq, mark from commit_log where org = ${org}::uuid order by last_seq`);
  let last = 0;
  for (const commit of log) {
    if (commit.first_seq !== last + 1)
      findings.add('broken', `the commit after seq ${last} begins at ${commit.first_seq}`);
    last = commit.last_seq;
  }
  if (head.seq !== last || head.mark !== (log.at(-1)?.mark ?? ''))
    findings.add('broken', `the head is ${head.seq}, the last commit ${last}`);
  const beyond = await db.rows(sql`select 1 from replica where org = ${org}::uuid and seq > ${head.seq} limit 1`);
  if (beyond.length > 0) findings.add('broken', 'a row stands beyond the head');
  const counted = await db.rows(sql<{ id: Id; last_n: number; most: number | null; many: number }>`
    select d.id, d.last_n, max(o.n) as most, count(o.n) as many from devices d
    left join outcomes o on o.org = d.org and o.device = d.id where d.org = ${org}::uuid group by d.id, d.last_n`);
  for (const { id, last_n, most, many } of counted) {
    if ((most ?? 0) !== last_n || many !== last_n)
      findings.add('broken', `device ${id} counts ${last_n}, ${many} outcomes up to ${most ?? 0}`);
  }
}

/** What devices hold is what `mayHold` says, in the table and in the replica alike. */
export async function checkHoldings(db: ReadDb, org: Id, truth: HubTruth, findings: Findings): Promise<void> {
  const devices = await db.rows(sql<{ id: Id }>`select id from devices where org = ${org}::uuid`);
  const known = await holders(db, org, { persons: [], devices: devices.map((d) => d.id) });
  const ids = await db.rows(sql<{ id: Id }>`select id from conversations where org = ${org}::uuid`);
  const conversations = await heldConversations(db, org, { ids: ids.map((c) => c.id), owners: [] });
  const byId = new Map(conversations.map((c) => [c.id, c]));
  const held = await db.rows(sql<{ device: Id; scope: string; cause: string }>`
    select device, scope, cause from holdings where org = ${org}::uuid`);
  for (const holder of known) {
    const mine = held.filter((h) => h.device === holder.deviceId);
    checkHolder(holder, mine, byId, findings);
    const rows = (truth.byScope.get(`device:${holder.deviceId}`) ?? [])
      .filter((r) => r.entity === 'holding')
      .map((r) => r.id);
    if (!sameSet(rows, mine.map(holdingId)))
      findings.add('diverged', `device ${holder.deviceId}: its holding rows are not its holdings`);
  }
}

function checkHolder(
  holder: Holder,
  mine: readonly { scope: string; cause: string }[],
  conversations: ReadonlyMap<Id, HeldConversation>,
  findings: Findings,
): void {
  const ids = new Set(mine.map(holdingId));
  for (const holding of mine) {
    const about = conversationOfCause(holding.cause);
    const conversation = about === null ? null : (conversations.get(about) ?? null);
    if (!mayHold(holder, holding, conversation))
      findings.add('leaked', `device ${holder.deviceId} holds ${holdingId(holding)} and may not`);
  }
  const due = [
    ...standingHoldings(holder),
    ...[...conversations.values()].flatMap((c) => ownershipHoldings(holder, c)),
  ];
  // Whoever opened a conversation holds all of it.
  const opened = new Set(
    mine.filter((h) => h.cause.startsWith('opened:')).map((h) => conversationOfCause(h.cause) ?? ''),
  );
  for (const id of opened) {
    const conversation = conversations.get(id);
    if (conversation) due.push(...openedHoldings(holder, conversation));
  }
  for (const holding of due) {
    if (!ids.has(holdingId(holding))) findings.add('diverged', `device ${holder.deviceId} lacks ${holdingId(holding)}`);
  }
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && new Set([...a, ...b]).size === a.length;
}

/** Internal words stand in no scope a customer may see. */
export function checkSecrets(truth: HubTruth, secrets: readonly string[], findings: Findings): void {
  for (const [scope, rows] of truth.byScope) {
    if (!scope.endsWith(':public')) continue;
    for (const row of rows) {
      const secret = secrets.find((s) => row.body.includes(s));
      if (secret) findings.add('leaked', `the note ${secret} stands in ${scope}`);
    }
  }
}
