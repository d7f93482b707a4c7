import type { WriteDb } from '#core/db/handles.ts';
import type { OutboxItem } from '#core/db/outbox-items.ts';
import type { Basis } from '#shared/lib/command.ts';
import type { AppError } from '#shared/lib/errors.ts';
import type { Id } from '#shared/lib/ids.ts';
import { assertNever, type Result } from '#shared/lib/result.ts';
import { scopeOf } from '#shared/lib/scope.ts';
import type { Link as LinkFacts } from '#shared/session/model.ts';
import type { Outcome, Page, Up, Welcome } from '#shared/wire/messages.ts';
import { wireVersion } from '#shared/wire/version.ts';
import { Asks } from './asks.ts';
import { Beats } from './beats.ts';
import { ChangeFeed } from './change-feed.ts';
import { type Connection, linkOf } from './connection.ts';
import type { DeskSyncParts } from './desk-sync-parts.ts';
import { helloOf } from './envelope.ts';
import { type HubMessage, Line } from './line.ts';
import { Marks } from './marks.ts';
import { Outbox, type Settled } from './outbox.ts';
import { Pull } from './pull.ts';
import { Pump } from './pump.ts';
import { Upkeep } from './upkeep.ts';

/** How long a dead line may go unnoticed (ms). */
const silenceMs = 4000;

/**
 * Everything between an open store and its hub: the line, what comes over it and what goes. One for each open profile;
 * made anew when the profile is opened again.
 */
export class DeskSync {
  readonly outbox: Outbox;
  readonly marks: Marks;
  readonly beats: Beats;
  private readonly parts: DeskSyncParts;
  private readonly line: Line;
  private readonly pull: Pull;
  private readonly pump: Pump;
  private readonly asks: Asks;
  private readonly upkeep: Upkeep;
  private readonly feed: ChangeFeed;
  private wasLive = false;

  constructor(parts: DeskSyncParts) {
    const { store, clock, overlay, kinds, device, mint, log } = parts;
    this.parts = parts;
    this.feed = new ChangeFeed(clock, parts.changed);
    const send = (message: Up): boolean => this.line.isUp && this.line.send(message);
    this.line = new Line({
      connect: parts.connect,
      clock,
      random: parts.random,
      hello: () => this.hello(),
      refresh: parts.refresh,
      take: (message) => this.take(message),
      up: () => this.lineUp(),
      down: () => this.lineDown(),
      dismissed: parts.dismissed,
      changed: (connection) => this.connectionChanged(connection),
      log,
    });
    this.outbox = new Outbox({
      store,
      device,
      clock,
      mint,
      overlay,
      kinds,
      actor: parts.actor,
      hubOffset: parts.hubOffset,
      isUp: () => this.line.isUp,
      mayGoAtOnce: (n) => this.pump.mayGoAtOnce(n),
      changed: (changes) => this.feed.add(...changes),
    });
    this.pump = new Pump({ outbox: this.outbox, device: device.id, clock, random: parts.random, send });
    this.asks = new Asks({ clock, mint, send, link: () => this.link });
    this.marks = new Marks({ store, clock, send });
    this.beats = new Beats({ store, clock, send });
    this.upkeep = new Upkeep(store, clock);
    this.pull = new Pull({
      store,
      deviceScope: scopeOf.device(device.id),
      clock,
      send,
      settleIn: (tx, outcomes) => {
        const settled = this.outbox.settleIn(tx, outcomes);
        tx.afterCommit(() => this.settled(settled));
      },
      changed: (changes) => {
        overlay.beneathChanged();
        this.upkeep.touched();
        this.feed.add(...changes);
      },
      isWatched: parts.isWatched,
      arrived: (rows, isCaughtUp) => this.marks.arrived(rows, isCaughtUp),
      pageBegins: () => this.feed.setPace({ isInside: true }),
      pageDone: (page) => this.pageDone(page),
      broken: (why) => {
        log('warn', 'the stream does not fit', { why });
        this.line.tell({ on: 'closed', why: 'no-answer' });
      },
      failed: (error) => this.storeFailed(error),
      evicted: () => this.upkeep.hurry(),
      log,
    });
  }

  start(): void {
    this.outbox.lineLost();
    this.upkeep.hurry();
    this.line.tell({ on: 'start' });
  }

  /** Ends politely: nothing more is said or written. */
  stop(): void {
    this.line.tell({ on: 'stop' });
    this.marks.stop();
    this.halt();
  }

  /** Ends as a crash does: nothing is said, nothing is written. */
  abandon(): void {
    this.line.abandon();
    this.pull.lineDown(null);
    this.halt();
  }

  get link(): LinkFacts {
    return linkOf(this.line.state);
  }

  get isUp(): boolean {
    return this.line.isUp;
  }

  /** Stores a command and sends it as soon as it may go. */
  write(kind: string, args: unknown, basis: Basis, also?: (tx: WriteDb) => void, id?: Id): Result<OutboxItem> {
    const written = this.outbox.write(kind, args, basis, also, id);
    if (written.ok) this.pump.written([written.value]);
    return written;
  }

  sendAgain(ns: readonly number[]): Result<OutboxItem[]> {
    const written = this.outbox.sendAgain(ns);
    if (written.ok) this.pump.written(written.value);
    return written;
  }

