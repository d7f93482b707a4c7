import * as z from 'zod/mini';
import { headPatches } from '#shared/conversation/commands.ts';
import type { Head, Message } from '#shared/conversation/model.ts';
import { headAfterMessage } from '#shared/conversation/rules.ts';
import { type FromCore, toCoreSchema } from '#shared/ipc/core.ts';
import type { About } from '#shared/ipc/main.ts';
import type { CoreLineState, CoreMessage, DeskApi } from '#shared/ipc/window-desk.ts';
import type { Actor, CommandDef, Written } from '#shared/lib/command.ts';
import { type AppError, deskError, hubError } from '#shared/lib/errors.ts';
import { type Id, IdMint } from '#shared/lib/ids.ts';
import type { Change } from '#shared/lib/query.ts';
import { scopeOf } from '#shared/lib/scope.ts';
import type { Clock } from '#shared/lib/time.ts';
import { calls, commands, queries } from '#shared/registry.ts';
import type { Link } from '#shared/session/model.ts';
import { fakeCall } from './calls.ts';
import { fakeRead } from './reads.ts';
import { everything, type FakeItem, FakeRows, type FakeWorld } from './rows.ts';

/**
 * A core and a hub in one, in the page's memory, for tests and for looking at the screens in a browser.
 * It answers the real contract with the real rules and effects; it keeps nothing.
 */
export class FakeCore {
  readonly world: FakeWorld;
  readonly clock: Clock;
  readonly mint: IdMint;
  /** every call that was made, newest last */
  readonly asked: { name: string; args: Record<string, unknown> }[] = [];
  /** how long the pretended hub takes for a command (ms) */
  latency = 120;
  /** refuse the next calls of this name */
  readonly refusals = new Map<string, AppError>();
  private tell: (message: CoreMessage) => void = () => {};
  private tellState: (state: CoreLineState) => void = () => {};
  private lastN = 0;
  private isFrozen = false;

  constructor(world: FakeWorld, clock: Clock) {
    this.world = world;
    this.clock = clock;
    this.mint = new IdMint(clock);
    this.lastN = Math.max(0, ...world.items.map((i) => i.n));
  }

  /** What stands in for `window.desk`. */
  desk(about: Partial<About> = {}): DeskApi {
    const nothing = (): Promise<null> => Promise.resolve(null);
    return {
      connectCore: (onMessage, onState) => {
        this.tell = onMessage;
        this.tellState = onState;
        queueMicrotask(() => onState('open'));
        return { post: (message) => this.receive(structuredClone(message)) };
      },
      main: {
        about: () =>
          Promise.resolve({
            appVersion: '0.1.0',
            runtimeKind: 'stand-in',
            electron: '37.2.0',
            chrome: '138.0',
            node: '24.21.0',
            platform: 'linux',
            arch: 'x64',
            isPackaged: false,
            hasKeychain: false,
            systemLanguage: 'en',
            ...about,
          }),
        setAppearance: nothing,
        zoom: () => Promise.resolve({ factor: 1 }),
        notify: () => Promise.resolve({ isShown: false }),
        setBadge: nothing,
        openLink: () => Promise.resolve({ isOpened: false }),
        showLog: nothing,
      },
      on: () => () => {},
    };
  }

  /** Stops answering, as a core that hangs; `thaw` answers again from then on. */
  freeze(): void {
    this.isFrozen = true;
  }

  thaw(): void {
    this.isFrozen = false;
  }

  /** The core dies and comes back with nothing of the port before. */
  restart(): void {
    this.tellState('closed');
    this.isFrozen = false;
    this.tellState('open');
  }

  send(message: FromCore): void {
    this.tell(structuredClone(message) as CoreMessage);
  }

  changed(changes: Change[] = everything): void {
    this.send({ op: 'changed', changes: changes.map((c) => ({ ...c })) });
  }

  setLink(link: Link): void {
    if (this.world.link.state === 'live') this.world.dataAt = this.clock.now();
    this.world.link = link;
    this.changed([{ entity: 'local.status' }]);
    if (link.state === 'live') for (const item of this.world.items) if (item.state === 'waiting') this.push(item);
  }

  /** A customer writes. */
  customerSays(conversationId: Id, text: string): void {
    const head = this.rows().read('head', conversationId) as Head;
    const order = head.lastOrder + 1;
    const at = this.clock.now();
    const id = this.mint.next();
    const message: Message = {
      id,
      conversationId,
      order,
      from: 'customer',
      authorId: null,
      authorName: head.customerName,
      text,
      at,
      writtenAt: null,
    };
    this.world.rows.push({ scope: scopeOf.publicOf(conversationId), entity: 'message', id, body: message });
    for (const patch of headPatches(headAfterMessage(head, { from: 'customer', text, at, order })))
      this.world.rows.push(patch);
    this.changed([
      { entity: 'message', scope: scopeOf.publicOf(conversationId), id },
      { entity: 'head', scope: scopeOf.team(head.teamId), id: conversationId },
    ]);
  }

  /** The rows as the hub has them. */
  truth(): FakeRows {
    return new FakeRows(this.world.rows);
  }

