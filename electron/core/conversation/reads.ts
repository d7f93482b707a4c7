import { draftHistory, readDraft } from '#core/db/drafts.ts';
import type { Read, Reading } from '#core/db/reading.ts';
import type { Draft, Head } from '#shared/conversation/model.ts';
import { draft, head, thread } from '#shared/conversation/queries.ts';
import type { Id } from '#shared/lib/ids.ts';
import { headRows } from './rows.ts';
import { readThread } from './thread.ts';

type ByConversation = { readonly conversationId: Id };

function readHead(r: Reading, { conversationId }: ByConversation): Head | null {
  return r.row(headRows, conversationId)?.body ?? null;
}

function readWriting(r: Reading, { conversationId }: ByConversation): { draft: Draft | null; history: Draft[] } {
  const draftOf = (text: string, kind: string, updatedAt: number): Draft => ({
    conversationId,
    kind: kind === 'note' ? 'note' : 'reply',
    text,
    updatedAt,
  });
  const now = readDraft(r.db, conversationId);
  return {
    draft: now && draftOf(now.text, now.kind, now.updatedAt),
    history: draftHistory(r.db, conversationId).map(({ text, kind, at }) => draftOf(text, kind, at)),
  };
}

/** How the conversation slice answers its queries. */
export const reads: Readonly<Record<string, Read>> = {
  [thread.name]: readThread,
  [head.name]: readHead,
  [draft.name]: readWriting,
};
