import * as z from 'zod/mini';
import { decimal, optional } from '../door/fields.ts';

/** The body of `POST /v1/accounts/{account_id}/transfers`. Cash: `amount` and, where it is not the account's own, `currency`. Shares: `symbol` and `qty`. */
export const transferBody = z
  .strictObject({
    direction: z.enum(['INCOMING', 'OUTGOING']),
    amount: optional(decimal),
    currency: optional(z.string().check(z.maxLength(10))),
    symbol: optional(z.string().check(z.maxLength(21))),
    qty: optional(decimal),
  })
  .check(
    z.refine(({ amount, symbol }) => (amount === undefined) !== (symbol === undefined), {
      path: ['amount'],
      error: 'either amount (cash) or symbol with qty (shares)',
    }),
    z.refine(({ symbol, qty }) => (symbol === undefined) === (qty === undefined), {
      path: ['qty'],
      error: 'goes with symbol, and symbol with it',
    }),
  );
export type TransferBody = z.infer<typeof transferBody>;
