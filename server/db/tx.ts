import { Duplex } from 'node:stream';
import type { Client, Pool, PoolClient, QueryResult } from 'pg';
import { CommitUnknown, failureOf, isSpoilt } from './failure.ts';
import type { Sql } from './sql.ts';

/** What a function that only reads takes. A write through it is refused by the server. */
export interface ReadDb {
  /** All rows of the answer. */
  rows<Row>(statement: Sql<Row>): Promise<Row[]>;
  /** The one row of the answer, or null. Throws on more than one. */
  maybe<Row>(statement: Sql<Row>): Promise<Row | null>;
  /** The one row of the answer. Throws on none and on more than one. */
  one<Row>(statement: Sql<Row>): Promise<Row>;
}

declare const writes: unique symbol;

/** An open transaction: what a function that writes takes. Only `inTransaction` makes one, and after it ends every use throws. */
export interface WriteTx extends ReadDb {
  readonly [writes]: true;
  /** Runs a statement; answers how many rows it touched. */
  run(statement: Sql): Promise<number>;
  /**
   * Sends a statement without waiting: it travels with whatever follows. If it fails, the transaction cannot commit and
   * `inTransaction` throws its error. For writes whose answer nobody needs.
   */
  later(statement: Sql): void;
  /** Runs `hook` once the transaction has committed; never when it rolled back. What it throws is reported, not thrown. */
  afterCommit(hook: () => void): void;
}

/** The open database of this process. */
export interface Db extends ReadDb {
  readonly pool: Pool;
  /** Whose server it is: `outside` (by URL), or how our own was come by. */
  readonly origin: 'outside' | 'created' | 'started' | 'taken-over';
  reportError(error: unknown): void;
  /** A connection outside the pool, for what keeps one to itself (LISTEN, COPY). The caller ends it. */
  connect(): Promise<Client>;
  close(): Promise<void>;
}

type Query = (statement: { text: string; values: unknown[]; name?: string }) => Promise<QueryResult>;

function send(query: Query, { text, values, name }: Sql): Promise<QueryResult> {
  return query({ text, values: [...values], ...(name === undefined ? {} : { name }) });
}

/** The reading half of every handle, over one way to send. */
export function readOf(query: Query): ReadDb {
  const rows = async <Row>(statement: Sql<Row>): Promise<Row[]> => (await send(query, statement)).rows;
  const maybe = async <Row>(statement: Sql<Row>): Promise<Row | null> => {
    const found = await rows(statement);
    if (found.length > 1)
      throw new Error(`${found.length} rows where at most one was meant: ${statement.text.slice(0, 120)}`);
    return found[0] ?? null;
  };
  return {
    rows,
    maybe,
    async one<Row>(statement: Sql<Row>): Promise<Row> {
      const found = await maybe(statement);
      if (found === null) throw new Error(`no row where one was meant: ${statement.text.slice(0, 120)}`);
      return found;
    },
  };
}

/**
 * Runs `work` in one READ COMMITTED transaction and commits; when `work` throws, it rolls back and throws the same.
 * A value that `work` returns is committed, also when it says no: refusing is a value, not an exception.
 * `begin` travels with the first statement, `commit` with the last `later`.
 * `retries`: how often to run `work` anew after a conflict (serialization, deadlock); by default never, since `work`
 * may have done things outside the database. Throws `CommitUnknown` when the connection broke while committing.
 */
export async function inTransaction<T>(
  db: Db,
  work: (tx: WriteTx) => Promise<T>,
  { retries = 0 }: { readonly retries?: number } = {},
): Promise<T> {
  for (let left = retries; ; left -= 1) {
    const hooks: (() => void)[] = [];
    try {
      const value = await attempt(db, 'begin isolation level read committed read write', hooks, work);
      for (const hook of hooks) runHook(db, hook);
      return value;
    } catch (error) {
      if (left <= 0 || failureOf(error).kind !== 'conflict') throw error;
    }
  }
}

/** Runs `work` over one unchanging picture of the database (REPEATABLE READ, read only). */
export function inSnapshot<T>(db: Db, work: (read: ReadDb) => Promise<T>): Promise<T> {
  return attempt(db, 'begin isolation level repeatable read read only', [], work);
}

async function attempt<T>(db: Db, begin: string, hooks: (() => void)[], work: (tx: WriteTx) => Promise<T>): Promise<T> {
  const client = await db.pool.connect();
  let spoilt = false;
  try {
    return await onClient(client, begin, hooks, work);
  } catch (error) {
    spoilt = isSpoilt(error);
    throw error;
  } finally {
    client.release(spoilt || client.getTransactionStatus() !== 'I');
  }
}

async function onClient<T>(
  client: PoolClient,
  begin: string,
  hooks: (() => void)[],
  work: (tx: WriteTx) => Promise<T>,
): Promise<T> {
  let isLive = true;
  const sent: Promise<unknown>[] = [];
  const failed: unknown[] = [];
  const gather = gatherer(client);
  const query: Query = (statement) => {
    if (!isLive) throw new Error('this transaction has ended');
    gather();
    const answer = client.query(statement);
    // Watched here too, so that an answer nobody awaits can neither be lost nor end the process.
    sent.push(answer.catch((error: unknown) => failed.push(error)));
    return answer;
  };
  const tx: WriteTx = {
    ...brand,
    ...readOf(query),
    run: async (statement) => (await send(query, statement)).rowCount ?? 0,
    later: (statement) => void send(query, statement).catch(() => undefined),
    afterCommit(hook) {
      if (!isLive) throw new Error('this transaction has ended');
      hooks.push(hook);
    },
  };
  void query({ text: begin, values: [] }).catch(() => undefined);
  let value: T;
  try {
    value = await work(tx);
  } catch (error) {
    isLive = false;
    await Promise.all(sent);
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
  isLive = false;
  let end: QueryResult;
  gather();
  try {
    [end] = await Promise.all([client.query('commit'), ...sent]);
  } catch (error) {
    if (failureOf(error).kind === 'unavailable') throw new CommitUnknown(error);
    throw error;
  }
  // After a failed statement the server answers a commit by rolling back.
  if (end.command !== 'COMMIT') {
    const [first] = failed;
    throw first instanceof Error ? first : new Error('the server rolled back', { cause: first });
  }
  return value;
}

/**
 * Lets what is said in one turn of the loop go out in one piece: every write of its own wakes the server once more, and
 * costs this process as much as a small statement costs the server.
 */
function gatherer(client: PoolClient): () => void {
  const connection: unknown = Reflect.get(client, 'connection');
  const stream: unknown = typeof connection === 'object' && connection ? Reflect.get(connection, 'stream') : null;
  let isGathering = false;
  return () => {
    if (isGathering || !(stream instanceof Duplex)) return;
    isGathering = true;
    stream.cork();
    process.nextTick(() => {
      isGathering = false;
      stream.uncork();
    });
  };
}

const brand = {} as { readonly [writes]: true };

function runHook(db: Db, hook: () => void): void {
  try {
    hook();
  } catch (error) {
    db.reportError(error);
  }
}
