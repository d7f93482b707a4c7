import { type EntityRows, entityRows } from '#core/db/entity-rows.ts';
import { eventSchema, headSchema, messageSchema, noteSchema, receiptSchema } from '#shared/conversation/model.ts';

/** Lists ask for what is open, and for what one person resolved, the latest first. */
export const headRows = entityRows({
  entity: 'head',
  schema: headSchema,
  indexes: [{ name: 'list', fields: ['state', 'ownerId', 'resolvedAt'] }],
  searchText: (head) => `${head.customerName} ${head.snippet.text}`,
});

/** A thread is read backwards from its end, by order. */
const thread = [{ name: 'thread', fields: ['conversationId', 'order'] }];

export const messageRows = entityRows({
  entity: 'message',
  schema: messageSchema,
  indexes: thread,
  searchText: (message) => message.text,
});

export const noteRows = entityRows({
  entity: 'note',
  schema: noteSchema,
  indexes: thread,
  searchText: (note) => note.text,
});

export const eventRows = entityRows({ entity: 'event', schema: eventSchema, indexes: thread });

export const receiptRows = entityRows({ entity: 'receipt', schema: receiptSchema, indexes: [] });

/** What the conversation slice keeps in the cache. */
export const rows: readonly EntityRows[] = [headRows, messageRows, noteRows, eventRows, receiptRows];
