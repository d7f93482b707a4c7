import * as z from 'zod/mini';
import { readDrafts } from '#core/db/drafts.ts';
import { entityRows } from '#core/db/entity-rows.ts';
import type { Read, Reading } from '#core/db/reading.ts';
import { type Head, headSchema } from '#shared/conversation/model.ts';
import { snippetOf } from '#shared/conversation/rules.ts';
import type { InboxRow, InboxSection } from '#shared/inbox/model.ts';
import { list } from '#shared/inbox/queries.ts';
import { byUrgency } from '#shared/inbox/rules.ts';
import type { Id } from '#shared/lib/ids.ts';
import { personSchema, teamSchema } from '#shared/session/model.ts';

/** How far back, and how many, of one's own resolved conversations are listed. */
const resolvedWithinMs = 24 * 60 * 60 * 1000;
const mostResolved = 20;
/** The most urgent of a team; the others are counted and come up by filter. A list of thousands is nobody's reading matter. */
const mostOfTeam = 100;

// Rows of other slices, as the inbox reads them by id.
const heads = entityRows({ entity: 'head', schema: headSchema, indexes: [] });
const people = entityRows({ entity: 'person', schema: personSchema, indexes: [] });
const teams = entityRows({ entity: 'team', schema: teamSchema, indexes: [] });

const openSql = `select body from cache.visible_row where entity = 'head' and head_state = 'open'`;
const resolvedSql = `select body from cache.visible_row
  where entity = 'head' and head_state = 'resolved' and head_ownerId = ? and head_resolvedAt >= ?`;

/** One statement for all: a look-up of each by itself would cost more than the rest of the list. */
const readUpToSql = `select r.id, json_extract(r.body, '$.readUpTo') as readUpTo
  from cache.row h cross join cache.visible_row r on r.entity = 'receipt' and r.id = h.id || '|agent'
  where h.entity = 'head' and h.body is not null`;
const openReadSql = `${readUpToSql} and h.head_state = 'open'`;
const resolvedReadSql = `${readUpToSql} and h.head_state = 'resolved' and h.head_ownerId = ? and h.head_resolvedAt >= ?`;

const countsSql = `select conversation, count(*) filter (where state in ('waiting', 'sent')) as waiting,
    count(*) filter (where state in ('refused', 'held', 'failed')) as attention
  from main.outbox where state <> 'done' and state in ('waiting', 'sent', 'refused', 'held', 'failed')
    and conversation is not null group by conversation`;

interface Counts {
  readonly waiting: number;
  readonly attention: number;
}

const none: Counts = { waiting: 0, attention: 0 };

/** What rows show besides their heads. */
interface Facts {
  readonly drafts: ReadonlyMap<Id, string>;
  readonly counts: ReadonlyMap<Id, Counts>;
  readonly nameOf: (personId: Id) => string | null;
  readonly isUnread: (head: Head) => boolean;
}

function factsOf(r: Reading): Facts {
  const counts = r.db.all<Counts & { conversation: string; [column: string]: string | number }>(countsSql);
  const names = new Map<Id, string | null>();
  const nameOf = (id: Id): string | null => {
    const known = names.get(id);
    if (known !== undefined) return known;
    const name = r.row(people, id)?.body.name ?? null;
    names.set(id, name);
    return name;
  };
  const readUpTo = new Map<string, number>();
  type Read = { id: string; readUpTo: number };
  const since = r.now - resolvedWithinMs;
  for (const row of r.db.all<Read>(openReadSql)) readUpTo.set(row.id, row.readUpTo);
  for (const row of r.db.all<Read>(resolvedReadSql, r.me.personId, since)) readUpTo.set(row.id, row.readUpTo);
  return {
    drafts: new Map(readDrafts(r.db).map((draft) => [draft.conversation, draft.text])),
    counts: new Map(counts.map(({ conversation, waiting, attention }) => [conversation, { waiting, attention }])),
    nameOf,
    // Where no receipt is here, nobody on this desk has had it open: who waits for an answer of ours has not been read.
    isUnread(head) {
      const read = readUpTo.get(`${head.id}|agent`);
      if (read !== undefined) return head.lastCustomerOrder > read;
      return head.waitingSince !== null && (head.ownerId === null || head.ownerId === r.me.personId);
    },
  };
}

