import * as z from 'zod/mini';
import { applyRows, type IncomingRow } from '#core/db/cache-rows.ts';
import { completeScope, evictScope, joinScope, writeCursor } from '#core/db/cache-scopes.ts';
import type { ReadDb, WriteDb } from '#core/db/handles.ts';
import type { Store } from '#core/db/open.ts';
import type { OutboxItem } from '#core/db/outbox-items.ts';
import { OverlayCell } from '#core/db/overlay-cell.ts';
import { type Me, type Read, type Reading, readingOf } from '#core/db/reading.ts';
import { must, TestFolders } from '#core/db/test-store.ts';
import { slices } from '#core/slices.ts';
import { putItem } from '#core/sync/outbox-store.ts';
import { conversationOf } from '#core/sync/subjects.ts';
import type { Head, Message } from '#shared/conversation/model.ts';
import type { Id } from '#shared/lib/ids.ts';
import { scopeOf } from '#shared/lib/scope.ts';
import { systemClock } from '#shared/lib/time.ts';
import { commands, queries } from '#shared/registry.ts';

/** An id anyone can recognise in a failing test. */
export const idOf = (n: number): Id => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;

const { entities, reads } = slices;

export const myTeam = idOf(2);
export const me: Me = { personId: idOf(1), role: 'agent', teamIds: [myTeam], deviceId: idOf(3) };
/** The hub's time in these tests. */
export const hubNow = 1_700_000_000_000;

/** A head as the hub would send it: open, of my team, nobody's, nobody waiting. */
export function headOf(id: Id, part: Partial<Head> = {}): Head {
  return {
    id,
    teamId: myTeam,
    customerId: idOf(4),
    customerName: 'Mia Berg',
    channel: 'web',
    state: 'open',
    ownerId: null,
    createdAt: 1000,
    lastOrder: 0,
    lastAt: 1000,
    lastCustomerOrder: 0,
    waitingSince: null,
    snippet: { from: 'customer', text: 'Hello' },
    resolution: null,
    resolvedAt: null,
    ...part,
  };
}

/** A message of the customer, confirmed. */
export function messageOf(conversationId: Id, order: number, part: Partial<Message> = {}): Message {
  const said = { from: 'customer', authorId: null, authorName: 'Mia Berg', text: `message ${order}` } as const;
  return { id: idOf(1000 + order), conversationId, order, at: 1000 + order, writtenAt: null, ...said, ...part };
}

/** A real local store with the rows of all slices, read as the core reads it. */
export class DeskReading {
  readonly store: Store;
  readonly me: Me;
  private readonly folders = new TestFolders();
  private readonly overlay: OverlayCell;
  private seq = 0;
  private lastN = 0;

  constructor(who: Partial<Me> = {}) {
    this.me = { ...me, ...who };
    this.store = this.folders.open(this.folders.folder(), { entities });
    this.overlay = new OverlayCell(commands, () => this.me);
    this.hold(scopeOf.org, ...this.me.teamIds.map(scopeOf.team));
  }

  close(): void {
    this.folders.removeAll();
  }

  write(change: (tx: WriteDb) => void): void {
    must(this.store.write(change));
    this.overlay.itemsChanged();
  }

  hold(...scopes: readonly string[]): void {
    this.write((tx) => {
      for (const scope of scopes) {
        joinScope(tx, scope, 0);
        completeScope(tx, scope);
      }
    });
  }

  /** Takes a conversation in, all of it. */
  holdConversation(id: Id): void {
    this.hold(scopeOf.conversation(id), scopeOf.publicOf(id));
  }

  lose(...scopes: readonly string[]): void {
    this.write((tx) => {
      for (const scope of scopes) evictScope(tx, scope);
    });
  }

  /** Rows as a page of the hub brings them; body null = deleted. */
  put(scope: string, entity: string, bodies: readonly { id: string; body: unknown; cmd?: Id }[]): void {
    const rows = bodies.map(({ id, body, cmd }): IncomingRow => {
      this.seq += 1;
      return { s: scope, e: entity, i: id, q: this.seq, b: body === null ? null : JSON.stringify(body), c: cmd };
    });
    this.write((tx) => {
      const { rejected } = applyRows(tx, rows, { entities, clock: systemClock });
      if (rejected.length > 0) throw new Error(JSON.stringify(rejected));
      writeCursor(tx, { seq: this.seq, mark: 'm' });
    });
  }

  putHead(head: Head): void {
    this.put(scopeOf.team(head.teamId), 'head', [{ id: head.id, body: head.state === 'open' ? head : null }]);
    this.put(scopeOf.conversation(head.id), 'head', [{ id: head.id, body: head }]);
  }

  putMessages(...messages: readonly Message[]): void {
    for (const message of messages) {
      this.put(scopeOf.publicOf(message.conversationId), 'message', [{ id: message.id, body: message }]);
    }
  }

  putReceipt(conversationId: Id, party: 'customer' | 'agent', deliveredUpTo: number, readUpTo: number): void {
    const body = { conversationId, party, deliveredUpTo, readUpTo, at: 1 };
    this.put(scopeOf.publicOf(conversationId), 'receipt', [{ id: `${conversationId}|${party}`, body }]);
  }

  /** A command of this desk in the outbox, waiting unless told otherwise. */
  command(kind: string, args: Record<string, unknown>, part: Partial<OutboxItem> = {}): OutboxItem {
    this.lastN += 1;
    const n = part.n ?? this.lastN;
    const subjects = commands.get(kind)?.subjects(args) ?? [];
    const item: OutboxItem = {
      n,
      id: idOf(5000 + this.lastN),
      kind,
      args,
      subjects,
      at: 2000 + this.lastN,
      hubAt: null,
      isOffline: true,
      basis: {},
      after: [],
      sig: '',
      state: 'waiting',
      error: null,
      seq: null,
      sentAt: null,
      settledAt: null,
      conversationId: conversationOf(subjects),
      ...part,
    };
    this.write((tx) => putItem(tx, item));
    return item;
  }

  /** The hub has answered a command, or it has gone out. */
  settle(item: OutboxItem, state: OutboxItem['state'], seq: number | null = null): void {
    this.write((tx) => {
      tx.run('update main.outbox set state = ?, seq = ? where n = ?', state, seq, item.n);
    });
  }

  /** Answers a query as the core does, parsed with the query's own schema. */
  read<R>(query: { readonly name: string; readonly result: z.ZodMiniType<R> }, args: unknown): R {
    return z.parse(query.result, this.raw(query.name, args));
  }

  /** Answers a query unparsed. */
  raw(name: string, args: unknown): unknown {
    const asked = z.parse(queries.get(name)?.args ?? z.never(), args);
    const read = reads.get(name);
    if (!read) throw new Error(`nobody answers ${name}`);
    // A read takes the arguments of its own query; its schema has just parsed them.
    const answer = read as Read<unknown>;
    return must(this.store.read((db) => answer(this.readingOn(db), asked)));
  }

  private readingOn(db: ReadDb): Reading {
    return readingOf({ db, me: this.me, now: hubNow, overlay: this.overlay.current(db) });
  }
}
