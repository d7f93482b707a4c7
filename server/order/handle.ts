import type { WriteTx } from '#server/db/tx.ts';
import type { RowWrite } from '#server/replica/row-write.ts';
import type { Id } from '#shared/lib/ids.ts';
import { scopeOf } from '#shared/lib/scope.ts';
import type { Order, OrderMoney } from '#shared/order/model.ts';
import { insertOrders } from './store.ts';

/** Takes orders in; answers their rows, amounts apart from the rest. */
export async function addOrders(
  tx: WriteTx,
  org: Id,
  list: readonly { order: Order; money: OrderMoney }[],
): Promise<RowWrite[]> {
  await insertOrders(tx, org, list);
  return list.flatMap(({ order, money }) => [
    { scope: scopeOf.customer(order.customerId), entity: 'order', id: order.id, body: order },
    { scope: scopeOf.finance(order.customerId), entity: 'orderMoney', id: order.id, body: money },
  ]);
}
