import * as z from 'zod/mini';
import { idSchema } from '../lib/ids.ts';
import type { QueryDef } from '../lib/query.ts';
import { scopeOf } from '../lib/scope.ts';
import { customerCardSchema } from './model.ts';

const cardArgs = z.object({ customerId: idSchema });

/** `customer.card`: who the customer is, orders with stage, past conversations newest first. */
export const card: QueryDef<z.infer<typeof cardArgs>, z.infer<typeof customerCardSchema>> = {
  name: 'customer.card',
  args: cardArgs,
  result: customerCardSchema,
  rests: ({ customerId }) => [
    { entity: 'customer', scope: scopeOf.customer(customerId) },
    { entity: 'contact', scope: scopeOf.customer(customerId) },
    { entity: 'order', scope: scopeOf.customer(customerId) },
    { entity: 'orderMoney', scope: scopeOf.finance(customerId) },
    { entity: 'local.scope', scope: scopeOf.customer(customerId) },
  ],
};
