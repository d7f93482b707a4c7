import type * as z from 'zod/mini';
import type { Basis } from '#shared/lib/command.ts';
import { type AppError, deskError } from '#shared/lib/errors.ts';
import { type Id, IdMint } from '#shared/lib/ids.ts';
import type { Change } from '#shared/lib/query.ts';
import { fail, type Result } from '#shared/lib/result.ts';
import { every, type Timer } from '#shared/lib/time.ts';
import { commands } from '#shared/registry.ts';
import type { Link, Me } from '#shared/session/model.ts';
import type { status } from '#shared/session/queries.ts';
import { can, permissionsOf } from '#shared/session/rules.ts';
import { endDraft, readDraft } from './db/drafts.ts';
import type { WriteDb } from './db/handles.ts';
import { type OutboxItem, outboxCounts } from './db/outbox-items.ts';
import { OverlayCell } from './db/overlay-cell.ts';
import { readingOf } from './db/reading.ts';
import { type DeviceKey, deviceKey, readMeta, writeMeta } from './db/work-meta.ts';
import { DeskTime } from './desk-time.ts';
import { type AnyRead, type CoreEvent, type CoreParts, fractionOf } from './parts.ts';
import { offlineUntil, readOfflineFacts } from './profile/offline-time.ts';
import type { OpenProfile } from './profile/profiles.ts';
import { shownProfile } from './profiles-list.ts';
import { keepSelf, readSelf, type Self } from './session/self.ts';
import { readTokens, refreshTokens } from './session/tokens.ts';
import { readDataAt } from './sync/cache-facts.ts';
import type { DismissedWhy } from './sync/connection.ts';
import { DeskSync } from './sync/desk-sync.ts';

/** The device this profile is at the hub; stands in the encrypted file, because it belongs to the key beside it. */
export const deviceIdKey = 'session.device_id';
/** Set while this profile is signed in with a one-time password. */
export const mustChangeKey = 'session.must_change_password';
const upkeepMs = 60_000;
/** A token that ends sooner than this is renewed (ms). */
const renewBefore = 4 * 60_000;

export interface OpenDeskEvents {
  readonly emit: (event: CoreEvent) => void;
  readonly dismissed: (why: DismissedWhy) => void;
  readonly isWatched: () => boolean;
  /** the time this desk may work without the hub is over */
  readonly offlineOver: () => void;
}

/** One open profile: its store, its line to the hub, and what can be asked and done while it is open. */
export class OpenDesk {
  readonly sync: DeskSync;
  readonly opened: OpenProfile;
  readonly deviceId: Id;
  private readonly parts: CoreParts;
  private readonly events: OpenDeskEvents;
  private readonly overlay: OverlayCell;
  private readonly key: DeviceKey;
  private readonly ticking: Timer;
  private readonly time: DeskTime;
  private hasMet = false;
  private self: Self | null;
  private mustChange: boolean;
  private selfTimer: Timer | null = null;
  private readonly waiting: (() => void)[] = [];

  /** Throws when work.db has no device key: a profile is made with one. */
  constructor(opened: OpenProfile, parts: CoreParts, events: OpenDeskEvents) {
    this.opened = opened;
    this.parts = parts;
    this.events = events;
    const { store, profile } = opened;
    const { clock, random } = parts;
    const kept = store.read((db) => ({
      key: deviceKey(db),
      deviceId: readMeta(db, deviceIdKey) ?? profile.deviceId,
      self: readSelf(db, profile.person.id),
      mustChange: readMeta(db, mustChangeKey) !== null,
    }));
    if (!kept.ok || !kept.value.key) throw new Error('a profile without a device key');
    this.key = kept.value.key;
    this.deviceId = kept.value.deviceId;
    this.time = new DeskTime(store, clock);
    this.self = kept.value.self;
    this.mustChange = kept.value.mustChange;
    this.overlay = new OverlayCell(commands, () => this.actor());
    this.sync = new DeskSync({
      store,
      device: { id: this.deviceId, key: this.key },
      overlay: this.overlay,
      kinds: commands,
      clock,
      random: () => fractionOf(random),
      mint: new IdMint(clock, random),
      connect: () => parts.connect(profile.hub.address),
      actor: () => this.actor(),
      access: () => this.access(),
      refresh: () => this.refresh(),
      welcomed: (welcome) => {
        this.hasMet = true;
        this.time.confirmed(welcome.hubAt, welcome.offlineForMs);
      },
      dismissed: events.dismissed,
      hubOffset: () => this.time.offset,
      changed: (changes) => this.changed(changes),
      refused: ({ error, kind, conversationId }) => this.notice(error, conversationId, kind),
      typing: (signal) => {
        const { conversationId, party, name, isTyping } = signal;
        events.emit({ op: 'signal', signal: { kind: 'typing', conversationId, party, name, isTyping } });
      },
      isWatched: events.isWatched,
      storeFailed: (error) => this.storeFailed(error),
      log: parts.log,
    });
    this.ticking = every(clock, upkeepMs, () => this.tick());
  }

