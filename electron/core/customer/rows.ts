import { type EntityRows, entityRows } from '#core/db/entity-rows.ts';
import { contactSchema, customerSchema } from '#shared/customer/model.ts';

export const customerRows = entityRows({
  entity: 'customer',
  schema: customerSchema,
  indexes: [],
  searchText: ({ name, email, phone }) => [name, email, phone].filter((word) => word !== null).join(' '),
});

export const contactRows = entityRows({
  entity: 'contact',
  schema: contactSchema,
  indexes: [{ name: 'customer', fields: ['customerId', 'startedAt'] }],
});

/** What the customer slice keeps in the cache. */
export const rows: readonly EntityRows[] = [customerRows, contactRows];
