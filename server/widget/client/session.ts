import type { Id, IdMint } from '#shared/lib/ids.ts';
import { assertNever } from '#shared/lib/result.ts';
import type { Clock } from '#shared/lib/time.ts';
import { VISITOR_WIRE_VERSION, type VisitorDown, type VisitorUp, visitorDownSchema } from '#shared/wire/visitor.ts';
import { Connection, type WidgetSocket } from './connection.ts';
import { History } from './history.ts';
import { Marks } from './marks.ts';
import { Outbox } from './outbox.ts';
import { afterBye, type Obstacle, type WidgetState } from './state.ts';
import { ANONYMOUS, type Slot, slotOf, type Unsent, type WidgetStore } from './storage.ts';
import { itemsOf, unreadOf } from './thread.ts';
import { TypingSeen, TypingTold } from './typing.ts';

export type WidgetDeps = {
  clock: Clock;
  mint: IdMint;
  /** 0 up to 1, for jitter. */
  random: () => number;
  store: WidgetStore;
  socket: WidgetSocket;
  site: string;
  language: string;
  onChange(): void;
  /** The identity is over; the page may bring another by `setIdentity`, or say with null that it cannot. */
  onIdentityWanted(): void;
};

/**
 * One visitor in one page: keeps what is unsent until the hub has it, shows what the hub says, comes back after a cut, and
 * forgets at log-out. It knows no DOM and no socket library, so it runs in tests and in the simulated world.
 */
export class WidgetSession {
  private readonly deps: WidgetDeps;
  private readonly connection: Connection;
  private readonly outbox: Outbox;
  private readonly marks: Marks;
  private readonly history = new History();
  private slot: Slot = ANONYMOUS;
  private identity: string | null = null;
  private isIdentityWanted = false;
  /** What was written before the sign-in becomes the known visitor's once the hub has accepted who it is. */
  private isAdopting = false;
  private welcome: Extract<VisitorDown, { t: 'welcome' }> | null = null;
  private obstacle: Obstacle | null = null;
  private readonly typingSeen: TypingSeen;
  private readonly typingTold: TypingTold;

  constructor(deps: WidgetDeps) {
    this.deps = deps;
    const { clock, mint, store, random, socket } = deps;
    this.connection = new Connection({
      clock,
      random,
      socket,
      onOpened: () => this.greet(),
      onMessage: (raw) => this.receive(raw),
      onChange: () => {
        if (this.connection.state !== 'online') this.outbox.close();
        deps.onChange();
      },
    });
    this.outbox = new Outbox(
      { clock, mint, store, send: (m) => this.connection.send(m), onStuck: () => this.connection.again() },
      this.slot,
    );
    this.marks = new Marks(clock, (mark) => void this.tell({ t: 'mark', ...mark }));
    this.typingSeen = new TypingSeen(clock, deps.onChange);
    this.typingTold = new TypingTold(clock, (isTyping) => this.tell({ t: 'typing', isTyping }));
  }

  get state(): WidgetState {
    const { obstacle, welcome } = this;
    const { thread, cursor } = this.history;
    const link = this.connection.state;
    return {
      link,
      obstacle,
      siteName: welcome?.siteName ?? null,
      visitorName: welcome?.visitorName ?? null,
      opening: welcome?.opening ?? null,
      items: itemsOf(thread, this.outbox.list, link !== 'down' && obstacle === null),
      unread: unreadOf(thread),
      typing: this.typingSeen.name,
      isLoaded: cursor !== null,
    };
  }

  /** There is something to come back for: a token, or something unsent. */
  get hasHistory(): boolean {
    return this.deps.store.token(this.slot) !== null || this.outbox.list.length > 0;
  }

  get draft(): string {
    return this.deps.store.draft(this.slot);
  }

  keepDraft(text: string): void {
    this.deps.store.setDraft(this.slot, text);
  }

  /** Connects, and stays connected. */
  start(): void {
    if (this.obstacle === null) this.connection.start();
  }

  /** The network or the tab came back. */
  hurry(): void {
    this.connection.hurry();
  }

  /** What the site's page says of the visitor: a fresh JWT, or null for nobody known. */
  setIdentity(jwt: string | null): void {
    const slot = jwt === null ? ANONYMOUS : (slotOf(jwt) ?? ANONYMOUS);
    const wasWanted = this.isIdentityWanted;
    this.isIdentityWanted = false;
    // Without an identity, or with the one that just expired, a known visitor cannot go on.
    if (wasWanted && (jwt === null || jwt === this.identity)) {
      this.stop('expired');
      return;
    }
    this.identity = jwt;
    if (slot !== this.slot) {
      if (slot !== ANONYMOUS) this.deps.store.keepOnly([ANONYMOUS, slot]);
      this.isAdopting = slot !== ANONYMOUS && this.slot === ANONYMOUS;
      this.slot = slot;
      this.outbox.belongTo(slot);
      this.forget();
      this.connection.again();
    }
    if (wasWanted || this.obstacle === 'expired') {
      this.obstacle = null;
      this.connection.start();
    }
    this.deps.onChange();
  }

