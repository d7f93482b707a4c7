import * as z from 'zod/mini';
import type { Basis } from '#shared/lib/command.ts';
import { badInput, deskError } from '#shared/lib/errors.ts';
import type { Id } from '#shared/lib/ids.ts';
import type { Change } from '#shared/lib/query.ts';
import { fail, ok, type Result } from '#shared/lib/result.ts';
import type { Timer } from '#shared/lib/time.ts';
import { calls, queries } from '#shared/registry.ts';
import type { Stage } from '#shared/session/queries.ts';
import { coreCalls } from './core-calls.ts';
import { itemById, outboxCounts } from './db/outbox-items.ts';
import { type Entrance, signInDemo, unlock } from './enter.ts';
import { OpenDesk } from './open-desk.ts';
import type { CoreEvent, CoreParts } from './parts.ts';
import { listProfiles } from './profile/profile-file.ts';
import { type OpenProfile, Profiles } from './profile/profiles.ts';
import { closedStage } from './profiles-list.ts';
import type { DismissedWhy } from './sync/connection.ts';

/** How often a demo hub that does not answer is tried (ms). */
const demoEvery = 1000;

/** One desk's core: at most one open profile, and whatever can be asked of it. Made by `createCore`. */
export class Core {
  readonly entrance: Entrance;
  private readonly parts: CoreParts;
  private readonly profiles: Profiles;
  private readonly listeners = new Set<(event: CoreEvent) => void>();
  private open: OpenDesk | null = null;
  private demoTimer: Timer | null = null;
  private isOver = false;

  constructor(parts: CoreParts) {
    this.parts = parts;
    const { dir, clock, build, slices, cost } = parts;
    this.profiles = new Profiles({
      root: dir,
      entities: slices.entities,
      clock,
      build,
      ...(cost === undefined ? {} : { cost }),
    });
    this.entrance = {
      parts,
      profiles: this.profiles,
      leave: () => this.leave(),
      begin: (opened) => this.begin(opened),
    };
  }

  /** Starts what starts by itself: the demo profile, on a desk that was started for the demo. */
  start(): void {
    if (this.parts.demoHub !== null) void this.enterDemo(this.parts.demoHub);
  }

  get desk(): OpenDesk | null {
    return this.open;
  }

