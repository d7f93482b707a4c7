import * as z from 'zod/mini';
import { idSchema } from '../lib/ids.ts';
import { moneySchema } from '../lib/money.ts';

/** The stages of an order, in their sequence. */
export const orderStages = ['placed', 'paid', 'picked', 'packed', 'depot', 'delivered'] as const;
export const orderStageSchema = z.enum(orderStages);
export type OrderStage = z.infer<typeof orderStageSchema>;

/** Entity `order`, scope `customer:C`: what was ordered and where it is; no amounts. */
export const orderSchema = z.object({
  id: idSchema,
  number: z.string().check(z.maxLength(20)),
  customerId: idSchema,
  placedAt: z.int(),
  promisedAt: z.nullable(z.int()),
  stage: orderStageSchema,
  stageAt: z.int(),
  /** set when the present stage does not go as it should */
  trouble: z.nullable(z.string().check(z.maxLength(200))),
  lines: z.array(
    z.object({ sku: z.string().check(z.maxLength(30)), title: z.string().check(z.maxLength(120)), quantity: z.int() }),
  ),
  source: z.string().check(z.maxLength(40)),
  asOf: z.int(),
});
export type Order = z.infer<typeof orderSchema>;

/** Entity `orderMoney`, scope `customer:C:finance`: the amounts of an order. id = the order's. */
export const orderMoneySchema = z.object({
  id: idSchema,
  customerId: idSchema,
  total: moneySchema,
  captured: moneySchema,
  refunded: moneySchema,
  asOf: z.int(),
});
export type OrderMoney = z.infer<typeof orderMoneySchema>;
