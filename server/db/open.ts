import type { PoolConfig } from 'pg';
import { Client, Pool, types } from 'pg';
import { hubError } from '#shared/lib/errors.ts';
import type { Result } from '#shared/lib/result.ts';
import { fail, ok } from '#shared/lib/result.ts';
import type { EmbeddedOptions, EmbeddedServer } from './embedded.ts';
import { startEmbedded } from './embedded.ts';
import { failureOf } from './failure.ts';
import type { Address } from './launch.ts';
import type { Db } from './tx.ts';
import { readOf } from './tx.ts';

/** Limits of every connection; milliseconds. */
export interface DbLimits {
  /** Connections of this process. */
  readonly most?: number;
  readonly statementMs?: number;
  readonly lockMs?: number;
  /** A transaction that sits idle longer is ended by the server, so that its locks cannot stay. */
  readonly idleInTransactionMs?: number;
  /** How long a caller waits for a free connection. */
  readonly connectMs?: number;
}

/** Which database: one somewhere (URL), one whose address is known (tests), or our own. */
export type DbSource = { readonly url: string } | { readonly address: Address } | EmbeddedOptions;

export type OpenOptions = DbSource & {
  readonly limits?: DbLimits;
  /** Told of trouble on connections nobody was using, and of after-commit hooks that threw. */
  readonly onError?: (error: unknown) => void;
};

/** The oldest server whose SQL we use. */
const oldest = 150_000;

/**
 * Opens the hub's database and checks that it answers and is new enough. `close` ends the connections, then the server
 * if it is ours. Migrations are a step of their own (`migrate`).
 * Errors: those of `startEmbedded`; `database/unreachable`, `database/too-old`.
 */
export async function openDb(options: OpenOptions): Promise<Result<Db>> {
  let server: EmbeddedServer | null = null;
  let connection: PoolConfig;
  if ('url' in options) connection = { connectionString: options.url };
  else if ('address' in options) connection = { ...options.address };
  else {
    const started = await startEmbedded(options);
    if (!started.ok) return started;
    server = started.value;
    connection = { ...server.address };
  }
  const onError = options.onError ?? (() => undefined);
  const pool = makePool(connection, options.limits ?? {});
  pool.on('error', onError);
  let isOpen = true;
  const db: Db = {
    ...readOf((statement) => pool.query(statement)),
    pool,
    origin: server?.origin ?? 'outside',
    reportError: onError,
    async connect() {
      const client = new Client({
        ...connection,
        keepAlive: true,
        application_name: 'fairlead-hub',
        types: { getTypeParser },
      });
      client.on('error', onError);
      await client.connect();
      return client;
    },
    async close() {
      if (!isOpen) return;
      isOpen = false;
      await pool.end();
      await server?.stop();
    },
  };
  try {
    const version = await pool.query<{ n: number }>(`select current_setting('server_version_num')::int as n`);
    const n = version.rows[0]?.n ?? 0;
    if (n >= oldest) return ok(db);
    await db.close();
    return fail(
      hubError('database/too-old', {
        params: {
          why: `the database is PostgreSQL ${Math.floor(n / 10_000)}; this hub needs ${oldest / 10_000} or newer`,
        },
      }),
    );
  } catch (error) {
    await db.close();
    // The words of the driver may repeat what was typed as URL; its code never does.
    const code = error instanceof Error && 'code' in error ? String(error.code) : failureOf(error).kind;
    return fail(
      hubError('database/unreachable', { retry: 'later', params: { why: `the database cannot be reached (${code})` } }),
    );
  }
}

function makePool(connection: PoolConfig, limits: DbLimits): Pool {
  const set = [
    // What is not a write transaction cannot write: `begin` asks for it (see tx.ts).
    'default_transaction_read_only = on',
    `statement_timeout = ${limits.statementMs ?? 15_000}`,
    `lock_timeout = ${limits.lockMs ?? 5_000}`,
    `idle_in_transaction_session_timeout = ${limits.idleInTransactionMs ?? 30_000}`,
  ];
  return new Pool({
    ...connection,
    // Statements are sent without waiting for the answers before them: begin, lock and read are one round trip.
    pipeline: true,
    max: limits.most ?? 16,
    idleTimeoutMillis: 60_000,
    connectionTimeoutMillis: limits.connectMs ?? 5_000,
    keepAlive: true,
    application_name: 'fairlead-hub',
    types: { getTypeParser },
    async onConnect(client) {
      // A connection that breaks while in use also emits; whoever uses it hears of it through the failed statement.
      client.on('error', () => undefined);
      await client.query(set.map((s) => `set ${s}`).join('; '));
    },
  });
}

const int8 = 20;
const int8Array = 1016;

/**
 * int8 comes as a JS number; one that a JS number cannot hold throws instead of being rounded. Everything else as `pg`
 * does it; note that numeric (also what sum(int8) gives) is text.
 */
const getTypeParser: typeof types.getTypeParser = (oid: number, format?: string) => {
  if (format !== 'binary' && oid === int8) return parseInt8;
  if (format !== 'binary' && oid === int8Array) return parseInt8Array;
  return format === 'binary' ? types.getTypeParser(oid, 'binary') : types.getTypeParser(oid, 'text');
};

function parseInt8(text: string): number {
  const n = Number(text);
  if (!Number.isSafeInteger(n)) throw new RangeError(`${text} is beyond what a JS number holds exactly`);
  return n;
}

function parseInt8Array(text: string): (number | null)[] {
  const inner = text.slice(1, -1);
  return inner === '' ? [] : inner.split(',').map((t) => (t === 'NULL' ? null : parseInt8(t)));
}
