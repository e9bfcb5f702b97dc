import * as z from 'zod/mini';
import { barSchema, quoteSchema, tradeSchema } from '../../shapes/market-data-json.ts';
import {
  barsOfManyQuery,
  barsQuery,
  latestOfManyQuery,
  latestQuery,
} from '../../shapes/market-data-query.ts';
import type { Descriptions, RouteDescription } from '../description.ts';

const symbol = z.string();
const snapshot = {
  latestTrade: z.nullable(tradeSchema),
  latestQuote: z.nullable(quoteSchema),
  minuteBar: z.nullable(barSchema),
  dailyBar: z.null(),
  prevDailyBar: z.null(),
};
const noMore = z.null();

function one(summary: string, answer: z.ZodMiniType): RouteDescription {
  return { summary, query: latestQuery, answers: { 200: answer }, refusals: ['asset_not_found'] };
}

function many(summary: string, answer: z.ZodMiniType): RouteDescription {
  return { summary, query: latestOfManyQuery, answers: { 200: answer }, refusals: [] };
}

const bySymbol = <Schema extends z.ZodMiniType>(schema: Schema) => z.record(z.string(), schema);

export const marketDataRoutes: Descriptions = {
  'GET /v2/stocks/{symbol}/trades/latest': one(
    'Read the last trade of an instrument',
    z.strictObject({ symbol, trade: z.nullable(tradeSchema) }),
  ),
  'GET /v2/stocks/{symbol}/quotes/latest': one(
    'Read the best bid and ask of an instrument',
    z.strictObject({ symbol, quote: z.nullable(quoteSchema) }),
  ),
  'GET /v2/stocks/{symbol}/bars/latest': one(
    'Read the newest one-minute bar of an instrument',
    z.strictObject({ symbol, bar: z.nullable(barSchema) }),
  ),
  'GET /v2/stocks/{symbol}/snapshot': one(
    'Read last trade, quote and bar of an instrument',
    z.strictObject({ symbol, ...snapshot }),
  ),
  'GET /v2/stocks/{symbol}/bars': {
    summary: 'List one-minute bars of an instrument',
    query: barsQuery,
    answers: { 200: z.strictObject({ symbol, bars: z.array(barSchema), next_page_token: noMore }) },
    refusals: ['asset_not_found'],
  },
  'GET /v2/stocks/trades/latest': many(
    'Read the last trades of some instruments',
    z.strictObject({ trades: bySymbol(tradeSchema) }),
  ),
  'GET /v2/stocks/quotes/latest': many(
    'Read the best bids and asks of some instruments',
    z.strictObject({ quotes: bySymbol(quoteSchema) }),
  ),
  'GET /v2/stocks/bars/latest': many(
    'Read the newest one-minute bars of some instruments',
    z.strictObject({ bars: bySymbol(barSchema) }),
  ),
  'GET /v2/stocks/snapshots': many(
    'Read last trade, quote and bar of some instruments',
    bySymbol(z.strictObject(snapshot)),
  ),
  'GET /v2/stocks/bars': {
    summary: 'List one-minute bars of some instruments',
    query: barsOfManyQuery,
    answers: { 200: z.strictObject({ bars: bySymbol(z.array(barSchema)), next_page_token: noMore }) },
    refusals: [],
  },
};
