import * as z from 'zod/mini';
import { parseScaled } from '../../../domain/values/decimal.ts';
import { describedAs } from '../door/described.ts';
import { decimal } from '../door/fields.ts';
import { orderSchema } from './order-json.ts';
import { refusalSchema } from './refusal-json.ts';

const percentHint = 'more than 0 and at most 100, with at most nine decimals';
const percentDecimals = 9;

/** The percentage in units of 10^-9. */
const percentage = describedAs(
  z
    .pipe(
      decimal,
      z.transform((text) => parseScaled(text, percentDecimals) ?? 0),
    )
    .check(z.refine((scaled) => scaled > 0 && scaled <= 100 * 10 ** percentDecimals, percentHint)),
  { type: 'number', exclusiveMinimum: 0, maximum: 100 },
);

/** The query of `DELETE /v2/positions/{symbol_or_asset_id}`. Neither: all of it. */
export const closePositionQuery = z
  .strictObject({ qty: z.optional(decimal), percentage: z.optional(percentage) })
  .check(
    z.refine(({ qty, percentage: share }) => qty === undefined || share === undefined, {
      path: ['percentage'],
      error: 'not together with qty',
    }),
  );
export type ClosePositionQuery = z.infer<typeof closePositionQuery>;

/** The query of `DELETE /v2/positions`. */
export const closePositionsQuery = z.strictObject({
  cancel_orders: z._default(z.enum(['true', 'false']), 'false'),
});

export const closedPositionsSchema = z.array(
  z
    .strictObject({
      symbol: z.string(),
      status: z.int(),
      body: z.union([orderSchema, refusalSchema]),
    })
    .register(z.globalRegistry, { id: 'ClosedPosition' }),
);

/** How many lots a part of a position is: rounded down, so that no more is sold than was asked. */
export function lotsOf(total: number, share: number | undefined): number {
  if (share === undefined) return total;
  return Number((BigInt(total) * BigInt(share)) / (100n * 10n ** BigInt(percentDecimals)));
}
