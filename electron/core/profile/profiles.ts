import { closeSync, existsSync, fsyncSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { storeError } from '#core/db/driver.ts';
import type { EntityMap } from '#core/db/entity-rows.ts';
import { syncFolder } from '#core/db/files.ts';
import { cacheFile, openStore, type Store, workFile } from '#core/db/open.ts';
import { removeWork, type Salvaged, salvageWork } from '#core/db/salvage.ts';
import { deskError } from '#shared/lib/errors.ts';
import { fail, ok, type Result } from '#shared/lib/result.ts';
import type { Clock } from '#shared/lib/time.ts';
import { countAttempt, noAttempts, readAttempts, waitBefore, writeAttempts } from './attempts.ts';
import {
  calibrateCost,
  type DataKeys,
  forgetKeys,
  lockKeys,
  mintDataKeys,
  type Opener,
  type PasswordCost,
  unlockKeys,
} from './keys.ts';
import { isOfflineTimeOver, readOfflineFacts } from './offline-time.ts';
import {
  type ProfileFile,
  profileFolder,
  profileIdOf,
  profilePath,
  readProfile,
  writeProfile,
} from './profile-file.ts';

export interface ProfilesOptions {
  /** The desk's data folder. */
  readonly root: string;
  readonly entities: EntityMap;
  readonly clock: Clock;
  readonly build?: string;
  /** The cost of a password check; measured once when left out. Tests give a small one. */
  readonly cost?: PasswordCost;
}

/** A person's profile as it is made, after the hub has signed the person in. */
export interface NewProfile {
  readonly kind: 'normal' | 'demo';
  readonly hub: ProfileFile['hub'];
  readonly person: ProfileFile['person'];
  readonly deviceId: string;
}

/** An open profile. `lock` closes it and forgets its keys; everything on disk stays, encrypted. */
export interface OpenProfile {
  readonly profile: ProfileFile;
  readonly store: Store;
  lock(): void;
}

/** Profiles of this computer: one folder for each (hub, person). */
export class Profiles {
  private readonly options: ProfilesOptions;

  constructor(options: ProfilesOptions) {
    this.options = options;
  }

  /**
   * Makes a profile with new keys and opens it. Demo profiles take no password (`opener.password` null), all others need one.
   * Errors: `profile/exists`, `profile/password-needed`, those of `openStore` and `storeError`.
   */
  async create(made: NewProfile, opener: Opener): Promise<Result<OpenProfile>> {
    const { root, clock } = this.options;
    const id = profileIdOf(made.hub.id, made.person.id);
    if (existsSync(profilePath(root, id))) return fail(deskError('profile/exists', { params: { profile: id } }));
    if ((made.kind === 'demo') !== (opener.password === null)) return fail(deskError('profile/password-needed'));
    const keys = mintDataKeys();
    const locked = await lockKeys(keys, id, opener, await this.cost());
    const now = clock.now();
    const profile: ProfileFile = { version: 1, id, ...made, createdAt: now, lastUsedAt: now, keys: locked };
    try {
      // What a wipe that was cut short has left behind could never be opened again: its keys are gone.
      rmSync(profileFolder(root, id), { recursive: true, force: true });
    } catch (thrown) {
      return fail(storeError(thrown));
    }
    const written = writeProfile(root, profile);
    return written.ok ? this.openWith(profile, keys) : written;
  }

  /**
   * Opens a profile by its password and, where one is used, the keychain's secret.
   * `isHubSure` true means that the hub has just signed this person in: then neither the waiting time nor the offline time counts.
   * Errors: `profile/unknown`, `profile/damaged`, `profile/wait` (params.waitMs), `profile/wrong-password`, `profile/keychain-needed`,
   * `profile/offline-over`, those of `openStore` (a damaged work.db: `store/corrupt`, params.file `work`; see `startAnew`).
   */
  async open(id: string, opener: Opener, options: { isHubSure: boolean }): Promise<Result<OpenProfile>> {
    const unlocked = await this.unlock(id, opener, options);
    if (!unlocked.ok) return unlocked;
    const { profile, keys } = unlocked.value;
    const opened = this.openWith(profile, keys);
    if (!opened.ok) return opened;
    const isOver = options.isHubSure ? ok(false) : this.isOver(opened.value.store);
    if (isOver.ok && !isOver.value) {
      const used = writeProfile(this.options.root, { ...profile, lastUsedAt: this.options.clock.now() });
      if (used.ok) return opened;
    }
    opened.value.lock();
    return isOver.ok ? fail(deskError('profile/offline-over')) : isOver;
  }

  /**
   * Locks the same keys under another password: no database is touched. `current` must open the profile.
   * Errors: those of `open` that concern the password, and of `storeError`.
   */
  async changePassword(id: string, current: Opener, next: string): Promise<Result<void>> {
    const unlocked = await this.unlock(id, current, { isHubSure: false });
    if (!unlocked.ok) return unlocked;
    const { profile, keys } = unlocked.value;
    if (profile.kind === 'demo') return fail(deskError('profile/no-password'));
    const locked = await lockKeys(keys, id, { ...current, password: next }, await this.cost());
    forgetKeys(keys);
    return writeProfile(this.options.root, { ...profile, keys: locked });
  }

  /**
   * After `store/corrupt` of work.db: copies the damaged file aside, reads out what can be read, and clears the way so that `open`
   * starts a new one. The password is needed once more. Errors: those of `open` that concern it, and of `storeError`.
   */
  async startAnew(id: string, opener: Opener): Promise<Result<Salvaged>> {
    const unlocked = await this.unlock(id, opener, { isHubSure: false });
    if (!unlocked.ok) return unlocked;
    const folder = profileFolder(this.options.root, id);
    const salvaged = salvageWork({ folder, key: unlocked.value.keys.work, at: this.options.clock.now() });
    forgetKeys(unlocked.value.keys);
    if (!salvaged.ok) return salvaged;
    const removed = removeWork(folder);
    return removed.ok ? salvaged : removed;
  }

  /**
   * Signs out of this computer: overwrites the key material first, so that a wipe cut short leaves nothing readable, then removes
   * the folder. The profile must be locked. Also removes a damaged one. Errors: those of `storeError`.
   */
  remove(id: string): Result<void> {
    const folder = profileFolder(this.options.root, id);
    try {
      overwrite(profilePath(this.options.root, id));
      for (const file of [workFile(folder), cacheFile(folder)]) overwrite(`${file}.key-check`);
      rmSync(folder, { recursive: true, force: true });
      if (existsSync(dirname(folder))) syncFolder(dirname(folder));
      return ok(undefined);
    } catch (thrown) {
      return fail(storeError(thrown));
    }
  }

  private async unlock(
    id: string,
    opener: Opener,
    options: { isHubSure: boolean },
  ): Promise<Result<{ profile: ProfileFile; keys: DataKeys }>> {
    const { root, clock } = this.options;
    const read = readProfile(root, id);
    if (!read.ok) return read;
    const folder = profileFolder(root, id);
    const attempts = readAttempts(folder, clock.now());
    const waitMs = options.isHubSure ? 0 : waitBefore(attempts, clock.now());
    if (waitMs > 0) return fail(deskError('profile/wait', { retry: 'later', params: { waitMs } }));
    try {
      writeAttempts(folder, countAttempt(attempts, clock.now()));
      const keys = await unlockKeys(read.value.keys, id, opener);
      if (!keys.ok) {
        // A missing keychain is not a guess.
        if (keys.error.code === 'profile/keychain-needed') writeAttempts(folder, attempts);
        return keys;
      }
      writeAttempts(folder, noAttempts);
      return ok({ profile: read.value, keys: keys.value });
    } catch (thrown) {
      return fail(storeError(thrown));
    }
  }

  private openWith(profile: ProfileFile, keys: DataKeys): Result<OpenProfile> {
    const { root, entities, clock, build } = this.options;
    const folder = profileFolder(root, profile.id);
    const opened = openStore({ folder, keys, entities, clock, ...(build === undefined ? {} : { build }) });
    if (!opened.ok) {
      forgetKeys(keys);
      return opened;
    }
    const lock = (): void => {
      opened.value.close();
      forgetKeys(keys);
    };
    return ok({ profile, store: opened.value, lock });
  }

  private isOver(store: Store): Result<boolean> {
    const facts = store.read(readOfflineFacts);
    if (!facts.ok) return facts;
    return ok(facts.value !== null && isOfflineTimeOver(facts.value, this.options.clock.now(), 0));
  }

  private async cost(): Promise<PasswordCost> {
    return this.options.cost ?? (await calibrateCost(this.options.clock));
  }
}

function overwrite(file: string): void {
  if (!existsSync(file)) return;
  const { size } = statSync(file);
  const handle = openSync(file, 'r+');
  try {
    writeSync(handle, Buffer.alloc(size), 0, size, 0);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
