import * as z from 'zod/mini';
import type { WriteDb } from '#core/db/handles.ts';
import type { Store } from '#core/db/open.ts';
import { itemAt, type OutboxItem } from '#core/db/outbox-items.ts';
import { type Overlay, readThrough, writtenOf } from '#core/db/overlay.ts';
import { type OverlayCell, overlayBase } from '#core/db/overlay-cell.ts';
import { lastCommandNumber, nextCommandNumber, pruneSentLog, readMeta, sentLogFor } from '#core/db/work-meta.ts';
import type { Actor, Basis, CommandDef } from '#shared/lib/command.ts';
import { type AppError, badInput, deskError } from '#shared/lib/errors.ts';
import type { Id, IdMint } from '#shared/lib/ids.ts';
import type { Change } from '#shared/lib/query.ts';
import type { Result } from '#shared/lib/result.ts';
import type { Clock } from '#shared/lib/time.ts';
import type { Outcome } from '#shared/wire/messages.ts';
import { type Device, signatureOf } from './envelope.ts';
import {
  forgetOutcomePlaces,
  isRestedOn,
  lastIdKey,
  type Maker,
  markDiscarded,
  markSent,
  markWaiting,
  offerAgain,
  putItem,
  putVoid,
  settle,
  unsettledNumbers,
} from './outbox-store.ts';
import { conversationOf, unsettledSharing } from './subjects.ts';

/** What the outbox needs of the rest of the core. */
export interface OutboxParts {
  readonly store: Store;
  readonly device: Device;
  readonly clock: Clock;
  readonly mint: IdMint;
  readonly overlay: OverlayCell;
  readonly kinds: ReadonlyMap<string, CommandDef>;
  /** who acts; null before the first contact has told */
  readonly actor: () => Actor | null;
  /** hub time minus device time (ms); null before the first contact */
  readonly hubOffset: () => number | null;
  /** whether the hub is reachable now */
  readonly isUp: () => boolean;
  /** whether a command with this number may go out in the moment it is stored */
  readonly mayGoAtOnce: (n: number) => boolean;
  readonly changed: (changes: readonly Change[]) => void;
}

/** A command that was settled just now, as it was before, and its outcome. */
export interface Settled {
  readonly item: OutboxItem;
  readonly outcome: Outcome;
}

/**
 * The commands of this desk: written in one transaction each, numbered without gaps, signed, kept until the hub has settled them
 * and, what it refused, until the person has. Does not send; `push` does.
 */
export class Outbox {
  private readonly parts: OutboxParts;

  constructor(parts: OutboxParts) {
    this.parts = parts;
  }

  /**
   * Stores a command. Refused at once by the rule the hub applies too, and then nothing is stored. `also` is done in the same
   * transaction; `id` is one the page minted.
   * Errors: `session/unknown-command`, `SLICE/bad-input`, `session/not-ready`, those of the kind's rule, those of the store.
   */
  write(kind: string, args: unknown, basis: Basis, also?: (tx: WriteDb) => void, id?: Id): Result<OutboxItem> {
    return this.changing((tx) => {
      also?.(tx);
      const def = this.parts.kinds.get(kind);
      if (!def) return tx.abort(deskError('session/unknown-command', { params: { kind } }));
      const parsed = z.safeParse(def.args, args);
      if (!parsed.success) return tx.abort(badInput(`${kind.split('.')[0]}/bad-input`, parsed.error, 'desk'));
      return this.store(tx, def, parsed.data, basis, id);
    });
  }

  /**
   * Sends refused, held or failed items again as new commands, in their order, on what the person sees now.
   * All or nothing. Errors: `session/not-refused`, those of `write`.
   */
  sendAgain(ns: readonly number[]): Result<OutboxItem[]> {
    return this.changing((tx) => {
      const items = this.attention(tx, ns);
      markDiscarded(tx, ns, this.parts.clock.now());
      return items.map((item) => {
        const def = this.parts.kinds.get(item.kind);
        if (!def) return tx.abort(deskError('session/unknown-command', { params: { kind: item.kind } }));
        return this.store(tx, def, item.args, this.renewedBasis(tx, item));
      });
    });
  }

