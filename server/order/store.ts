import { sql } from '#server/db/sql.ts';
import type { WriteTx } from '#server/db/tx.ts';
import type { Id } from '#shared/lib/ids.ts';
import type { Order, OrderMoney } from '#shared/order/model.ts';

/** The table orders is named here. */

export async function insertOrders(
  tx: WriteTx,
  org: Id,
  list: readonly { order: Order; money: OrderMoney }[],
): Promise<void> {
  await tx.run(sql`
    insert into orders (org, id, customer_id, number, placed_at, promised_at, stage, stage_at, trouble, lines, currency, total_minor, captured_minor,
      refunded_minor, source, as_of)
    select ${org}::uuid, * from unnest(${list.map((o) => o.order.id)}::uuid[], ${list.map((o) => o.order.customerId)}::uuid[],
      ${list.map((o) => o.order.number)}::text[], ${list.map((o) => o.order.placedAt)}::bigint[], ${list.map((o) => o.order.promisedAt)}::bigint[],
      ${list.map((o) => o.order.stage)}::text[], ${list.map((o) => o.order.stageAt)}::bigint[], ${list.map((o) => o.order.trouble)}::text[],
      ${list.map((o) => JSON.stringify(o.order.lines))}::text[], ${list.map((o) => o.money.total.currency)}::text[],
      ${list.map((o) => o.money.total.minor)}::bigint[], ${list.map((o) => o.money.captured.minor)}::bigint[],
      ${list.map((o) => o.money.refunded.minor)}::bigint[], ${list.map((o) => o.order.source)}::text[], ${list.map((o) => o.order.asOf)}::bigint[])
    on conflict (org, id) do nothing`);
}
