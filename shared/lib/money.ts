import * as z from 'zod/mini';

/** An amount: integer minor units (cents) and an ISO 4217 code. Never a float. */
export const moneySchema = z.object({
  minor: z.int(),
  currency: z.string().check(z.regex(/^[A-Z]{3}$/)),
});
export type Money = z.infer<typeof moneySchema>;

/** Adds two amounts of one currency. Throws when the currencies differ or the sum is not a safe integer. */
export function addMoney(a: Money, b: Money): Money {
  if (a.currency !== b.currency) throw new RangeError(`cannot add ${b.currency} to ${a.currency}`);
  const minor = a.minor + b.minor;
  if (!Number.isSafeInteger(minor)) throw new RangeError('amount out of range');
  return { minor, currency: a.currency };
}
