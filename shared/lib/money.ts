import * as z from 'zod/mini';

/** An amount: integer minor units (cents) and an ISO 4217 code. Never a float. */
export const moneySchema = z.object({
  minor: z.int(),
  currency: z.string().check(z.regex(/^[A-Z]{3}$/)),
});
export type Money = z.infer<typeof moneySchema>;
