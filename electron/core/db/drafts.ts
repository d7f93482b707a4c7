import type { ReadDb, WriteDb } from './handles.ts';

/** What a person is writing in a conversation. `basis` is JSON text: the versions it is being written on. */
export interface Draft {
  readonly conversation: string;
  readonly text: string;
  readonly kind: string;
  readonly basis: string;
  readonly updatedAt: number;
}

/** An earlier text of a draft. */
export interface PastDraft {
  readonly at: number;
  readonly kind: string;
  readonly text: string;
}

/** Kept per conversation. */
export const draftHistoryLimit = 20;
/** A text that stood at least this long before more was written is worth going back to. */
const settledMs = 30_000;

type DraftRow = { conversation: string; text: string; kind: string; basis: string; updated_at: number };

/** The draft of a conversation, or null. */
export function readDraft(db: ReadDb, conversation: string): Draft | null {
  const row = db.get<DraftRow>('select * from main.draft where conversation = ?', conversation);
  return row ? draftOf(row) : null;
}

/** All drafts, the latest first. */
export function readDrafts(db: ReadDb): Draft[] {
  return db.all<DraftRow>('select * from main.draft order by updated_at desc').map(draftOf);
}

/** Earlier texts of a conversation's drafts, the latest first. */
export function draftHistory(db: ReadDb, conversation: string): PastDraft[] {
  return db.all<PastDraft & { [column: string]: string | number }>(
    'select at, kind, text from main.draft_history where conversation = ? order by n desc',
    conversation,
  );
}

/**
 * Saves what stands in the composer. The text it replaces goes into the history when it stood for a while, when most of it is
 * being taken away, or when it was of another kind (a note is not an earlier reply).
 */
export function saveDraft(tx: WriteDb, draft: Draft): void {
  const old = readDraft(tx, draft.conversation);
  if (old && isWorthKeeping(old, draft)) keepInHistory(tx, old);
  tx.run(
    `insert into main.draft(conversation, text, kind, basis, updated_at) values(?, ?, ?, ?, ?)
     on conflict do update set text = excluded.text, kind = excluded.kind, basis = excluded.basis, updated_at = excluded.updated_at`,
    draft.conversation,
    draft.text,
    draft.kind,
    draft.basis,
    draft.updatedAt,
  );
}

/** Ends a draft (sent, or given up); its text stays in the history. */
export function endDraft(tx: WriteDb, conversation: string): void {
  const old = readDraft(tx, conversation);
  if (!old) return;
  if (old.text.trim() !== '') keepInHistory(tx, old);
  tx.run('delete from main.draft where conversation = ?', conversation);
}

/** Removes a conversation's draft and history for good. */
export function forgetDrafts(tx: WriteDb, conversation: string): void {
  tx.run('delete from main.draft where conversation = ?', conversation);
  tx.run('delete from main.draft_history where conversation = ?', conversation);
}

function isWorthKeeping(old: Draft, next: Draft): boolean {
  if (old.text.trim() === '' || old.text === next.text) return false;
  if (old.kind !== next.kind || next.text.length * 2 < old.text.length) return true;
  return next.updatedAt - old.updatedAt >= settledMs;
}

function keepInHistory(tx: WriteDb, old: Draft): void {
  const { conversation, updatedAt, kind, text } = old;
  const latest = draftHistory(tx, conversation)[0];
  if (latest?.text === text && latest.kind === kind) return;
  tx.run(
    'insert into main.draft_history(conversation, at, kind, text) values(?, ?, ?, ?)',
    conversation,
    updatedAt,
    kind,
    text,
  );
  tx.run(
    `delete from main.draft_history where conversation = ? and n not in
       (select n from main.draft_history where conversation = ? order by n desc limit ?)`,
    conversation,
    conversation,
    draftHistoryLimit,
  );
}

function draftOf(row: DraftRow): Draft {
  const { conversation, text, kind, basis, updated_at: updatedAt } = row;
  return { conversation, text, kind, basis, updatedAt };
}
