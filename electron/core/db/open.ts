import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type AppError, deskError } from '#shared/lib/errors.ts';
import { fail, ok, type Result } from '#shared/lib/result.ts';
import type { Clock } from '#shared/lib/time.ts';
import { cacheSql, cacheVersion } from './cache-schema.ts';
import { forgetErased, hasDoomedRows, hasErased, readCacheMeta, sweep, writeCacheMeta } from './cache-scopes.ts';
import {
  hexOf,
  openEncrypted,
  refuseBeforeOpening,
  removeDatabase,
  restoreKeyCheck,
  type Sqlite,
  storeError,
  tellApart,
  writeKeyCheck,
} from './driver.ts';
import type { EntityMap } from './entity-rows.ts';
import { Handles, type ReadDb, type WriteDb } from './handles.ts';
import { migrate } from './migrations.ts';
import { workMigrations } from './work-schema.ts';

export interface StoreOptions {
  /** The profile's folder; holds work.db and cache.db. */
  readonly folder: string;
  readonly keys: { readonly work: Uint8Array; readonly cache: Uint8Array };
  readonly entities: EntityMap;
  readonly clock: Clock;
  /** Version of the running program. A cache in which an older one could not read rows is fetched anew. */
  readonly build?: string;
}

/** How the cache was found. Anything but `kept` means that it is empty and everything has to be fetched. */
export type CacheFound = 'kept' | 'created' | 'rebuilt-layout' | 'rebuilt-damaged' | 'rebuilt-build';

/** The open local store of one profile: work.db as main, cache.db attached as `cache`. */
export interface Store {
  readonly entities: EntityMap;
  /** How cache.db was found when it was opened or last reset. */
  cacheFound(): CacheFound;
  read<T>(fn: (db: ReadDb) => T): Result<T>;
  write<T>(fn: (db: WriteDb) => T): Result<T>;
  /** Throws the cache away and starts an empty one (resync, damage, sign-out of a role). work.db is untouched. */
  resetCache(): Result<void>;
  /** Moves everything out of the write-ahead logs and empties them, so that what was removed is gone. */
  checkpointTruncate(): Result<void>;
  /**
   * One small piece of upkeep, for idle moments: copies a grown log into its file, sweeps evicted rows (then truncates the log), or
   * merges the search index. Answers whether there is more to do. Call it between other work until it says no.
   */
  tidy(budgetMs: number): Result<{ hasMore: boolean }>;
  /** Reads every page of both files: which one is damaged after a `store/corrupt`. Slow; not for the open window. */
  diagnose(): { work: 'sound' | 'damaged'; cache: 'sound' | 'damaged' };
  close(): void;
}

export const workFile = (folder: string): string => join(folder, 'work.db');
export const cacheFile = (folder: string): string => join(folder, 'cache.db');
/** Where a damaged cache is kept until the next sound start. */
export const quarantineFile = (folder: string): string => join(folder, 'cache.db.damaged');

/** Frames in a log above which `tidy` copies it into its file (a few milliseconds of work). */
const tidyFrames = 250;

/**
 * Opens the store of a profile, creating what is missing. work.db is migrated and never thrown away: a damaged one is an error
 * (`store/corrupt` with params.file `work`; see `salvageWork`). A damaged, missing or outdated cache.db is replaced by an empty one.
 * Other errors: those of `openEncrypted` and `migrate`.
 */
export function openStore(options: StoreOptions): Result<Store> {
  const work = openEncrypted({ file: workFile(options.folder), key: options.keys.work });
  if (!work.ok) return fail({ ...work.error, params: { ...work.error.params, file: 'work' } });
  const migrated = migrate(work.value, workMigrations);
  if (!migrated.ok) {
    work.value.close();
    return fail({ ...migrated.error, params: { ...migrated.error.params, file: 'work' } });
  }
  const store = new OpenStore(options, work.value);
  const attached = store.start();
  if (attached.ok) return ok(store);
  store.close();
  return attached;
}

