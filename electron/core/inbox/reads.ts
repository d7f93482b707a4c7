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
/** More than one person resolves in a day. */
const resolvedLookedAt = 500;

// Rows of other slices, as the inbox reads them; the fields are those of an index their own slice declares.
const heads = entityRows({
  entity: 'head',
  schema: headSchema,
  indexes: [{ name: 'list', fields: ['state', 'ownerId', 'resolvedAt'] }],
});
const people = entityRows({ entity: 'person', schema: personSchema, indexes: [] });
const teams = entityRows({ entity: 'team', schema: teamSchema, indexes: [] });

/** One statement for all: a look-up of each by itself would cost more than the rest of the list. */
const readUpToSql = `select r.id, json_extract(r.body, '$.readUpTo') as readUpTo
  from cache.row h cross join cache.visible_row r on r.entity = 'receipt' and r.id = h.id || '|agent'
  where h.entity = 'head' and h.body is not null and h.head_state = ?`;

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
  for (const state of ['open', 'resolved'] as const) {
    const rows = r.db.all<{ id: string; readUpTo: number }>(readUpToSql, state);
    for (const row of rows) readUpTo.set(row.id, row.readUpTo);
  }
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

function resolvedLately(r: Reading): Head[] {
  const where = { state: 'resolved', ownerId: r.me.personId };
  const mine = r.rows(heads, { where, orderBy: 'resolvedAt', isDescending: true, limit: resolvedLookedAt });
  return mine.map((row) => row.body).filter((head) => (head.resolvedAt ?? 0) >= r.now - resolvedWithinMs);
}

/**
 * The work in front of a person. Yours is always there; other sections when they have rows. Heads of teams the person is not in
 * are left out unless they own them: an opened conversation is not work.
 */
function readList(r: Reading, { filter }: { readonly filter: string }): { sections: InboxSection[] } {
  const isAsked = filterOf(filter);
  const facts = factsOf(r);
  const yours: Head[] = [];
  const ofTeam = new Map(r.me.teamIds.map((id) => [id, { waiting: [] as Head[], colleagues: [] as Head[] }]));
  for (const { body: head } of r.rows(heads, { where: { state: 'open' } })) {
    if (!isAsked(head)) continue;
    if (head.ownerId === r.me.personId) yours.push(head);
    else ofTeam.get(head.teamId)?.[head.ownerId === null ? 'waiting' : 'colleagues'].push(head);
  }
  const section = (
    kind: InboxSection['kind'],
    teamId: Id | null,
    found: Head[],
    most = found.length,
  ): InboxSection => ({
    kind,
    teamId,
    teamName: teamId === null ? null : (r.row(teams, teamId)?.body.name ?? null),
    rows: found.slice(0, most).map((head) => rowOf(head, facts)),
    total: found.length,
  });
  const sections = [section('yours', null, yours.sort(byUrgency))];
  for (const kind of ['waiting', 'colleagues'] as const) {
    for (const [teamId, found] of ofTeam) sections.push(section(kind, teamId, found[kind].sort(byUrgency)));
  }
  sections.push(section('resolved', null, resolvedLately(r).filter(isAsked), mostResolved));
  return { sections: sections.filter(({ kind, total }) => kind === 'yours' || total > 0) };
}

/** How the inbox slice answers its queries. */
export const reads: Readonly<Record<string, Read>> = { [list.name]: readList };
