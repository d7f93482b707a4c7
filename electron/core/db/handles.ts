import type Database from 'better-sqlite3';
import { type AppError, deskError } from '#shared/lib/errors.ts';
import { fail, ok, type Result } from '#shared/lib/result.ts';
import { type Sqlite, storeError } from './driver.ts';

/** What SQLite gives and takes. */
export type SqlValue = string | number | null | Uint8Array;
/** A row as SQLite gives it. Bodies and other JSON stay text until a schema has parsed them. */
export type SqlRow = { readonly [column: string]: SqlValue };

declare const readable: unique symbol;
declare const writable: unique symbol;

/** May read. Given to a function for the length of one call; dead afterwards. */
export interface ReadDb {
  readonly [readable]: true;
  /** All rows. The row type is the caller's claim about its own SQL. */
  all<Row extends SqlRow>(sql: string, ...params: SqlValue[]): Row[];
  /** The first row. */
  get<Row extends SqlRow>(sql: string, ...params: SqlValue[]): Row | undefined;
  /** The first column of every row. */
  values<Value extends SqlValue>(sql: string, ...params: SqlValue[]): Value[];
  /** The first column of the first row. */
  value<Value extends SqlValue>(sql: string, ...params: SqlValue[]): Value | undefined;
}

/** May write: one open transaction. Dead once it is committed or rolled back. */
export interface WriteDb extends ReadDb {
  readonly [writable]: true;
  run(sql: string, ...params: SqlValue[]): { changes: number; lastId: number };
  /** Rolls everything back; `write` answers this error. */
  abort(error: AppError): never;
  /** Runs when the transaction is on disk, in the order given; never when it was rolled back. */
  afterCommit(effect: () => void): void;
}

class Aborted extends Error {
  readonly error: AppError;
  constructor(error: AppError) {
    super(error.code);
    this.error = error;
  }
}

type Prepared = Database.Statement<unknown[]>;

/**
 * Hands out reading and writing on one connection. Statements are prepared once per SQL text, so SQL must be constant text with
 * parameters. Everything is synchronous; a function that answers a promise is a defect and is refused.
 */
export class Handles {
  private readonly db: Sqlite;
  private readonly rows = new Map<string, Prepared>();
  private readonly firsts = new Map<string, Prepared>();
  private isWriting = false;

  constructor(db: Sqlite) {
    this.db = db;
  }

  /** Runs a reading function. Errors are `store/closed` and those of `storeError`. */
  read<T>(fn: (db: ReadDb) => T): Result<T> {
    if (!this.db.open) return fail(deskError('store/closed'));
    const life = { isOver: false };
    try {
      return ok(refusePromise(fn(this.readDb(life))));
    } catch (thrown) {
      if (thrown instanceof Aborted) throw thrown;
      return fail(storeError(thrown));
    } finally {
      life.isOver = true;
    }
  }

  /**
   * Runs a writing function in one immediate transaction: committed when it returns, rolled back when it throws or aborts.
   * Errors are the aborted one, `store/closed`, or those of `storeError` (`store/disk-full` above all); nothing is kept then.
   */
  write<T>(fn: (db: WriteDb) => T): Result<T> {
    if (!this.db.open) return fail(deskError('store/closed'));
    if (this.isWriting) throw new Error('a write inside a write: pass the WriteDb on instead');
    const life = { isOver: false };
    const effects: (() => void)[] = [];
    let value: T;
    this.isWriting = true;
    try {
      this.statement(this.rows, 'begin immediate').run();
      value = refusePromise(fn(this.writeDb(life, effects)));
      this.statement(this.rows, 'commit').run();
    } catch (thrown) {
      // SQLite may have rolled back by itself (disk full, i/o error).
      if (this.db.inTransaction) this.db.exec('rollback');
      return fail(thrown instanceof Aborted ? thrown.error : storeError(thrown));
    } finally {
      life.isOver = true;
      this.isWriting = false;
    }
    for (const effect of effects) effect();
    return ok(value);
  }

  /** Forgets prepared statements; needed before a file is detached. */
  forgetStatements(): void {
    this.rows.clear();
    this.firsts.clear();
  }

  private statement(cache: Map<string, Prepared>, sql: string): Prepared {
    const known = cache.get(sql);
    if (known) return known;
    const prepared = this.db.prepare(sql);
    if (cache === this.firsts) prepared.pluck(true);
    cache.set(sql, prepared);
    return prepared;
  }

  private readDb(life: { readonly isOver: boolean }): ReadDb {
    const reader = (cache: Map<string, Prepared>, sql: string): Prepared => {
      if (life.isOver) throw new Error('this handle is over: it was valid only inside read or write');
      const prepared = this.statement(cache, sql);
      if (!prepared.readonly && !this.isWriting) throw new Error('a ReadDb may not write');
      return prepared;
    };
    // The driver cannot know what a statement answers: the row types are the claim of whoever wrote the SQL.
    return {
      all: <Row>(sql: string, ...params: SqlValue[]) => reader(this.rows, sql).all(...params) as Row[],
      get: <Row>(sql: string, ...params: SqlValue[]) => reader(this.rows, sql).get(...params) as Row | undefined,
      values: <Value>(sql: string, ...params: SqlValue[]) => reader(this.firsts, sql).all(...params) as Value[],
      value: <Value>(sql: string, ...params: SqlValue[]) =>
        reader(this.firsts, sql).get(...params) as Value | undefined,
    } as ReadDb;
  }

  private writeDb(life: { readonly isOver: boolean }, effects: (() => void)[]): WriteDb {
    const run: WriteDb['run'] = (sql, ...params) => {
      if (life.isOver) throw new Error('this transaction is over');
      const { changes, lastInsertRowid } = this.statement(this.rows, sql).run(...params);
      return { changes, lastId: Number(lastInsertRowid) };
    };
    const abort = (error: AppError): never => {
      throw new Aborted(error);
    };
    const afterCommit = (effect: () => void): void => {
      if (life.isOver) throw new Error('this transaction is over');
      effects.push(effect);
    };
    return { ...this.readDb(life), run, abort, afterCommit } as WriteDb;
  }
}

function refusePromise<T>(value: T): T {
  if (value instanceof Promise)
    throw new Error('reading and writing are synchronous: a promise would outlive the handle');
  return value;
}
