import * as z from 'zod';
import { ordersDefault, ordersMax, symbolsMax } from '../../../platform/views/port.ts';
import { describedAs } from '../door/described.ts';
import { time } from './order-fields.ts';

const limitHint = `a whole number from 1 to ${ordersMax}`;
const flag = z.enum(['true', 'false']);

const limit = describedAs(
  z
    .string()
    .regex(/^\d{1,4}$/, limitHint)
    .transform(Number)
    .refine((count) => count >= 1 && count <= ordersMax, limitHint),
  { type: 'integer', minimum: 1, maximum: ordersMax },
);

const symbols = describedAs(
  z
    .string()
    .transform((text) => text.split(',').filter((symbol) => symbol !== ''))
    .refine(
      (list) => list.length >= 1 && list.length <= symbolsMax && list.every(isSymbol),
      `1 to ${symbolsMax} symbols, separated by commas`,
    ),
  { type: 'string', description: `1 to ${symbolsMax} symbols, separated by commas.` },
);

/** What no instrument can be called is a slip of who asks, and an empty list would hide it. */
function isSymbol(text: string): boolean {
  return /^[A-Za-z0-9./-]{1,21}$/.test(text);
}

const oneWay = 'not together with before_order_id, after_order_id, after or until';

interface Edges {
  readonly before_order_id?: string | undefined;
  readonly after_order_id?: string | undefined;
  readonly after?: unknown;
  readonly until?: unknown;
}

/** In more ways than one. */
function isAmbiguous({ before_order_id: before, after_order_id: after, until, after: from }: Edges): boolean {
  return [before, after, until ?? from].filter((one) => one !== undefined).length > 1;
}

/** The query of `GET /v2/orders`. */
export const orderListQuery = z
  .strictObject({
    status: z.enum(['open', 'closed', 'all']).default('open'),
    limit: limit.default(ordersDefault),
    after: time.optional(),
    until: time.optional(),
    direction: z.enum(['asc', 'desc']).default('desc'),
    /** Nothing here has legs: either answer is the same list. */
    nested: flag.optional(),
    symbols: symbols.optional(),
    side: z.enum(['buy', 'sell']).optional(),
    asset_class: z.string().optional(),
    before_order_id: z.string().optional(),
    after_order_id: z.string().optional(),
  })
  .refine((query) => !isAmbiguous(query) || query.after_order_id === undefined, {
    path: ['after_order_id'],
    error: oneWay,
  })
  .refine((query) => !isAmbiguous(query) || query.before_order_id === undefined, {
    path: ['before_order_id'],
    error: oneWay,
  });
