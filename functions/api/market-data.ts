import type { MinuteBar } from '../../platform/market-data/market-board.ts';
import { deadlineIn, defaultCallMs } from '../../platform/deadline/deadline.ts';
import type { Reaching } from '../dependencies.ts';
import { parse } from './door/fields.ts';
import { ok, refused, type Reply } from './door/reply.ts';
import { type ApiRequest, parameter, query } from './door/request.ts';
import { type ApiFunction, type RouteHandler, trading } from './door/routes.ts';
import { barJson, quoteJson, tradeJson } from './shapes/market-data-json.ts';
import {
  barsOfManyQuery,
  type BarsQuery,
  barsQuery,
  latestOfManyQuery,
  latestQuery,
} from './shapes/market-data-query.ts';

type Needs = Reaching<'market' | 'marketBoard'>;

/** What one instrument has of something; `null`: nothing yet. */
type Look = (symbol: string) => Promise<unknown>;

/** The market data of our own books, in the shapes of Alpaca's Market Data API. */
export const marketData: ApiFunction<Needs> = (dependencies) => {
  const { marketBoard: board, config } = dependencies;
  const known = (symbol: string) => config.current().config.instrument(symbol) !== undefined;
  const trade: Look = async (symbol) => shown(board?.trade(symbol), tradeJson);
  const quote: Look = async (symbol) => shown(await quoteOf(symbol, dependencies), quoteJson);
  const bar: Look = async (symbol) => shown(board?.bars(symbol).at(-1), barJson);
  const snapshot: Look = async (symbol) => ({
    latestTrade: await trade(symbol),
    latestQuote: await quote(symbol),
    minuteBar: await bar(symbol),
    dailyBar: null,
    prevDailyBar: null,
  });

  const one = (answer: (symbol: string) => Promise<unknown>): RouteHandler =>
    trading(async (request) => {
      const parsed = parse(latestQuery, query(request));
      if ('refusal' in parsed) return parsed.refusal;
      const symbol = parameter(request, 'symbol');
      return known(symbol) ? ok(await answer(symbol)) : refused('asset_not_found');
    });
  const many = (look: Look, answer: (found: object) => unknown): RouteHandler =>
    trading(async (request) => {
      const parsed = parse(latestOfManyQuery, query(request));
      if ('refusal' in parsed) return parsed.refusal;
      const found = await Promise.all(
        parsed.value.symbols.filter(known).map(async (symbol) => [symbol, await look(symbol)] as const),
      );
      return ok(answer(Object.fromEntries(found.filter(([, value]) => value !== null))));
    });

  return {
    'GET /v2/stocks/{symbol}/trades/latest': one(async (symbol) => ({ symbol, trade: await trade(symbol) })),
    'GET /v2/stocks/{symbol}/quotes/latest': one(async (symbol) => ({ symbol, quote: await quote(symbol) })),
    'GET /v2/stocks/{symbol}/bars/latest': one(async (symbol) => ({ symbol, bar: await bar(symbol) })),
    'GET /v2/stocks/{symbol}/snapshot': one(async (symbol) => ({
      symbol,
      ...Object(await snapshot(symbol)),
    })),
    'GET /v2/stocks/trades/latest': many(trade, (trades) => ({ trades })),
    'GET /v2/stocks/quotes/latest': many(quote, (quotes) => ({ quotes })),
    'GET /v2/stocks/bars/latest': many(bar, (bars) => ({ bars })),
    'GET /v2/stocks/snapshots': many(snapshot, (snapshots) => snapshots),
    'GET /v2/stocks/{symbol}/bars': trading(async (request) => barsOfOne(request, dependencies)),
    'GET /v2/stocks/bars': trading(async (request) => {
      const parsed = parse(barsOfManyQuery, query(request));
      if ('refusal' in parsed) return parsed.refusal;
      const { symbols, ...asked } = parsed.value;
      const found = symbols
        .filter(known)
        .map((symbol) => [symbol, barsAsked(board?.bars(symbol) ?? [], asked).map(barJson)] as const)
        .filter(([, bars]) => bars.length > 0);
      return ok({ bars: Object.fromEntries(found), next_page_token: null });
    }),
  };
};

function shown<Value>(value: Value | undefined, json: (value: Value) => unknown): unknown {
  return value === undefined ? null : json(value);
}

async function barsOfOne(request: ApiRequest, { config, marketBoard }: Needs): Promise<Reply> {
  const parsed = parse(barsQuery, query(request));
  if ('refusal' in parsed) return parsed.refusal;
  const symbol = parameter(request, 'symbol');
  if (!config.current().config.instrument(symbol)) return refused('asset_not_found');
  const bars = barsAsked(marketBoard?.bars(symbol) ?? [], parsed.value).map(barJson);
  return ok({ symbol, bars, next_page_token: null });
}

function barsAsked(bars: readonly MinuteBar[], { start, end, limit, sort }: BarsQuery): readonly MinuteBar[] {
  const within = bars.filter(
    (bar) => (start === undefined || bar.start >= start) && (end === undefined || bar.start <= end),
  );
  return (sort === 'asc' ? within : within.toReversed()).slice(0, limit);
}

/** A book that nothing has happened in since the start is opened for who asks. */
async function quoteOf(symbol: string, { marketBoard, market, clock }: Needs) {
  const quote = marketBoard?.quote(symbol);
  if (quote || !market?.venue.trades(symbol)) return quote;
  await market.venue.command(symbol, [], deadlineIn(defaultCallMs, clock));
  const book = market.venue.book(symbol);
  return book && { symbol, contract: book.contract, at: clock.now(), ...book.top() };
}
