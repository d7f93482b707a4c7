import * as z from 'zod/mini';
import type { HubContext } from '#server/context.ts';
import { customerByExternal } from '#server/customer/handle.ts';
import { readScopes } from '#server/replica/scopes.ts';
import type { Id } from '#shared/lib/ids.ts';
import { scopeOf } from '#shared/lib/scope.ts';
import { orderMoneySchema, orderSchema } from '#shared/order/model.ts';
import type { ShopOrder, Shopper } from './pages.ts';
import type { ShopData } from './routes.ts';

/** The shop's numbers of the customers one can be: the demo company's first ones. */
const REFERENCES = ['maya', 'c2', 'c3', 'c5'];

function parse<T>(schema: z.core.$ZodType<T>, body: string): T | null {
  const parsed = z.safeParse(schema, JSON.parse(body));
  return parsed.success ? parsed.data : null;
}

/** The demo company's customers and orders, as its shop would have them. */
export function demoShopData({ db }: Pick<HubContext, 'db'>, org: Id): ShopData {
  return {
    async shoppers() {
      const found = await Promise.all(REFERENCES.map((reference) => customerByExternal(db, org, reference)));
      return found.flatMap((customer, i): Shopper[] =>
        customer ? [{ reference: REFERENCES[i] ?? '', name: customer.name }] : [],
      );
    },
    async ordersOf(reference) {
      const customer = await customerByExternal(db, org, reference);
      if (!customer) return [];
      const scopes = [scopeOf.customer(customer.id), scopeOf.finance(customer.id)];
      const page = await readScopes(db, { org, fresh: scopes, known: [], after: null, limit: 200 });
      const rows = page?.rows ?? [];
      const money = rows.flatMap((r) =>
        r.entity === 'orderMoney' && r.body ? (parse(orderMoneySchema, r.body) ?? []) : [],
      );
      const orders = rows.flatMap((r) => (r.entity === 'order' && r.body ? (parse(orderSchema, r.body) ?? []) : []));
      return orders
        .sort((a, b) => b.placedAt - a.placedAt)
        .map((order): ShopOrder => ({ order, money: money.find((m) => m.id === order.id) ?? null }));
    },
  };
}