  /** The rows with what waits laid over them. */
  rows(): FakeRows {
    const rows = this.truth();
    for (const item of this.world.items) {
      const isShown = item.kind === 'conversation.reply' || item.kind === 'conversation.note';
      if (
        item.state === 'waiting' ||
        item.state === 'sent' ||
        (item.state !== 'done' && item.state !== 'discarded' && isShown)
      ) {
        const patches = this.effect(item, rows);
        const own =
          item.state === 'waiting' || item.state === 'sent' ? patches : patches.filter((p) => p.entity !== 'head');
        for (const patch of own) rows.put(patch);
      }
    }
    return rows;
  }

  actor(): Actor {
    const me = this.world.me;
    return { personId: me?.person.id ?? '', role: me?.person.role ?? '', teamIds: me?.teams.map((t) => t.id) ?? [] };
  }

  private effect(item: FakeItem, rows: FakeRows) {
    const def = commands.get(item.kind);
    return def ? def.effect({ ...item, offline: false }, this.actor(), rows.read) : [];
  }

  private answer(id: number, value: unknown): void {
    this.send({ op: 'answer', id, ok: true, value });
  }

  private refuse(id: number, error: AppError): void {
    this.send({ op: 'answer', id, ok: false, error });
  }

  private receive(raw: unknown): void {
    if (this.isFrozen) return;
    const message = z.parse(toCoreSchema, raw);
    const args = z.parse(z.record(z.string(), z.unknown()), message.args);
    queueMicrotask(() => {
      if (message.op === 'query') {
        if (!queries.has(message.name)) this.refuse(message.id, deskError('desk/bad-request'));
        else this.answer(message.id, fakeRead(this.world, this.rows(), message.name, args, this.clock.now()));
        return;
      }
      if (message.op === 'call') {
        this.asked.push({ name: message.name, args });
        const def = calls.get(message.name);
        const refused = this.refusals.get(message.name);
        const isAway =
          def?.where === 'hub' && this.world.link.state !== 'live' && this.world.link.state !== 'catching-up';
        if (!def) this.refuse(message.id, deskError('desk/bad-request'));
        else if (refused) this.refuse(message.id, refused);
        else if (isAway) this.refuse(message.id, deskError('session/needs-hub', { retry: 'later' }));
        else this.answer(message.id, fakeCall(this, message.name, args));
        return;
      }
      const known = this.world.items.find((item) => item.id === message.commandId);
      if (known) this.answer(message.id, { n: known.n, id: known.id });
      else this.command(message.id, message.kind, args, message.basis, message.commandId ?? this.mint.next());
    });
  }

  private command(
    answerId: number,
    kind: string,
    args: Record<string, unknown>,
    basis: Record<string, number>,
    id: Id,
  ): void {
    const def: CommandDef | undefined = commands.get(kind);
    const parsed = def === undefined ? null : z.safeParse(def.args, args);
    if (!def || !parsed?.success) {
      this.refuse(answerId, deskError('desk/bad-request'));
      return;
    }
    const written: Written<unknown> = {
      id,
      args: parsed.data,
      at: this.clock.now(),
      basis,
      offline: false,
    };
    const barred = def.check(written, this.actor(), this.rows().read);
    if (barred) {
      this.refuse(answerId, barred);
      return;
    }
    const item = this.write(kind, args, basis, written.id);
    this.answer(answerId, { n: item.n, id: item.id });
    if (this.world.link.state === 'live') this.push(item);
  }

  /** Puts a command into the outbox. */
  write(
    kind: string,
    args: Record<string, unknown>,
    basis: Record<string, number> = {},
    id = this.mint.next(),
  ): FakeItem {
    this.lastN += 1;
    const item: FakeItem = {
      n: this.lastN,
      id,
      kind,
      args,
      basis,
      at: this.clock.now(),
      sentAt: null,
      state: 'waiting',
      error: null,
      group: null,
    };
    this.world.items.push(item);
    this.changed();
    return item;
  }

  private push(item: FakeItem): void {
    item.state = 'sent';
    item.sentAt = this.clock.now();
    this.changed([{ entity: 'local.outbox' }, { entity: 'local.status' }]);
    this.clock.setTimeout(() => this.settle(item), this.latency);
  }

  /** The hub takes a command: what its effect showed becomes the truth, with its place in the conversation. */
  settle(item: FakeItem): void {
    const truth = this.truth();
    for (const patch of this.effect(item, truth)) {
      const conversationId = String(item.args['conversationId']);
      const head = truth.read('head', conversationId) as Head | null;
      let body = patch.body;
      if (typeof body === 'object' && body !== null && 'order' in body && head)
        body = { ...body, order: head.lastOrder + 1 };
      if (patch.entity === 'head' && body !== null) body = { ...(body as Head), lastOrder: (head?.lastOrder ?? 0) + 1 };
      this.world.rows.push({ ...patch, body });
    }
    item.state = 'done';
    this.changed();
  }

  /** The hub refuses a command; `error` may be any code. */
  refuseItem(item: FakeItem, code: string): void {
    item.state = 'refused';
    item.error = hubError(code);
    item.group = item.n;
    this.changed();
  }
}
