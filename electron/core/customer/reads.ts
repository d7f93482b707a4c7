import { entityRows } from '#core/db/entity-rows.ts';
import type { Read, Reading } from '#core/db/reading.ts';
import type { CustomerCard } from '#shared/customer/model.ts';
import { card } from '#shared/customer/queries.ts';
import type { Id } from '#shared/lib/ids.ts';
import { scopeOf } from '#shared/lib/scope.ts';
import { orderMoneySchema, orderSchema } from '#shared/order/model.ts';
import { contactRows, customerRows } from './rows.ts';

// Rows of the order slice, as the card reads them; the fields are those of an index it declares.
const orders = entityRows({
  entity: 'order',
  schema: orderSchema,
  indexes: [{ name: 'customer', fields: ['customerId', 'placedAt'] }],
});
const money = entityRows({ entity: 'orderMoney', schema: orderMoneySchema, indexes: [] });

/** Nothing of a customer is shown before the scope is whole; amounts only where the role holds them. */
function readCard(r: Reading, { customerId }: { readonly customerId: Id }): CustomerCard {
  if (!r.isHeld(scopeOf.customer(customerId))) return { customer: null, contacts: [], orders: [], isHeld: false };
  const where = { customerId };
  return {
    customer: r.row(customerRows, customerId)?.body ?? null,
    contacts: r.rows(contactRows, { where, orderBy: 'startedAt', isDescending: true }).map((row) => row.body),
    orders: r
      .rows(orders, { where, orderBy: 'placedAt', isDescending: true })
      .map(({ body: order }) => ({ order, money: r.row(money, order.id)?.body ?? null })),
    isHeld: true,
  };
}

/** How the customer slice answers its queries. */
export const reads: Readonly<Record<string, Read>> = { [card.name]: readCard };
