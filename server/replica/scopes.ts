import { sql } from '#server/db/sql.ts';
import { type Db, inSnapshot } from '#server/db/tx.ts';
import type { Id } from '#shared/lib/ids.ts';
import type { ScopeText } from '#shared/lib/scope.ts';
import type { Cursor } from '#shared/wire/messages.ts';
import { judgeCursor } from './page.ts';

/** A row as a reader outside the organisation's desks gets it; body null = gone. */
export interface ScopeRow {
  readonly scope: ScopeText;
  readonly entity: string;
  readonly id: string;
  readonly body: string | null;
}

export interface ScopesAsk {
  readonly org: Id;
  /** scopes the reader holds nothing of: the newest `limit` rows as they are now, without what is gone */
  readonly fresh: readonly ScopeText[];
  /** scopes it holds completely up to `after`: everything since, with what is gone */
  readonly known: readonly ScopeText[];
  readonly after: Cursor | null;
  readonly limit: number;
}

/**
 * Rows of named scopes from one snapshot, in seq order, for a reader that is no desk (a visitor of the widget).
 * Answers null when the hub does not know the position `after`: the reader must start over.
 */
export function readScopes(db: Db, ask: ScopesAsk): Promise<{ rows: ScopeRow[]; upTo: Cursor; more: boolean } | null> {
  const { org, fresh, known, after, limit } = ask;
  return inSnapshot(db, async (read) => {
    if (after && (await judgeCursor(read, org, after)) !== null) return null;
    const head = await read.one(sql<Cursor>`select seq, mark from org_heads where org = ${org}::uuid`);
    const whole = await read.rows(sql<ScopeRow & { seq: number }>`
      select scope, entity, id, body, seq from replica
      where org = ${org}::uuid and scope = any(${fresh}::text[]) and body is not null order by seq desc limit ${limit}`);
    const news = await read.rows(sql<ScopeRow & { seq: number }>`
      select scope, entity, id, body, seq from replica
      where org = ${org}::uuid and scope = any(${known}::text[]) and seq > ${after?.seq ?? 0} order by seq limit ${limit}`);
    const last = news.length === limit ? news.at(-1) : undefined;
    let upTo: Cursor = head;
    if (last && last.seq < head.seq) {
      const commit = await read.one(sql<{ mark: string }>`
        select mark from commit_log where org = ${org}::uuid and last_seq >= ${last.seq} order by last_seq limit 1`);
      upTo = { seq: last.seq, mark: commit.mark };
    }
    const rows = [...whole.reverse(), ...news].map(({ scope, entity, id, body }) => ({ scope, entity, id, body }));
    return { rows, upTo, more: upTo.seq < head.seq };
  });
}
