import type { RowWrite } from '#server/replica/row-write.ts';
import type { Head, Message, Note, Receipt, ThreadEvent } from '#shared/conversation/model.ts';
import { scopeOf } from '#shared/lib/scope.ts';

/** A head stands in its team's scope while it is open, and with its conversation always. */
export function headRows(head: Head): RowWrite[] {
  return [
    { scope: scopeOf.team(head.teamId), entity: 'head', id: head.id, body: head.state === 'open' ? head : null },
    { scope: scopeOf.conversation(head.id), entity: 'head', id: head.id, body: head },
  ];
}

export function messageRow(message: Message): RowWrite {
  return { scope: scopeOf.publicOf(message.conversationId), entity: 'message', id: message.id, body: message };
}

export function noteRow(note: Note): RowWrite {
  return { scope: scopeOf.conversation(note.conversationId), entity: 'note', id: note.id, body: note };
}

export function eventRow(event: ThreadEvent): RowWrite {
  return { scope: scopeOf.conversation(event.conversationId), entity: 'event', id: event.id, body: event };
}

export function receiptRow(receipt: Receipt): RowWrite {
  return {
    scope: scopeOf.publicOf(receipt.conversationId),
    entity: 'receipt',
    id: `${receipt.conversationId}|${receipt.party}`,
    body: receipt,
  };
}