class OpenStore implements Store {
  readonly entities: EntityMap;
  private readonly options: StoreOptions;
  private readonly db: Sqlite;
  private readonly handles: Handles;
  private found: CacheFound = 'kept';

  constructor(options: StoreOptions, db: Sqlite) {
    this.options = options;
    this.entities = options.entities;
    this.db = db;
    this.handles = new Handles(db);
  }

  cacheFound(): CacheFound {
    return this.found;
  }

  read<T>(fn: (db: ReadDb) => T): Result<T> {
    return this.handles.read(fn);
  }

  write<T>(fn: (db: WriteDb) => T): Result<T> {
    return this.handles.write(fn);
  }

  /** Attaches the cache; replaces it when it is damaged or of another layout. */
  start(): Result<void> {
    const file = cacheFile(this.options.folder);
    const wasThere = existsSync(file);
    if (!wasThere) removeDatabase(file);
    const first = this.attach();
    if (first.ok) {
      const reason = wasThere ? this.outdated() : 'created';
      this.found = reason ?? 'kept';
      if (reason === null) {
        removeDatabase(quarantineFile(this.options.folder));
        return ok(undefined);
      }
      return reason === 'created' ? this.layOut() : this.replace();
    }
    if (
      first.error.code !== 'store/corrupt' &&
      first.error.code !== 'store/wrong-key' &&
      first.error.code !== 'store/not-encrypted'
    ) {
      return first;
    }
    this.found = 'rebuilt-damaged';
    this.quarantine();
    const again = this.attach();
    return again.ok ? this.layOut() : again;
  }

  resetCache(): Result<void> {
    this.found = 'created';
    return this.replace();
  }

  checkpointTruncate(): Result<void> {
    return this.guard(() => {
      this.db.pragma('main.wal_checkpoint(TRUNCATE)');
      this.db.pragma('cache.wal_checkpoint(TRUNCATE)');
    });
  }

  tidy(budgetMs: number): Result<{ hasMore: boolean }> {
    if (this.frames('cache') > tidyFrames || this.frames('main') > tidyFrames) {
      const copied = this.guard(() => {
        this.db.pragma('cache.wal_checkpoint(PASSIVE)');
        this.db.pragma('main.wal_checkpoint(PASSIVE)');
      });
      return copied.ok ? ok({ hasMore: true }) : copied;
    }
    const left = this.read((db) => ({ isDoomed: hasDoomedRows(db), isErased: hasErased(db) }));
    if (!left.ok) return left;
    if (left.value.isDoomed) {
      const swept = this.write((tx) => sweep(tx, { clock: this.options.clock, budgetMs: budgetMs / 2 }));
      if (!swept.ok) return swept;
      if (!swept.value.isDone) return ok({ hasMore: true });
    }
    if (left.value.isDoomed || left.value.isErased) {
      // Opening empties the log as well, so a crash between the two leaves nothing behind.
      const noted = this.write(forgetErased);
      const emptied = noted.ok ? this.checkpointTruncate() : noted;
      return emptied.ok ? ok({ hasMore: true }) : emptied;
    }
    return this.mergeSearch(budgetMs);
  }

  diagnose(): { work: 'sound' | 'damaged'; cache: 'sound' | 'damaged' } {
    const check = (schema: 'main' | 'cache'): 'sound' | 'damaged' => {
      try {
        return this.db.pragma(`${schema}.quick_check(1)`, { simple: true }) === 'ok' ? 'sound' : 'damaged';
      } catch (thrown) {
        storeError(thrown);
        return 'damaged';
      }
    };
    return { work: check('main'), cache: check('cache') };
  }

  close(): void {
    this.handles.forgetStatements();
    if (this.db.open) this.db.close();
  }

