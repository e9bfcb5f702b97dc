import * as z from 'zod/mini';
import { ordersDefault, ordersMax, symbolsMax } from '../../../platform/views/port.ts';
import { describedAs } from '../door/described.ts';
import { time } from './order-fields.ts';

const limitHint = `a whole number from 1 to ${ordersMax}`;
const flag = z.enum(['true', 'false']);

const limit = describedAs(
  z
    .pipe(z.string().check(z.regex(/^\d{1,4}$/, limitHint)), z.transform(Number))
    .check(z.refine((count) => count >= 1 && count <= ordersMax, limitHint)),
  { type: 'integer', minimum: 1, maximum: ordersMax },
);

const symbols = describedAs(
  z
    .pipe(
      z.string(),
      z.transform((text) => text.split(',').filter((symbol) => symbol !== '')),
    )
    .check(
      z.refine(
        (list) => list.length >= 1 && list.length <= symbolsMax && list.every(isSymbol),
        `1 to ${symbolsMax} symbols, separated by commas`,
      ),
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
    status: z._default(z.enum(['open', 'closed', 'all']), 'open'),
    limit: z._default(limit, ordersDefault),
    after: z.optional(time),
    until: z.optional(time),
    direction: z._default(z.enum(['asc', 'desc']), 'desc'),
    /** Nothing here has legs: either answer is the same list. */
    nested: z.optional(flag),
    symbols: z.optional(symbols),
    side: z.optional(z.enum(['buy', 'sell'])),
    asset_class: z.optional(z.string()),
    before_order_id: z.optional(z.string()),
    after_order_id: z.optional(z.string()),
  })
  .check(
    z.refine((query) => !isAmbiguous(query) || query.after_order_id === undefined, {
      path: ['after_order_id'],
      error: oneWay,
    }),
    z.refine((query) => !isAmbiguous(query) || query.before_order_id === undefined, {
      path: ['before_order_id'],
      error: oneWay,
    }),
  );
