import * as z from 'zod/mini';
import { describedAs } from '../door/described.ts';
import { time } from './order-fields.ts';

/** Every feed is our own book. */
const common = {
  feed: z.optional(z.string().check(z.maxLength(20))),
  currency: z.optional(z.literal('USD')),
};

const symbolsMax = 100;
const symbolsHint = `1 to ${symbolsMax} symbols, separated by commas`;
const symbols = describedAs(
  z
    .pipe(
      z.string(symbolsHint),
      z.transform((text) => text.split(',')),
    )
    .check(
      z.refine((list) => list.length <= symbolsMax && list.every((symbol) => symbol !== ''), symbolsHint),
    ),
  { type: 'string', description: `${symbolsHint}.` },
);

const limitHint = 'a whole number from 1 to 10000';
const limit = describedAs(
  z
    .pipe(z.string().check(z.regex(/^[1-9]\d{0,4}$/, limitHint)), z.transform(Number))
    .check(z.refine((count) => count <= 10_000, limitHint)),
  { type: 'integer', minimum: 1, maximum: 10_000 },
);

export const latestQuery = z.strictObject(common);
export const latestOfManyQuery = z.strictObject({ ...common, symbols });

const bars = {
  ...common,
  timeframe: z.enum(['1Min', '1T'], 'only 1Min: bars of other lengths are not kept'),
  start: z.optional(time),
  end: z.optional(time),
  limit: z._default(limit, 1_000),
  sort: z._default(z.enum(['asc', 'desc']), 'asc'),
  adjustment: z.optional(z.string().check(z.maxLength(20))),
  asof: z.optional(z.string().check(z.maxLength(20))),
  page_token: z.optional(z.string().check(z.maxLength(1))),
};
export const barsQuery = z.strictObject(bars);
export const barsOfManyQuery = z.strictObject({ ...bars, symbols });
export type BarsQuery = z.infer<typeof barsQuery>;
