import * as z from 'zod/mini';
import { channelSchema, resolutionSchema } from '../conversation/model.ts';
import { idSchema } from '../lib/ids.ts';
import { orderMoneySchema, orderSchema } from '../order/model.ts';

/** How sure we are who this is: anonymous visitor, signed in at the shop, or checked another way. */
export const verificationSchema = z.enum(['anonymous', 'site', 'checked']);

/** Entity `customer`, scope `customer:C`: who the customer is. */
export const customerSchema = z.object({
  id: idSchema,
  name: z.string().check(z.maxLength(120)),
  email: z.nullable(z.string().check(z.maxLength(254))),
  phone: z.nullable(z.string().check(z.maxLength(40))),
  tier: z.enum(['standard', 'silver', 'gold']),
  region: z.string().check(z.maxLength(60)),
  language: z.string().check(z.maxLength(20)),
  verification: verificationSchema,
  since: z.nullable(z.int()),
  source: z.string().check(z.maxLength(40)),
  asOf: z.int(),
});
export type Customer = z.infer<typeof customerSchema>;

/** Entity `contact`, scope `customer:C`: one conversation of the customer, past or present. id = the conversation's. */
export const contactSchema = z.object({
  id: idSchema,
  customerId: idSchema,
  channel: z.union([channelSchema, z.enum(['email', 'phone', 'whatsapp', 'sms'])]),
  startedAt: z.int(),
  endedAt: z.nullable(z.int()),
  topic: z.string().check(z.maxLength(200)),
  resolution: z.nullable(resolutionSchema),
  agentName: z.nullable(z.string().check(z.maxLength(120))),
});
export type Contact = z.infer<typeof contactSchema>;

/** What the context pane shows of a customer. */
export const customerCardSchema = z.object({
  customer: z.nullable(customerSchema),
  contacts: z.array(contactSchema),
  orders: z.array(z.object({ order: orderSchema, money: z.nullable(orderMoneySchema) })),
  isHeld: z.boolean(),
});
export type CustomerCard = z.infer<typeof customerCardSchema>;
