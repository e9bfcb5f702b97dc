import type { MinuteBar } from '../../platform/market-data/market-board.ts';
import type { Deadline } from '../../platform/deadline/deadline.ts';
import type { Reaching } from '../dependencies.ts';
import { parse } from './door/fields.ts';
import { ok, refused } from './door/reply.ts';
import { parameter, query } from './door/request.ts';
import { type ApiFunction, type RouteHandler, trading } from './door/routes.ts';
import { barJson, quoteJson, tradeJson } from './shapes/market-data-json.ts';
import {
  barsOfManyQuery,
  type BarsQuery,
  barsQuery,
  latestOfManyQuery,
  latestQuery,
} from './shapes/market-data-query.ts';

type Needs = Reaching<'marketData'>;

/** What one instrument has of something; `null`: nothing yet. */
type Look = (symbol: string, deadline: Deadline) => Promise<unknown>;

/** The market data of our own books, in the shapes of Alpaca's Market Data API. */
export const marketData: ApiFunction<Needs> = ({ marketData: books, config }) => {
  const known = (symbol: string) => config.current().config.instrument(symbol) !== undefined;
  const trade: Look = async (symbol, deadline) => shown(await books.trade(symbol, deadline), tradeJson);
  const quote: Look = async (symbol, deadline) => shown(await books.quote(symbol, deadline), quoteJson);
  const bar: Look = async (symbol, deadline) => shown((await books.bars(symbol, deadline)).at(-1), barJson);
  const snapshot: Look = async (symbol, deadline) => ({
    latestTrade: await trade(symbol, deadline),
    latestQuote: await quote(symbol, deadline),
    minuteBar: await bar(symbol, deadline),
    dailyBar: null,
    prevDailyBar: null,
  });

  const one = (answer: Look): RouteHandler =>
    trading(async (request) => {
      const parsed = parse(latestQuery, query(request));
      if ('refusal' in parsed) return parsed.refusal;
      const symbol = parameter(request, 'symbol');
      return known(symbol) ? ok(await answer(symbol, request.deadline)) : refused('asset_not_found');
    });
  const many = (look: Look, answer: (found: object) => unknown): RouteHandler =>
    trading(async (request) => {
      const parsed = parse(latestOfManyQuery, query(request));
      if ('refusal' in parsed) return parsed.refusal;
      const { symbols } = parsed.value;
      const found = await ofEach(symbols.filter(known), (symbol) => look(symbol, request.deadline));
      return ok(answer(Object.fromEntries(found.filter(([, value]) => value !== null))));
    });

  return {
    'GET /v2/stocks/{symbol}/trades/latest': one(async (symbol, deadline) => ({
      symbol,
      trade: await trade(symbol, deadline),
    })),
    'GET /v2/stocks/{symbol}/quotes/latest': one(async (symbol, deadline) => ({
      symbol,
      quote: await quote(symbol, deadline),
    })),
    'GET /v2/stocks/{symbol}/bars/latest': one(async (symbol, deadline) => ({
      symbol,
      bar: await bar(symbol, deadline),
    })),
    'GET /v2/stocks/{symbol}/snapshot': one(async (symbol, deadline) => ({
      symbol,
      ...Object(await snapshot(symbol, deadline)),
    })),
    'GET /v2/stocks/trades/latest': many(trade, (trades) => ({ trades })),
    'GET /v2/stocks/quotes/latest': many(quote, (quotes) => ({ quotes })),
    'GET /v2/stocks/bars/latest': many(bar, (bars) => ({ bars })),
    'GET /v2/stocks/snapshots': many(snapshot, (snapshots) => snapshots),
    'GET /v2/stocks/{symbol}/bars': trading(async (request) => {
      const parsed = parse(barsQuery, query(request));
      if ('refusal' in parsed) return parsed.refusal;
      const symbol = parameter(request, 'symbol');
      if (!known(symbol)) return refused('asset_not_found');
      const bars = barsAsked(await books.bars(symbol, request.deadline), parsed.value).map(barJson);
      return ok({ symbol, bars, next_page_token: null });
    }),
    'GET /v2/stocks/bars': trading(async (request) => {
      const parsed = parse(barsOfManyQuery, query(request));
      if ('refusal' in parsed) return parsed.refusal;
      const { symbols, ...asked } = parsed.value;
      const found = await ofEach(symbols.filter(known), async (symbol) =>
        barsAsked(await books.bars(symbol, request.deadline), asked).map(barJson),
      );
      const bars = Object.fromEntries(found.filter(([, some]) => some.length > 0));
      return ok({ bars, next_page_token: null });
    }),
  };
};

function ofEach<Value>(
  symbols: readonly string[],
  look: (symbol: string) => Promise<Value>,
): Promise<readonly (readonly [symbol: string, value: Value])[]> {
  return Promise.all(symbols.map(async (symbol) => [symbol, await look(symbol)] as const));
}

function shown<Value>(value: Value | undefined, json: (value: Value) => unknown): unknown {
  return value === undefined ? null : json(value);
}

function barsAsked(bars: readonly MinuteBar[], { start, end, limit, sort }: BarsQuery): readonly MinuteBar[] {
  const within = bars.filter(
    (bar) => (start === undefined || bar.start >= start) && (end === undefined || bar.start <= end),
  );
  return (sort === 'asc' ? within : within.toReversed()).slice(0, limit);
}