  /**
   * Gives items up. One that was never handed to the line is replaced by `session.void` under its number; settled ones are reported
   * to the hub by one `session.discard`. Errors: `session/already-sent` (its outcome is still to come), `session/not-found`.
   */
  giveUp(ns: readonly number[], reason: string): Result<void> {
    return this.changing((tx) => {
      const items = [...new Set(ns)].map((n) => itemAt(tx, n) ?? tx.abort(deskError('session/not-found')));
      const settled = items.filter((item) => item.state !== 'waiting');
      tx.afterCommit(() => this.parts.overlay.itemsChanged());
      for (const item of items) {
        if (item.state !== 'waiting') continue;
        if (item.sentAt !== null) tx.abort(deskError('session/already-sent', { retry: 'later' }));
        this.touch(tx, item);
        putVoid(tx, item.n, { kind: item.kind, reason }, this.maker());
      }
      if (settled.length === 0) return;
      this.attention(
        tx,
        settled.map((item) => item.n),
      );
      markDiscarded(
        tx,
        settled.map((item) => item.n),
        this.parts.clock.now(),
      );
      const def = this.parts.kinds.get('session.discard');
      if (!def) throw new Error('session.discard is not declared');
      const given = settled.map(({ n, id, kind }) => ({ n, id, kind }));
      this.store(tx, def, { items: given, reason }, {});
    });
  }

  /** Settles commands inside a transaction of the caller's; the screen is told when it is committed. */
  settleIn(tx: WriteDb, outcomes: readonly Outcome[]): Settled[] {
    if (outcomes.length === 0) return [];
    const { overlay, clock, changed } = this.parts;
    // What they do to the screen is known only as long as they are in effect.
    const before = overlay.current(tx);
    const settled: Settled[] = [];
    for (const outcome of outcomes) {
      const item = settle(tx, outcome, clock.now());
      if (item) settled.push({ item, outcome });
    }
    if (settled.length === 0) return [];
    const isOver = ({ item, outcome }: Settled): boolean =>
      outcome.status === 'refused' &&
      this.parts.kinds.get(item.kind)?.isOverWhenRefused === true &&
      !isRestedOn(tx, item.n);
    const over = settled.filter(isOver).map(({ item }) => item.n);
    if (over.length > 0) markDiscarded(tx, over, clock.now());
    tx.afterCommit(() => {
      overlay.itemsChanged();
      changed(settled.flatMap(({ item }) => [changeOf(item), ...touchedBy(before, item.n)]));
    });
    return settled;
  }

  /** Hands over the given commands, marked as sent on disk before anyone sees them. */
  handOver(ns: readonly number[]): Result<OutboxItem[]> {
    const handed = this.parts.store.write((tx) => {
      markSent(tx, ns, this.parts.clock.now());
      return ns.flatMap((n) => itemAt(tx, n) ?? []);
    });
    if (handed.ok) {
      this.parts.overlay.moved(ns, 'sent');
      this.parts.changed(handed.value.map(changeOf));
    }
    return handed;
  }

  /** The line is lost: what was sent waits again. */
  lineLost(): void {
    const changed = this.parts.store.write(markWaiting);
    if (changed.ok && changed.value === 0) return;
    this.parts.overlay.itemsChanged();
    this.parts.changed([{ entity: 'local.outbox' }]);
  }

  /** What the hub has forgotten is offered again; answers how much. */
  offerAgain(lastN: number): Result<number> {
    const offered = this.parts.store.write((tx) => offerAgain(tx, lastN, this.maker()));
    if (!offered.ok || offered.value > 0) {
      this.parts.overlay.itemsChanged();
      this.parts.changed([{ entity: 'local.outbox' }]);
    }
    return offered;
  }

  /** The cache starts anew: where outcomes stood in the stream means nothing any more. */
  cacheIsNew(): void {
    this.parts.store.write(forgetOutcomePlaces);
    this.parts.overlay.itemsChanged();
  }

  /** Forgets what was done longer ago than any hub asks for. */
  prune(offlineForMs: number): void {
    this.parts.store.write((tx) => pruneSentLog(tx, this.parts.clock.now() - sentLogFor(offlineForMs)));
  }

