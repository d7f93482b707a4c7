import { type EntityRows, entityRows } from '#core/db/entity-rows.ts';
import { orderMoneySchema, orderSchema } from '#shared/order/model.ts';

export const orderRows = entityRows({
  entity: 'order',
  schema: orderSchema,
  indexes: [{ name: 'customer', fields: ['customerId', 'placedAt'] }],
  searchText: (order) => order.number,
});

export const orderMoneyRows = entityRows({ entity: 'orderMoney', schema: orderMoneySchema, indexes: [] });

/** What the order slice keeps in the cache. */
export const rows: readonly EntityRows[] = [orderRows, orderMoneyRows];
