import { createHash } from 'node:crypto';
import { sql } from '#server/db/sql.ts';
import type { WriteTx } from '#server/db/tx.ts';
import type { AuditNote } from '#shared/audit/model.ts';
import { hashOf } from '#shared/audit/rules.ts';
import type { OutcomeStatus } from '#shared/lib/command.ts';
import type { AppError } from '#shared/lib/errors.ts';
import type { Id, RandomBytes } from '#shared/lib/ids.ts';
import { canonicalJson } from '#shared/lib/json.ts';
import { type GrantFacts, type Regrant, type RegrantDone, regrant } from './holdings.ts';
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
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly mark: string;
  readonly regrant: RegrantDone;
}

export type Commit = (tx: WriteTx, input: CommitInput) => Promise<Committed>;

interface HeadRow {
  seq: number;
  chain_no: number;
  chain_hash: string;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

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

function writeRows(tx: WriteTx, input: CommitInput, rows: readonly RowWrite[], firstSeq: number): void {
  const live = rows.map((row, i) => ({ row, seq: firstSeq + i })).filter(({ row }) => row.body !== null);
  const gone = rows.map((row, i) => ({ row, seq: firstSeq + i })).filter(({ row }) => row.body === null);
  if (live.length > 0) {
    tx.later(sql`
      insert into replica (org, scope, entity, id, seq, body, cmd, at)
      select ${input.org}::uuid, s, e, i, q, b, ${input.cmd}::uuid, ${input.at}::bigint
      from unnest(${live.map((l) => l.row.scope)}::text[], ${live.map((l) => l.row.entity)}::text[], ${live.map((l) => l.row.id)}::text[],
        ${live.map((l) => l.seq)}::bigint[], ${live.map((l) => JSON.stringify(l.row.body))}::text[]) as t(s, e, i, q, b)
      on conflict (org, scope, entity, id) do update set seq = excluded.seq, body = excluded.body, cmd = excluded.cmd, at = excluded.at`);
  }
  if (gone.length > 0) {
    tx.later(sql`
      update replica r set seq = t.q, body = null, cmd = ${input.cmd}::uuid, at = ${input.at}::bigint
      from unnest(${gone.map((g) => g.row.scope)}::text[], ${gone.map((g) => g.row.entity)}::text[], ${gone.map((g) => g.row.id)}::text[],
        ${gone.map((g) => g.seq)}::bigint[]) as t(s, e, i, q)
      where r.org = ${input.org}::uuid and r.scope = t.s and r.entity = t.e and r.id = t.i`);
  }
}

function writeAudit(tx: WriteTx, input: CommitInput, head: HeadRow): { no: number; hash: string } {
  let no = head.chain_no;
  let prev = head.chain_hash;
  const entries = input.audit.map((note) => {
    no += 1;
    const content = { ...note, chainNo: no, at: input.at, prev };
    const hash = hashOf(content, sha256);
    prev = hash;
    return { content, hash };
  });
  if (entries.length > 0) {
    tx.later(sql`
      insert into audit_entries (org, chain_no, at, actor_id, act, status, entry, hash)
      select ${input.org}::uuid, no, ${input.at}::bigint, actor, act, status, entry, hash
      from unnest(${entries.map((e) => e.content.chainNo)}::bigint[], ${entries.map((e) => e.content.actorId)}::uuid[],
        ${entries.map((e) => e.content.act)}::text[], ${entries.map((e) => e.content.status)}::text[],
        ${entries.map((e) => canonicalJson({ ...e.content, hash: e.hash }))}::text[], ${entries.map((e) => e.hash)}::text[])
        as t(no, actor, act, status, entry, hash)`);
  }
  return { no, hash: prev };
}

/**
 * Makes the one function that commits. The caller has taken its row locks and written its own tables; here the
 * organisation's advisory lock is taken as a statement of its own and held to the end of the transaction, so the order
 * of seq is the order of commit and the audit chain cannot fork. After it nothing is locked. What devices hold is judged
 * under this lock, from facts every other commit has finished writing or will judge itself (README, decision 2).
 */
export function makeCommit(facts: GrantFacts, random: RandomBytes): Commit {
  return async (tx, input) => {
    tx.later(sql`select pg_advisory_xact_lock(hashtextextended(${input.org}::text, 0))`);
    const head = await tx.one(
      sql<HeadRow>`select seq, chain_no, chain_hash from org_heads where org = ${input.org}::uuid`,
    );
    const done: RegrantDone = input.regrant
      ? await regrant(tx, input.org, input.regrant, facts)
      : { rows: [], added: 0, removed: 0 };
    const rows = lastPerKey([...input.rows, ...done.rows]);
    const firstSeq = head.seq + 1;
    // A commit without rows still takes a place, so that its outcome has one.
    const lastSeq = head.seq + Math.max(1, rows.length);
    const bytes = new Uint8Array(12);
    random(bytes);
    const mark = Buffer.from(bytes).toString('base64url');
    writeRows(tx, input, rows, firstSeq);
    const chain = writeAudit(tx, input, head);
    tx.later(sql`
      insert into commit_log (org, last_seq, first_seq, mark, at)
      values (${input.org}::uuid, ${lastSeq}, ${firstSeq}, ${mark}, ${input.at})`);
    if (input.outcome) {
      const { device, n, id, status, error } = input.outcome;
      tx.later(sql`
        insert into outcomes (org, device, n, id, status, error, seq, at)
        values (${input.org}::uuid, ${device}::uuid, ${n}, ${id}::uuid, ${status}, ${error ? JSON.stringify(error) : null}, ${lastSeq}, ${input.at})`);
      tx.later(
        sql`update devices set last_n = ${n}, last_id = ${id}::uuid where org = ${input.org}::uuid and id = ${device}::uuid`,
      );
    }
    tx.later(sql`
      update org_heads set seq = ${lastSeq}, mark = ${mark}, chain_no = ${chain.no}, chain_hash = ${chain.hash}
      where org = ${input.org}::uuid`);
    return { firstSeq, lastSeq, mark, regrant: done };
  };
}