  unsettled(): number[] {
    const numbers = this.parts.store.read(unsettledNumbers);
    return numbers.ok ? numbers.value : [];
  }

  /** What `hello` says of this desk's count. */
  counted(): { lastN: number; lastId: Id | null } {
    const counted = this.parts.store.read((db) => ({ lastN: lastCommandNumber(db), lastId: readMeta(db, lastIdKey) }));
    return counted.ok ? counted.value : { lastN: 0, lastId: null };
  }

  private store(tx: WriteDb, def: CommandDef, args: unknown, basis: Basis, id?: Id): OutboxItem {
    const { clock, mint, overlay, hubOffset, device } = this.parts;
    const actor = this.parts.actor();
    if (!actor) return tx.abort(deskError('session/not-ready', { retry: 'later' }));
    const now = clock.now();
    const offset = hubOffset();
    const subjects = def.subjects(args);
    const n = nextCommandNumber(tx);
    const isAtOnce = this.parts.mayGoAtOnce(n);
    const draft = {
      n,
      id: id ?? mint.next(),
      kind: def.kind,
      // The schema of every kind is an object, which the house check sees to.
      args: args as Record<string, unknown>,
      subjects,
      at: now,
      hubAt: offset === null ? null : now + offset,
      isOffline: !this.parts.isUp(),
      basis,
      after: unsettledSharing(tx, subjects),
      state: isAtOnce ? ('sent' as const) : ('waiting' as const),
      error: null,
      seq: null,
      sentAt: isAtOnce ? now : null,
      settledAt: null,
      conversationId: conversationOf(subjects),
    };
    const item: OutboxItem = { ...draft, sig: signatureOf(draft, device) };
    const refused = def.check(writtenOf(item), actor, readThrough(overlay.current(tx), overlayBase(tx)));
    if (refused) return tx.abort(refused);
    putItem(tx, item);
    overlay.added(tx, item);
    this.touch(tx, item);
    return item;
  }

  /** What the screen must be told of an item, when the transaction is on disk. */
  private touch(tx: WriteDb, item: OutboxItem): void {
    const touched = touchedBy(this.parts.overlay.current(tx), item.n);
    tx.afterCommit(() => this.parts.changed([changeOf(item), ...touched]));
  }

  private attention(tx: WriteDb, ns: readonly number[]): OutboxItem[] {
    const items = [...new Set(ns)].map((n) => itemAt(tx, n) ?? tx.abort(deskError('session/not-found')));
    const isSettledBadly = (item: OutboxItem): boolean => ['refused', 'held', 'failed'].includes(item.state);
    if (!items.every(isSettledBadly)) tx.abort(deskError('session/not-refused'));
    return items.sort((a, b) => a.at - b.at || Math.abs(a.n) - Math.abs(b.n));
  }

  /** Each version a command was decided on, as the person sees it now: the field of that name in the conversation's head. */
  private renewedBasis(tx: WriteDb, item: OutboxItem): Basis {
    if (item.conversationId === null) return item.basis;
    const head = readThrough(this.parts.overlay.current(tx), overlayBase(tx))('head', item.conversationId);
    const renewed: Basis = {};
    for (const [name, was] of Object.entries(item.basis)) {
      const value: unknown =
        typeof head === 'object' && head !== null ? (head as Record<string, unknown>)[name] : undefined;
      renewed[name] = typeof value === 'number' && Number.isInteger(value) ? value : was;
    }
    return renewed;
  }

  private changing<T>(run: (tx: WriteDb) => T): Result<T, AppError> {
    const done = this.parts.store.write(run);
    // What was added to the overlay inside a transaction that came to nothing must go again.
    if (!done.ok) this.parts.overlay.itemsChanged();
    return done;
  }

  private maker(): Maker {
    const { device, mint, clock } = this.parts;
    return { device, nextId: () => mint.next(), now: clock.now() };
  }
}

function touchedBy(overlay: Overlay, n: number): Change[] {
  return overlay.touchedBy(n).map(({ scope, entity, id }) => ({ scope, entity, id }));
}

function changeOf(item: OutboxItem): Change {
  return item.conversationId === null
    ? { entity: 'local.outbox' }
    : { entity: 'local.outbox', id: item.conversationId };
}