  /** Log-out: nothing of this visitor stays in the browser, and the hub forgets the token. */
  reset(): void {
    this.deps.store.keepOnly([]);
    this.identity = null;
    this.isAdopting = false;
    this.slot = ANONYMOUS;
    this.outbox.belongTo(ANONYMOUS);
    this.forget();
    if (!this.tell({ t: 'reset' })) this.connection.stop();
    this.deps.onChange();
  }

  /** Another tab changed what is kept; `key` as in a storage event. */
  storageChanged(key: string | null): void {
    const { store } = this.deps;
    const wasReset = store.isTokenKey(this.slot, key) && this.welcome !== null && store.token(this.slot) === null;
    if (wasReset) {
      this.forget();
      this.connection.stop();
    } else this.outbox.flush();
    this.deps.onChange();
  }

  /** Queues a message; it is kept until the hub has it. False when it is empty or too long. */
  send(text: string): boolean {
    if (!this.outbox.add(text)) return false;
    this.deps.store.setDraft(this.slot, '');
    this.type(false);
    this.start();
    this.deps.onChange();
    return true;
  }

  /** Takes a refused message out of the way; answers its text so that it can be edited or sent again. */
  takeBack(id: Id): Unsent | null {
    const message = this.outbox.take(id);
    this.deps.onChange();
    return message;
  }

  /** Everything there is has been on screen. */
  readAll(): void {
    const marks = this.history.readAll();
    for (const mark of marks) this.marks.put(mark);
    if (marks.length > 0) this.deps.onChange();
  }

  /** The customer types, or stopped. */
  type(isTyping: boolean): void {
    this.typingTold.set(isTyping);
  }

  private tell(message: VisitorUp): boolean {
    if (this.connection.state !== 'online') return false;
    this.connection.send(message);
    return true;
  }

  private stop(obstacle: Obstacle): void {
    this.obstacle = obstacle;
    this.connection.stop();
    this.deps.onChange();
  }

  private forget(): void {
    this.history.forget();
    this.welcome = null;
    this.obstacle = null;
    this.marks.clear();
    this.typingSeen.set(null);
  }

  private greet(): void {
    const { site, language, store } = this.deps;
    const { identity } = this;
    const { cursor } = this.history;
    const token = (this.isAdopting ? store.token(ANONYMOUS) : null) ?? store.token(this.slot);
    this.connection.send({ t: 'hello', version: VISITOR_WIRE_VERSION, site, token, identity, language, cursor });
  }

  private receive(raw: unknown): void {
    const parsed = visitorDownSchema.safeParse(raw);
    // A newer hub may say things this page does not know; all it needs is in the words it does.
    if (!parsed.success) return;
    this.apply(parsed.data);
    this.deps.onChange();
  }

  private apply(down: VisitorDown): void {
    switch (down.t) {
      case 'welcome':
        this.welcomed(down);
        break;
      case 'rows':
        this.takeRows(down);
        break;
      case 'accepted': {
        const message = this.outbox.accepted(down.id);
        if (message) this.history.add(message, down);
        break;
      }
      case 'refused':
        if (down.id !== null) this.outbox.refused(down.id, down);
        break;
      case 'typing':
        this.typingSeen.set(down.isTyping ? (down.name ?? '') : null);
        break;
      case 'opening':
        if (this.welcome) this.welcome = { ...this.welcome, opening: down.opening };
        break;
      case 'bye':
        this.sentAway(down);
        break;
      default:
        assertNever(down);
    }
  }

  private welcomed(welcome: Extract<VisitorDown, { t: 'welcome' }>): void {
    const { store } = this.deps;
    if (this.isAdopting) store.adoptAnonymous(this.slot);
    this.isAdopting = false;
    if (welcome.token !== undefined) store.setToken(this.slot, welcome.token);
    this.welcome = welcome;
    this.connection.welcomed();
    this.marks.repeat();
  }

  private takeRows(down: Extract<VisitorDown, { t: 'rows' }>): void {
    const taken = this.history.take(down, this.deps.clock.now());
    for (const id of taken.mine) this.outbox.arrived(id);
    if (taken.isAnswered) this.typingSeen.set(null);
    if (taken.lost.length > 0) this.outbox.offerAgain(taken.lost);
    this.outbox.open();
    for (const mark of this.history.delivered()) this.marks.put(mark);
  }

  private sentAway(bye: Extract<VisitorDown, { t: 'bye' }>): void {
    const next = afterBye(bye);
    switch (next.do) {
      case 'stop':
        this.stop(next.obstacle);
        break;
      case 'ask-identity':
        this.connection.stop();
        this.isIdentityWanted = true;
        this.deps.onIdentityWanted();
        break;
      case 'go-on-unknown':
        this.setIdentity(null);
        break;
      case 'forget':
        this.deps.store.forget(this.slot);
        this.forget();
        this.connection.stop();
        break;
      case 'come-back':
        this.connection.again(next.inMs);
        break;
      default:
        assertNever(next);
    }
  }
}