  get link(): Link {
    return this.sync.link;
  }

  /** The hub's time as far as this desk knows (epoch ms). */
  hubNow(): number {
    return this.time.hubNow();
  }

  /** What the sign-in screen or the shell shows of this person; null before the hub has told who this is. */
  me(): Me | null {
    if (!this.self) return null;
    return {
      person: this.self.person,
      teams: [...this.self.teams],
      permissions: [...permissionsOf(this.self.person.role)],
      profile: shownProfile(this.opened.profile),
      deviceId: this.deviceId,
      presence: this.sync.beats.state,
      mustChangePassword: this.mustChange,
    };
  }

  /** The hub has taken a password of the person's own. Errors: those of the store; the screen then asks again at the next start. */
  passwordChanged(): Result<void> {
    this.mustChange = false;
    this.changed([{ entity: 'local.profile' }]);
    return this.opened.store.write((tx) => writeMeta(tx, mustChangeKey, null));
  }

  /** Resolves when it is known who this is, at once if it is already. */
  whenKnown(): Promise<void> {
    return this.self ? Promise.resolve() : new Promise((known) => this.waiting.push(known));
  }

  status(): z.infer<typeof status.result> {
    const { store, profile } = this.opened;
    const facts = store.read((db) => ({
      ...outboxCounts(db),
      dataAt: readDataAt(db),
      offline: readOfflineFacts(db),
    }));
    const known = facts.ok ? facts.value : { waiting: 0, attention: 0, dataAt: null, offline: null };
    return {
      link: this.linkSince(known.dataAt),
      dataAt: this.link.state === 'live' ? this.hubNow() : known.dataAt,
      waiting: known.waiting,
      attention: known.attention,
      clockOffset: this.time.offset ?? 0,
      hubAddress: profile.hub.address,
      offlineUntil: known.offline ? offlineUntil(known.offline) : null,
      isEncrypted: true,
    };
  }

  /** Until this start has met the hub, the loss is older than the start: as old as what is known. */
  private linkSince(dataAt: number | null): Link {
    const { link } = this;
    if (link.state !== 'unreachable' || this.hasMet || dataAt === null) return link;
    return { ...link, since: Math.min(link.since, dataAt - (this.time.offset ?? 0)) };
  }

  /** Runs a slice's read. Errors: `session/not-ready` (it is not known yet who this is), those of the store. */
  read(read: AnyRead, args: unknown): Result<unknown> {
    const actor = this.actor();
    if (!actor) return fail(deskError('session/not-ready', { retry: 'later' }));
    return this.opened.store.read((db) => {
      const reading = readingOf({
        db,
        me: { ...actor, deviceId: this.deviceId },
        now: this.hubNow(),
        overlay: this.overlay.current(db),
      });
      return read(reading, args as never);
    });
  }

  /** Stores a command. Errors: `session/not-ready`, `session/not-allowed`, those of `Outbox.write`. */
  command(kind: string, args: unknown, basis: Basis, id?: Id): Result<OutboxItem> {
    const def = commands.get(kind);
    if (def) {
      const barred = this.barred(def.permission);
      if (barred) return fail(barred);
    }
    return this.sync.write(kind, args, basis, (tx) => this.endSentDraft(tx, args), id);
  }