  giveUp(ns: readonly number[], reason: string): Result<void> {
    const given = this.outbox.giveUp(ns, reason);
    if (given.ok) this.pump.written([]);
    return given;
  }

  /** Asks the hub for what only it can do. Errors: those of `Asks.ask`. */
  ask(name: string, args: Record<string, unknown>): Promise<Result<unknown>> {
    return this.asks.ask(name, args);
  }

  typing(conversationId: Id, isTyping: boolean): void {
    if (this.line.isUp) this.line.send({ t: 'typing', conversationId, isTyping });
  }

  /** A new access token, for the link that is up. */
  renewed(token: string): void {
    if (this.line.isUp) this.line.send({ t: 'auth', token });
  }

  reconnect(): void {
    this.line.tell({ on: 'reconnect' });
  }

  private halt(): void {
    this.feed.stop();
    this.beats.lineDown();
    this.pump.stop();
    this.upkeep.stop();
  }

  private hello(): Up | null {
    const token = this.parts.access();
    if (token === null) return null;
    const cursor = this.pull.cursorToSay();
    if (cursor === null) this.outbox.cacheIsNew();
    return helloOf(this.parts.device, { token, cursor, ...this.outbox.counted() });
  }

  private take(message: HubMessage): void {
    switch (message.t) {
      case 'welcome':
        this.welcome(message);
        break;
      case 'resync':
        this.parts.log('warn', 'the hub asks to start over', { why: message.why });
        this.pull.startOver();
        this.outbox.cacheIsNew();
        this.line.helloAgain();
        break;
      case 'page':
        this.pull.takePage(message);
        break;
      case 'backfilled':
        this.pull.takeBackfilled(message);
        break;
      case 'outcome':
        this.takeOutcome(message.outcome);
        break;
      case 'gap':
        if (!this.outbox.unsettled().includes(message.lastN + 1)) this.outbox.offerAgain(message.lastN);
        this.pump.gap(message.lastN);
        break;
      case 'retry':
        this.pump.retry(message.n, message.afterMs);
        break;
      case 'answer':
        this.asks.answered(message);
        break;
      case 'typing':
        this.parts.typing(message);
        break;
      case 'refused':
        this.parts.log('warn', 'the hub refused a message', { code: message.error.code });
        break;
      default:
        assertNever(message);
    }
  }

  private takeOutcome(outcome: Outcome): void {
    const settled = this.parts.store.write((tx) => this.outbox.settleIn(tx, [outcome]));
    if (settled.ok) this.settled(settled.value);
    else this.storeFailed(settled.error);
  }

  private welcome(welcome: Welcome): void {
    // A hub that knows more of this device than the device itself talks of another life of it.
    const isOther = welcome.lastN > this.outbox.counted().lastN;
    if (isOther || welcome.v !== wireVersion) {
      this.line.tell({ on: 'dismissed', why: isOther ? 'cloned' : 'version' });
      return;
    }
    this.parts.welcomed(welcome);
    const offered = this.outbox.offerAgain(welcome.lastN);
    if (offered.ok && offered.value > 0)
      this.parts.log('warn', 'the hub has forgotten commands', { count: offered.value });
    this.outbox.prune(welcome.offlineForMs);
    this.line.tell({ on: 'welcome' });
  }

  private lineUp(): void {
    this.pull.lineUp();
    this.pump.lineUp();
    this.marks.lineUp();
    this.beats.lineUp();
  }

  private lineDown(): void {
    // Until about now what is here was what the hub had; how long the line was silent before it was noticed is not known.
    this.pull.lineDown(this.wasLive ? this.parts.clock.now() + (this.parts.hubOffset() ?? 0) - silenceMs : null);
    this.pump.lineDown();
    this.beats.lineDown();
    this.asks.lineLost();
    this.outbox.lineLost();
    this.wasLive = false;
  }

  private connectionChanged(connection: Connection): void {
    this.wasLive = this.wasLive || connection.phase === 'live';
    this.feed.setPace({ isCatchingUp: connection.phase === 'catching-up', isInside: false });
    this.feed.add({ entity: 'local.status' });
  }

  private pageDone(page: Page): void {
    this.feed.setPace({ isInside: page.more });
    this.parts.overlay.beneathChanged();
    this.line.tell({ on: 'page', upTo: page.upTo.seq, head: page.head });
  }

  /** What could not be written is asked for again; a damaged cache is thrown away. */
  private storeFailed(error: AppError): void {
    const { overlay, store, storeFailed } = this.parts;
    // What the overlay saw inside a transaction that came to nothing is not there.
    overlay.itemsChanged();
    storeFailed(error);
    if (error.code === 'store/corrupt' && store.diagnose().cache === 'damaged') {
      this.pull.startOver();
      this.outbox.cacheIsNew();
    }
    this.line.tell({ on: 'closed', why: 'no-answer' });
  }

  private settled(settled: readonly Settled[]): void {
    if (settled.length === 0) return;
    this.pump.settled();
    for (const { item, outcome } of settled) {
      if (outcome.error === null || outcome.status === 'held') continue;
      this.parts.refused({ error: outcome.error, kind: item.kind, conversationId: item.conversationId });
    }
  }
}