  private attach(): Result<void> {
    const opening = { file: cacheFile(this.options.folder), key: this.options.keys.cache };
    const refused = refuseBeforeOpening(opening);
    if (refused) return fail(inCache(refused));
    try {
      writeKeyCheck(opening);
      this.db.prepare(`attach ? as cache key "x'${hexOf(opening.key)}'"`).run(opening.file);
      this.db.pragma('cache.journal_mode = WAL');
      // What a power cut takes from the cache is fetched again: no sync at each commit.
      this.db.pragma('cache.synchronous = NORMAL');
      this.db.pragma('cache.secure_delete = ON');
      this.db.pragma('cache.cache_size = -65536');
      // Upkeep copies the logs in idle moments; this is only the net beneath it (16 MB).
      this.db.pragma('wal_autocheckpoint = 4000');
      this.db.prepare('select count(*) from cache.sqlite_schema').get();
      restoreKeyCheck(opening);
      // After a kill the log may still hold pages of what was evicted before it.
      this.db.pragma('cache.wal_checkpoint(TRUNCATE)');
      return ok(undefined);
    } catch (thrown) {
      const error = tellApart(opening, thrown);
      this.detach();
      return fail(inCache(error));
    }
  }

  private detach(): void {
    this.handles.forgetStatements();
    const isAttached = this.db.prepare(`select 1 from pragma_database_list where name = 'cache'`).get() !== undefined;
    if (isAttached) this.db.exec('detach cache');
  }

  private outdated(): CacheFound | null {
    if (Number(this.db.pragma('cache.user_version', { simple: true })) !== cacheVersion(this.entities))
      return 'rebuilt-layout';
    const known = this.read((db) => [readCacheMeta(db, 'has_rejected'), readCacheMeta(db, 'build')] as const);
    if (!known.ok) return 'rebuilt-damaged';
    const [hasRejected, build] = known.value;
    return hasRejected !== null && build !== (this.options.build ?? '') ? 'rebuilt-build' : null;
  }

  private layOut(): Result<void> {
    return this.write((tx) => {
      for (const sql of cacheSql(this.entities)) tx.run(sql);
      writeCacheMeta(tx, 'build', this.options.build ?? '');
      tx.run(`pragma cache.user_version = ${cacheVersion(this.entities)}`);
    });
  }

  private replace(): Result<void> {
    const removed = this.guard(() => {
      this.detach();
      removeDatabase(cacheFile(this.options.folder));
    });
    if (!removed.ok) return removed;
    const attached = this.attach();
    return attached.ok ? this.layOut() : attached;
  }

  private quarantine(): void {
    const file = cacheFile(this.options.folder);
    const aside = quarantineFile(this.options.folder);
    removeDatabase(aside);
    if (existsSync(file)) renameSync(file, aside);
    for (const part of ['-wal', '-shm', '.key-check']) rmSync(file + part, { force: true });
  }

  /** Frames not yet copied from a log into its file. */
  private frames(schema: 'main' | 'cache'): number {
    const answer = this.db.prepare(`pragma ${schema}.wal_checkpoint(NOOP)`).raw(true).get();
    if (!Array.isArray(answer)) return 0;
    return Math.max(0, Number(answer[1]) - Number(answer[2]));
  }

  private mergeSearch(budgetMs: number): Result<{ hasMore: boolean }> {
    const { clock } = this.options;
    return this.write((tx) => {
      const end = clock.monotonic() + budgetMs / 2;
      for (;;) {
        const before = tx.value<number>('select total_changes()') ?? 0;
        tx.run(`insert into cache.search(search, rank) values('merge', 4)`);
        // FTS5's own sign that a merge did something: more than the one row of the command itself.
        const hasMore = (tx.value<number>('select total_changes()') ?? 0) - before > 1;
        if (!hasMore || clock.monotonic() >= end) return { hasMore };
      }
    });
  }

  private guard(run: () => void): Result<void> {
    try {
      run();
      return ok(undefined);
    } catch (thrown) {
      return fail(storeError(thrown));
    }
  }
}

function inCache(error: AppError): AppError {
  return deskError(error.code, { retry: error.retry, params: { ...error.params, file: 'cache' } });
}