  /** Why this person may not do something; null = go ahead. */
  barred(permission: string | null): AppError | null {
    if (permission === null) return null;
    // What concerns only one's own session is possible before it is known what one is here.
    if (!this.self) return permission === 'session.own' ? null : deskError('session/not-ready', { retry: 'later' });
    return can(this.self.person.role, permission) ? null : deskError('session/not-allowed', { params: { permission } });
  }

  changed(changes: readonly Change[]): void {
    if (changes.some((c) => c.entity === 'person' || c.entity === 'team')) this.lookAtSelf();
    this.events.emit({ op: 'changed', changes: [...changes] });
  }

  notice(error: AppError, conversationId: Id | null = null, kind: string | null = null): void {
    this.events.emit({ op: 'notice', notice: { error, conversationId, kind } });
  }

  /** Renews the access token and tells the link. */
  async refresh(): Promise<'ok' | 'refused' | 'unreachable'> {
    const { store, profile } = this.opened;
    const { http } = this.parts;
    const address = profile.hub.address;
    const parts = { http, address, store, deviceId: this.deviceId, deviceKey: this.key, hubNow: () => this.hubNow() };
    const result = await refreshTokens(parts);
    const token = this.access();
    if (result === 'ok' && token !== null) this.sync.renewed(token);
    return result;
  }

  access(): string | null {
    const tokens = this.opened.store.read(readTokens);
    return tokens.ok ? (tokens.value?.access ?? null) : null;
  }

  /** Ends the session politely; files are closed, keys forgotten. */
  close(): void {
    this.stopTimers();
    this.time.note(this.sync.isUp);
    this.sync.stop();
    this.opened.lock();
  }

  /** Drops everything as a crash would: no last write, no word to the hub. */
  abandon(): void {
    this.stopTimers();
    this.sync.abandon();
    this.opened.lock();
  }

  private stopTimers(): void {
    this.ticking.cancel();
    this.selfTimer?.cancel();
  }

  private actor(): { personId: Id; role: string; teamIds: readonly Id[] } | null {
    if (!this.self) return null;
    const { id, role, teamIds } = this.self.person;
    return { personId: id, role, teamIds };
  }

  /** Once a minute: how long this desk has been without the hub, and whether the token lasts. */
  private tick(): void {
    if (this.time.note(this.sync.isUp)) this.events.offlineOver();
    const tokens = this.opened.store.read(readTokens);
    if (this.sync.isUp && tokens.ok && tokens.value && tokens.value.accessUntil - this.hubNow() < renewBefore) {
      void this.refresh();
    }
  }

  /** Who this is may have changed; looked up once the rows are in. */
  private lookAtSelf(): void {
    this.selfTimer ??= this.parts.clock.setTimeout(() => {
      this.selfTimer = null;
      const { store, profile } = this.opened;
      const self = store.read((db) => readSelf(db, profile.person.id));
      if (!self.ok || !self.value || JSON.stringify(self.value) === JSON.stringify(this.self)) return;
      const found = self.value;
      this.self = found;
      store.write((tx) => keepSelf(tx, found));
      this.overlay.itemsChanged();
      for (const known of this.waiting.splice(0)) known();
      this.events.emit({ op: 'changed', changes: [{ entity: 'local.profile' }] });
    }, 0);
  }

  private endSentDraft(tx: WriteDb, args: unknown): void {
    if (typeof args !== 'object' || args === null || !('conversationId' in args) || !('text' in args)) return;
    const conversationId = String(args.conversationId);
    // What was sent must not stand in the composer again after a crash in the wrong moment.
    if (readDraft(tx, conversationId)?.text.trim() !== String(args.text).trim()) return;
    endDraft(tx, conversationId);
    tx.afterCommit(() => this.changed([{ entity: 'local.draft', id: conversationId }]));
  }

  private storeFailed(error: AppError): void {
    this.parts.log('error', 'the store refused to write', { code: error.code });
    this.notice(error);
  }
}
