import type { Draft } from '#shared/conversation/model.ts';
import type { Basis, Patch, ReadRow } from '#shared/lib/command.ts';
import type { AppError } from '#shared/lib/errors.ts';
import type { Id } from '#shared/lib/ids.ts';
import type { Change } from '#shared/lib/query.ts';
import type { ScopeText } from '#shared/lib/scope.ts';
import type { Clock } from '#shared/lib/time.ts';
import type { Device, Link, Me, OutboxState, Profile } from '#shared/session/model.ts';

/** An id anyone can recognise in a failing test. */
export function fakeId(n: number): Id {
  return `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
}

export interface FakeRow {
  scope: ScopeText;
  entity: string;
  id: string;
  body: unknown;
}

/** A command in the pretended outbox. */
export interface FakeItem {
  n: number;
  id: Id;
  kind: string;
  args: Record<string, unknown>;
  basis: Basis;
  at: number;
  sentAt: number | null;
  state: OutboxState;
  error: AppError | null;
  group: number | null;
}

/** All the pretended desk knows. */
export interface FakeWorld {
  rows: FakeRow[];
  items: FakeItem[];
  drafts: Draft[];
  history: Draft[];
  /** conversations this desk holds whole */
  held: Set<Id>;
  /** how far this person has read, per conversation */
  seen: Map<Id, number>;
  /** how far each customer has got */
  link: Link;
  dataAt: number | null;
  me: Me | null;
  profiles: Profile[];
  stations: { id: string; hubAddress: string; orgName: string }[];
  devices: Device[];
}

/** The rows with patches over them: a later row of the same entity and id hides the earlier one. */
export class FakeRows {
  private readonly byId = new Map<string, FakeRow>();

  constructor(rows: readonly FakeRow[]) {
    for (const row of rows) this.put(row);
  }

  put(row: FakeRow | Patch): void {
    const key = `${row.entity}|${row.id}`;
    if (row.body !== null) this.byId.set(key, { ...row });
    else if (this.byId.get(key)?.scope === row.scope) this.byId.delete(key);
  }

  readonly read: ReadRow = (entity, id) => this.byId.get(`${entity}|${id}`)?.body ?? null;

  all<T>(entity: string): T[] {
    return [...this.byId.values()].filter((row) => row.entity === entity).map((row) => row.body as T);
  }

  rows(): FakeRow[] {
    return [...this.byId.values()];
  }
}

/** What a call may do to the pretended desk. */
export interface FakeDesk {
  readonly world: FakeWorld;
  readonly clock: Pick<Clock, 'now'>;
  truth(): FakeRows;
  changed(changes?: Change[]): void;
  write(kind: string, args: Record<string, unknown>, basis?: Basis): FakeItem;
}

/** All that can change. */
export const everything: Change[] = [
  'head',
  'message',
  'note',
  'event',
  'receipt',
  'customer',
  'contact',
  'order',
  'orderMoney',
  'person',
  'team',
  'account',
  'device',
  'presence',
  'local.outbox',
  'local.draft',
  'local.status',
  'local.profile',
  'local.scope',
].map((entity) => ({ entity }));

/** An argument as text; nothing for what is none. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