  onEvent(listener: (event: CoreEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /**
   * Answers a query from what is here. Errors: `session/unknown-query`, `SLICE/bad-input`, `session/locked`, `session/not-ready`,
   * those of the store.
   */
  query(name: string, args: unknown): Result<unknown> {
    const def = queries.get(name);
    if (!def) return fail(deskError('session/unknown-query', { params: { name } }));
    const parsed = z.safeParse(def.args, args);
    if (!parsed.success) return fail(badInput(`${name.split('.')[0]}/bad-input`, parsed.error, 'desk'));
    if (name === 'session.stage') return ok(this.stage());
    if (!this.open) return fail(deskError('session/locked'));
    if (name === 'session.status') return ok(this.open.status());
    const read = this.parts.slices.reads.get(name);
    return read ? this.open.read(read, parsed.data) : fail(deskError('session/unknown-query', { params: { name } }));
  }

  /**
   * Stores a command. A page that asks again under an id that is stored already (this process died before it could answer) gets
   * what is stored. Errors: `session/locked`, those of `OpenDesk.command` and of the store.
   */
  command(kind: string, args: unknown, basis: Basis, id?: Id): Result<{ n: number; id: Id }> {
    if (!this.open) return fail(deskError('session/locked'));
    const { store } = this.open.opened;
    const known = id === undefined ? ok(null) : store.read((db) => itemById(db, id));
    if (!known.ok) return known;
    const written = known.value ? ok(known.value) : this.open.command(kind, args, basis, id);
    return written.ok ? ok({ n: written.value.n, id: written.value.id }) : written;
  }

  /**
   * Does something now, here or at the hub. Errors: `session/unknown-call`, `SLICE/bad-input`, `session/locked`,
   * `session/not-allowed`, `session/needs-hub`, `session/bad-answer`, those of the call itself.
   */
  async call(name: string, args: unknown): Promise<Result<unknown>> {
    const def = calls.get(name);
    if (!def) return fail(deskError('session/unknown-call', { params: { name } }));
    const parsed = z.safeParse(def.args, args);
    if (!parsed.success) return fail(badInput(`${name.split('.')[0]}/bad-input`, parsed.error, 'desk'));
    if (def.permission !== null) {
      if (!this.open) return fail(deskError('session/locked'));
      const barred = this.open.barred(def.permission);
      if (barred) return fail(barred);
    }
    if (def.where === 'core') {
      const work = coreCalls.get(name);
      return work ? work(this, parsed.data as never) : fail(deskError('session/unknown-call', { params: { name } }));
    }
    if (!this.open) return fail(deskError('session/locked'));
    const answer = await this.open.sync.ask(name, parsed.data as Record<string, unknown>);
    if (!answer.ok) return answer;
    const value = z.safeParse(def.result, answer.value);
    return value.success ? ok(value.data) : fail(deskError('session/bad-answer', { params: { name } }));
  }

  power(state: 'suspend' | 'resume' | 'locked'): void {
    if (state === 'resume') this.open?.sync.reconnect();
  }

  /** Closes the open profile; everything on disk stays, encrypted. */
  lock(): void {
    this.leave();
    this.tell([{ entity: 'local.profile' }]);
  }

  /** Removes the open profile and all its data from this computer. Errors: those of `Profiles.remove`. */
  wipe(): Result<void> {
    const id = this.open?.opened.profile.id;
    this.leave();
    if (id === undefined) return ok(undefined);
    const removed = this.profiles.remove(id);
    this.parts.secretForgotten(id);
    this.tell([{ entity: 'local.profile' }]);
    return removed;
  }

  /** What would be lost with the open profile: commands the hub has not taken, and those it refused that nobody has dealt with. */
  unsent(): number {
    const counts = this.open?.opened.store.read(outboxCounts);
    return counts?.ok ? counts.value.waiting + counts.value.attention : 0;
  }

  /** Ends politely: files are closed and nothing more is said. Works whatever state the line is in; may be called twice. */
  close(): void {
    this.isOver = true;
    this.demoTimer?.cancel();
    this.leave();
    this.listeners.clear();
  }

  /** Drops everything as a crash would: no last write, no word to the hub, no event. */
  crash(): void {
    this.isOver = true;
    this.demoTimer?.cancel();
    this.listeners.clear();
    this.open?.abandon();
    this.open = null;
  }

  private stage(): Stage {
    const me = this.open?.me();
    return me ? { stage: 'open', me } : closedStage(this.parts.dir);
  }

  /** Says that something of this desk has changed. */
  tell(changes: readonly Change[]): void {
    this.emit({ op: 'changed', changes: [...changes] });
  }

  private emit(event: CoreEvent): void {
    for (const listener of this.listeners) listener(event);
  }

  private leave(): void {
    const open = this.open;
    this.open = null;
    open?.close();
  }

  private begin(opened: OpenProfile): Result<OpenDesk> {
    if (this.isOver) {
      opened.lock();
      return fail(deskError('session/locked'));
    }
    this.leave();
    try {
      const desk: OpenDesk = new OpenDesk(opened, this.parts, {
        emit: (event) => this.emit(event),
        isWatched: () => this.listeners.size > 0,
        dismissed: (why) => this.dismissed(desk, why),
        offlineOver: () => this.offlineOver(desk),
      });
      this.open = desk;
      desk.sync.start();
      this.tell([{ entity: 'local.profile' }, { entity: 'local.status' }]);
      return ok(desk);
    } catch (thrown) {
      opened.lock();
      this.parts.log('error', 'a profile could not be started', { why: String(thrown).slice(0, 200) });
      return fail(deskError('session/sign-in-again'));
    }
  }

  private offlineOver(desk: OpenDesk): void {
    if (this.open !== desk) return;
    desk.notice(deskError('profile/offline-over'));
    this.lock();
  }

  /** The hub does not want this device as it is: revoked takes everything, disabled takes what it had sent, else the person is asked. */
  private dismissed(desk: OpenDesk, why: DismissedWhy): void {
    if (this.open !== desk) return;
    const { store, profile } = desk.opened;
    this.parts.log('warn', 'the hub has dismissed this device', { why });
    switch (why) {
      case 'revoked': {
        const count = this.unsent();
        desk.notice(deskError('session/revoked', { params: { count } }));
        this.wipe();
        return;
      }
      case 'disabled':
        desk.notice(deskError('session/disabled'));
        store.resetCache();
        this.lock();
        return;
      default:
        if (profile.kind === 'demo' && why !== 'version') void this.enterDemo(profile.hub.address);
    }
  }

  /** Opens the demo profile that is here, or makes one; tries again until the demo hub answers. */
  private async enterDemo(address: string): Promise<void> {
    const { clock, dir, log } = this.parts;
    const known = listProfiles(dir).profiles.find((p) => p.kind === 'demo' && p.hub.address === address);
    const isNew = this.open === null && known !== undefined;
    const entered = isNew
      ? await unlock(this.entrance, { profileId: known.id, password: '' })
      : await signInDemo(this.entrance, address);
    if (entered.ok || this.isOver) return;
    log('info', 'the demo hub cannot be entered yet', { code: entered.error.code });
    // A demo profile that does not open any more has nothing worth keeping.
    if (isNew && this.open === null) this.profiles.remove(known.id);
    this.demoTimer = clock.setTimeout(() => void this.enterDemo(address), demoEvery);
  }
}

/** Makes a core. Nothing in it is global: any number can live in one process, each with its own folder, clock, network and randomness. */
export function createCore(parts: CoreParts): Core {
  const core = new Core(parts);
  core.start();
  return core;
}
