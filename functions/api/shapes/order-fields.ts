import * as z from 'zod/mini';
import { compiledObject } from '../../../platform/schemas/compiled-object.ts';
import { orderTypes, timesInForce } from '../../../domain/order/terms.ts';
import { parseTimestamp } from '../../../domain/values/time.ts';
import { describedAs } from '../door/described.ts';
import { decimal, onlyHarmless, optional, unsupported } from '../door/fields.ts';
import { linkedFields, linkedMistakes } from './linked-fields.ts';

const timeHint = 'a time as in RFC 3339, from 1970 to 2199, e.g. "2026-12-31T21:00:00Z"';

export const time = describedAs(
  z
    .pipe(
      z.string(timeHint),
      z.transform((text) => parseTimestamp(text)),
    )
    .check(z.refine((at) => at !== undefined, timeHint)),
  {
    type: 'string',
    anyOf: [{ format: 'date-time' }, { format: 'date' }],
    description: 'RFC 3339; a date alone is its first moment in UTC.',
  },
);

/** Travels in commits and snapshots, so it is bounded; printable, so that logs and FIX can carry it. */
export const clientOrderIdField = z
  .string()
  .check(z.regex(/^[\x20-\x7e]{1,128}$/, '1 to 128 printable ASCII characters'));

const strategyId = z
  .string()
  .check(z.regex(/^[\x21-\x7e]{1,64}$/, '1 to 64 printable ASCII characters without spaces'));

/** Without short sales the side says what an order is for. */
const intents = { buy: 'buy_to_open', sell: 'sell_to_close' } as const;

const advanced = 'advanced instructions are not supported';

/**
 * The body of `POST /v2/orders`. Named as Alpaca names them; `expires_at`, `strategy_id`, `post_only`, `min_qty` and `display_qty` are
 * ours.
 */
export const placeOrderBody = z.readonly(
  compiledObject({
    symbol: z.string().check(z.minLength(1), z.maxLength(64)),
    qty: decimal,
    side: z.enum(['buy', 'sell']),
    type: z.enum(orderTypes),
    time_in_force: z.enum(timesInForce),
    limit_price: optional(decimal),
    stop_price: optional(decimal),
    trail_price: optional(decimal),
    trail_percent: optional(decimal),
    client_order_id: optional(clientOrderIdField),
    expires_at: optional(time),
    strategy_id: optional(strategyId),
    post_only: optional(z.boolean()),
    min_qty: optional(decimal),
    display_qty: optional(decimal),
    notional: unsupported('orders by notional are not supported; give qty'),
    extended_hours: unsupported('there are no extended hours; leave it out or false', [false]),
    ...linkedFields,
    position_intent: onlyHarmless(
      'short sales are not supported: only buy_to_open and sell_to_close',
      Object.values(intents),
    ),
    legs: unsupported('the legs of a linked order are its take_profit and stop_loss'),
    advanced_instructions: unsupported(advanced),
  }).check(
    z.refine(({ side, position_intent: intent }) => (intent ?? intents[side]) === intents[side], {
      path: ['position_intent'],
      error: `${intents.buy} goes with side buy, ${intents.sell} with side sell`,
    }),
    z.superRefine((body, context) => {
      for (const { path, message } of linkedMistakes(body))
        context.addIssue({ code: 'custom', path: [...path], message });
    }),
  ),
);
export type PlaceOrderBody = z.infer<typeof placeOrderBody>;

/** The body of `PATCH /v2/orders/{order_id}`. */
export const replaceOrderBody = z.readonly(
  compiledObject({
    qty: optional(decimal),
    time_in_force: optional(z.enum(timesInForce)),
    limit_price: optional(decimal),
    stop_price: optional(decimal),
    trail: optional(decimal),
    client_order_id: optional(clientOrderIdField),
    expires_at: optional(time),
    notional: unsupported('orders by notional are not supported; give qty'),
    advanced_instructions: unsupported(advanced),
  }),
);
/** The query of `GET /v2/orders:by_client_order_id`. */
export const orderByNameQuery = z.strictObject({ client_order_id: z.string().check(z.minLength(1)) });

/** The query of `GET /v2/orders/{order_id}`. Nothing here has legs: either answer is the same order. */
export const orderQuery = z.strictObject({
  nested: z.optional(z.enum(['true', 'false'])),
  as_of: z.optional(time),
});

export type ReplaceOrderBody = z.infer<typeof replaceOrderBody>;
