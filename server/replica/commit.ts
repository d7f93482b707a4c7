import { sql } from '#server/db/sql.ts';
import type { WriteTx } from '#server/db/tx.ts';
import type { AuditNote } from '#shared/audit/model.ts';
import type { OutcomeStatus } from '#shared/lib/command.ts';
import type { AppError } from '#shared/lib/errors.ts';
import type { Id, RandomBytes } from '#shared/lib/ids.ts';
import { canonicalJson } from '#shared/lib/json.ts';
import { type GrantFacts, type Regrant, regrant } from './holdings.ts';
import type { RowWrite } from './row-write.ts';

/** What one commit does to the organisation's stream. */
export interface CommitInput {
  readonly org: Id;
  /** hub time, epoch ms */
  readonly at: number;
  /** the command that causes it, named on every row it writes */
  readonly cmd: Id | null;
  readonly rows: readonly RowWrite[];
  readonly audit: readonly AuditNote[];
  readonly outcome?: {
    readonly device: Id;
    readonly n: number;
    readonly id: Id;
    readonly status: OutcomeStatus;
    readonly error: AppError | null;
  };
  /** whose rights changed, so that what devices hold follows in this very commit */
  readonly regrant?: Regrant;
}

export interface Committed {
  /**
   * The last seq it took. Awaited inside the transaction it costs a round trip under the organisation's lock: return it
   * (inside an object) and read it afterwards. Rejects when the transaction fails, which `inTransaction` tells too.
   */
  readonly lastSeq: Promise<number>;
}

export type Commit = (tx: WriteTx, input: CommitInput) => Promise<Committed>;

/** Two writes of one key in one commit leave the later. */
function lastPerKey(rows: readonly RowWrite[]): RowWrite[] {
  const byKey = new Map<string, RowWrite>();
  for (const row of rows) {
    const key = `${row.scope}\n${row.entity}\n${row.id}`;
    byKey.delete(key);
    byKey.set(key, row);
  }
  return [...byKey.values()];
}

/** An audit entry's canonical JSON around what only the database knows: its number, its hash, the hash before it. */
interface Pieces {
  readonly before: string;
  readonly middle: string;
  readonly last: string;
  readonly after: string;
}

function piecesOf(note: AuditNote, at: number, blank: string): Pieces {
  const text = canonicalJson({ ...note, at, chainNo: blank, hash: blank, prev: blank });
  const [before, middle, last, after, ...more] = text.split(JSON.stringify(blank));
  const isWhole = middle?.endsWith('"hash":') && last?.startsWith(',') && more.length === 0;
  if (before === undefined || middle === undefined || last === undefined || after === undefined || !isWhole)
    throw new Error('an audit entry cannot be taken apart');
  return { before, middle: middle.slice(0, -'"hash":'.length), last: last.slice(1), after };
}

function write(
  tx: WriteTx,
  input: CommitInput,
  rows: readonly RowWrite[],
  mark: string,
  blank: string,
): Promise<number> {
  const { org, at, cmd, audit, outcome } = input;
  const entries = audit.map((note) => ({ ...note, ...piecesOf(note, at, blank) }));
  const answer = tx.one(sql<{ last: number }>`
    select commit_to_stream(${org}::uuid, ${at}::bigint, ${cmd}::uuid, ${mark},
      ${rows.map((r) => r.scope)}::text[], ${rows.map((r) => r.entity)}::text[], ${rows.map((r) => r.id)}::text[],
      ${rows.map((r) => (r.body === null ? null : JSON.stringify(r.body)))}::text[],
      ${entries.map((e) => e.actorId)}::uuid[], ${entries.map((e) => e.act)}::text[], ${entries.map((e) => e.status)}::text[],
      ${entries.map((e) => e.before)}::text[], ${entries.map((e) => e.middle)}::text[],
      ${entries.map((e) => e.last)}::text[], ${entries.map((e) => e.after)}::text[],
      ${outcome?.device ?? null}::uuid, ${outcome?.n ?? null}::bigint, ${outcome?.id ?? null}::uuid,
      ${outcome?.status ?? null}, ${outcome?.error ? JSON.stringify(outcome.error) : null}) as last`);
  return answer.then(({ last }) => last);
}

/**
 * Makes the one function that commits. The caller has taken its row locks and written its own tables; here the
 * organisation's advisory lock is taken as a statement of its own and held to the end of the transaction, so the order
 * of seq is the order of commit and the audit chain cannot fork. After it nothing is locked. What devices hold is judged
 * under this lock, from facts every other commit has finished writing or will judge itself (README, decision 2).
 * Lock, writes and commit travel together: nobody waits for this process while it holds the lock, but for a regrant.
 */
export function makeCommit(facts: GrantFacts, random: RandomBytes): Commit {
  const secret = (): string => {
    const bytes = new Uint8Array(12);
    random(bytes);
    return Buffer.from(bytes).toString('base64url');
  };
  // Nobody outside can know it, so no entry can hold it by design; one that does is refused.
  const blank = secret();
  return async (tx, input) => {
    tx.later(sql`select pg_advisory_xact_lock(hashtextextended(${input.org}::text, 0))`);
    const granted = input.regrant ? (await regrant(tx, input.org, input.regrant, facts, secret())).rows : [];
    const lastSeq = write(tx, input, lastPerKey([...input.rows, ...granted]), secret(), blank);
    // Who does not read it hears of a failure from the transaction.
    lastSeq.catch(() => undefined);
    return { lastSeq };
  };
}
