import * as z from 'zod';
import { describedAs } from '../door/described.ts';
import { time } from './order-fields.ts';

/** Every feed is our own book. */
const common = { feed: z.string().max(20).optional(), currency: z.literal('USD').optional() };

const symbolsMax = 100;
const symbolsHint = `1 to ${symbolsMax} symbols, separated by commas`;
const symbols = describedAs(
  z
    .string(symbolsHint)
    .transform((text) => text.split(','))
    .refine((list) => list.length <= symbolsMax && list.every((symbol) => symbol !== ''), symbolsHint),
  { type: 'string', description: `${symbolsHint}.` },
);

const limitHint = 'a whole number from 1 to 10000';
const limit = describedAs(
  z
    .string()
    .regex(/^[1-9]\d{0,4}$/, limitHint)
    .transform(Number)
    .refine((count) => count <= 10_000, limitHint),
  { type: 'integer', minimum: 1, maximum: 10_000 },
);

export const latestQuery = z.strictObject(common);
export const latestOfManyQuery = z.strictObject({ ...common, symbols });

const bars = {
  ...common,
  timeframe: z.enum(['1Min', '1T'], 'only 1Min: bars of other lengths are not kept'),
  start: time.optional(),
  end: time.optional(),
  limit: limit.default(1_000),
  sort: z.enum(['asc', 'desc']).default('asc'),
  adjustment: z.string().max(20).optional(),
  asof: z.string().max(20).optional(),
  page_token: z.string().max(1).optional(),
};
export const barsQuery = z.strictObject(bars);
export const barsOfManyQuery = z.strictObject({ ...bars, symbols });
export type BarsQuery = z.infer<typeof barsQuery>;