function rowOf(head: Head, facts: Facts): InboxRow {
  const draft = snippetOf(facts.drafts.get(head.id) ?? '');
  const { waiting, attention } = facts.counts.get(head.id) ?? none;
  return {
    head,
    isUnread: facts.isUnread(head),
    hasDraft: draft !== '',
    draft,
    waiting,
    attention,
    ownerName: head.ownerId === null ? null : facts.nameOf(head.ownerId),
  };
}

/** Text as it is compared: without case and accents. */
function folded(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/\p{M}+/gu, '')
    .toLowerCase();
}

/** Whether a head has all the words typed, in name or snippet. */
function filterOf(typed: string): (head: Head) => boolean {
  const words = folded(typed)
    .split(/\s+/u)
    .filter((word) => word !== '');
  if (words.length === 0) return () => true;
  return (head) => {
    const text = folded(`${head.customerName} ${head.snippet.text}`);
    return words.every((word) => text.includes(word));
  };
}

/**
 * Stored heads with those put over them that commands under way have changed. The cache keeps only bodies that the schema has
 * accepted; parsing thousands of them again would take longer than all the rest, so only those that are shown are (`whole`).
 */
function headsOf(r: Reading, stored: readonly string[], isAsked: (head: Head) => boolean): Head[] {
  const patched = new Set(r.overlay.rows('head').map((patch) => patch.id));
  const found = stored.map((text) => JSON.parse(text) as Head).filter((head) => !patched.has(head.id) && isAsked(head));
  for (const id of patched) {
    const head = r.row(heads, id)?.body;
    if (head && isAsked(head)) found.push(head);
  }
  return found;
}

function openHeads(r: Reading): Head[] {
  return headsOf(r, r.db.values(openSql), (head) => head.state === 'open');
}

/** What I resolved in the last hours, the latest first. */
function resolvedLately(r: Reading): Head[] {
  const since = r.now - resolvedWithinMs;
  const isMine = (head: Head): boolean =>
    head.state === 'resolved' && head.ownerId === r.me.personId && (head.resolvedAt ?? 0) >= since;
  const found = headsOf(r, r.db.values(resolvedSql, r.me.personId, since), isMine);
  return found.sort((a, b) => (b.resolvedAt ?? 0) - (a.resolvedAt ?? 0));
}

function whole(head: Head): Head[] {
  const parsed = z.safeParse(headSchema, head);
  return parsed.success ? [parsed.data] : [];
}

/**
 * The work in front of a person. Yours is always there, other sections when they have rows. Heads of teams the person is not in
 * are left out unless they own them: an opened conversation is not work.
 */
function readList(r: Reading, { filter }: { readonly filter: string }): { sections: InboxSection[] } {
  const isAsked = filterOf(filter);
  const facts = factsOf(r);
  const yours: Head[] = [];
  const ofTeam = new Map(r.me.teamIds.map((id) => [id, { waiting: [] as Head[], colleagues: [] as Head[] }]));
  for (const head of openHeads(r)) {
    if (!isAsked(head)) continue;
    if (head.ownerId === r.me.personId) yours.push(head);
    else ofTeam.get(head.teamId)?.[head.ownerId === null ? 'waiting' : 'colleagues'].push(head);
  }
  const section = (kind: InboxSection['kind'], teamId: Id | null, shown: Head[], total: number): InboxSection => ({
    kind,
    teamId,
    teamName: teamId === null ? null : (r.row(teams, teamId)?.body.name ?? null),
    rows: shown.map((head) => rowOf(head, facts)),
    total,
  });
  const sections = [section('yours', null, yours.sort(byUrgency).flatMap(whole), yours.length)];
  for (const kind of ['waiting', 'colleagues'] as const) {
    for (const [teamId, { [kind]: found }] of ofTeam) {
      const shown = found.sort(byUrgency).slice(0, mostOfTeam).flatMap(whole);
      sections.push(section(kind, teamId, shown, found.length));
    }
  }
  const resolved = resolvedLately(r).filter(isAsked);
  sections.push(section('resolved', null, resolved.slice(0, mostResolved).flatMap(whole), resolved.length));
  return { sections: sections.filter(({ kind, total }) => kind === 'yours' || total > 0) };
}

/** How the inbox slice answers its queries. */
export const reads: Readonly<Record<string, Read>> = { [list.name]: readList };
