import { entityRows } from '#core/db/entity-rows.ts';
import type { OutboxItem as StoredItem } from '#core/db/outbox-items.ts';
import type { Read, Reading } from '#core/db/reading.ts';
import { headSchema } from '#shared/conversation/model.ts';
import type { Id } from '#shared/lib/ids.ts';
import type { Account, Device, OutboxItem, Person, Presence, Team } from '#shared/session/model.ts';
import { devices, outbox, people } from '#shared/session/queries.ts';
import { can } from '#shared/session/rules.ts';
import { accountRows, deviceRows, personRows, presenceRows, teamRows } from './rows.ts';

/** The conversation slice's heads, as the outbox reads them: by id. */
const heads = entityRows({ entity: 'head', schema: headSchema, indexes: [] });

/** The words of a command: what was said, else the remark that goes with it. */
function textOf({ args }: StoredItem): string | null {
  for (const name of ['text', 'comment', 'reason']) {
    const text = args[name];
    if (typeof text === 'string' && text !== '') return text;
  }
  return null;
}

/** What the hub may have seen is settled by its outcome; what stands in for a discarded command stays. */
function isDiscardable({ state, sentAt, kind }: StoredItem): boolean {
  if (state === 'refused' || state === 'held' || state === 'failed') return true;
  return state === 'waiting' && sentAt === null && kind !== 'session.void' && kind !== 'session.discard';
}

/** Everything not settled, oldest first; what stands or falls together stands where its first one does. */
function readOutbox(r: Reading): { items: OutboxItem[] } {
  const groups = r.groups();
  const names = new Map<Id, string | null>();
  const nameOf = (conversationId: Id): string | null => {
    const known = names.get(conversationId);
    if (known !== undefined) return known;
    const name = r.row(heads, conversationId)?.body.customerName ?? null;
    names.set(conversationId, name);
    return name;
  };
  const items = r.outbox().map((item): OutboxItem => {
    const { n, id, kind, state, at, sentAt, error, conversationId } = item;
    return {
      n,
      id,
      kind,
      state,
      at,
      sentAt,
      error,
      conversationId,
      customerName: conversationId === null ? null : nameOf(conversationId),
      text: textOf(item),
      group: groups.get(n) ?? null,
      isDiscardable: isDiscardable(item),
    };
  });
  const together = Map.groupBy(items, (item) => item.group ?? `alone ${item.n}`);
  return { items: [...together.values()].flat() };
}

const byName = (a: { name: string }, b: { name: string }): number => a.name.localeCompare(b.name);

/** Whether new work may go to each person; one in several teams is as the latest change says. */
function presences(r: Reading): Map<Id, Presence> {
  const latest = new Map<Id, Presence>();
  for (const { body } of r.rows(presenceRows)) {
    const known = latest.get(body.personId);
    if (!known || body.since > known.since) latest.set(body.personId, body);
  }
  return latest;
}

interface PersonLine {
  readonly person: Person;
  readonly account: Account | null;
  readonly presence: Presence['state'] | null;
}

/** Who works here, by name. Accounts are replicated only to those who may manage people. */
function readPeople(r: Reading): { people: PersonLine[]; teams: Team[] } {
  const accounts = new Map<Id, Account>();
  if (can(r.me.role, 'people.manage')) for (const { id, body } of r.rows(accountRows)) accounts.set(id, body);
  const presence = presences(r);
  const persons = r.rows(personRows).map((row) => row.body);
  return {
    people: persons.sort(byName).map((person) => ({
      person,
      account: accounts.get(person.id) ?? null,
      presence: presence.get(person.id)?.state ?? null,
    })),
    teams: r
      .rows(teamRows)
      .map((row) => row.body)
      .sort(byName),
  };
}

/** Every enrolled profile with whose it is, by person, the newest first. */
function readDevices(r: Reading): { devices: { device: Device; personName: string }[] } {
  if (!can(r.me.role, 'people.manage')) return { devices: [] };
  const lines = r.rows(deviceRows).map(({ body: device }) => ({
    device,
    personName: r.row(personRows, device.personId)?.body.name ?? '',
  }));
  lines.sort((a, b) => a.personName.localeCompare(b.personName) || b.device.enrolledAt - a.device.enrolledAt);
  return { devices: lines };
}

/** How the session slice answers its queries; stage and status are the core's own, since they need no open profile. */
export const reads: Readonly<Record<string, Read>> = {
  [outbox.name]: readOutbox,
  [people.name]: readPeople,
  [devices.name]: readDevices,
};
