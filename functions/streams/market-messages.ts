import * as z from 'zod/mini';
import type { MarketQuote, MarketTrade, MinuteBar } from '../../platform/market-data/market-board.ts';
import type { Timestamp } from '../../domain/values/time.ts';
import type { Credentials } from '../api/door/credentials.ts';
import { barFields, quoteFields, tradeFields } from '../api/shapes/market-data-json.ts';

export const marketChannels = ['trades', 'quotes', 'bars'] as const;
export type MarketChannel = (typeof marketChannels)[number];
export type Symbols = Readonly<Record<MarketChannel, readonly string[]>>;

/** What a client of market data asks. */
export type MarketRequest =
  | { readonly ask: 'authenticate'; readonly credentials: Credentials }
  | { readonly ask: 'subscribe' | 'unsubscribe'; readonly symbols: Symbols }
  | { readonly ask: 'unknown' };

const text = z.string().check(z.minLength(1), z.maxLength(200));
const symbols = z._default(
  z.array(z.string().check(z.minLength(1), z.maxLength(32))).check(z.maxLength(500)),
  [],
);

const request = z.union([
  z.pipe(
    z.object({ action: z.literal('auth'), key: text, secret: text }),
    z.transform(
      ({ key: keyId, secret }): MarketRequest => ({ ask: 'authenticate', credentials: { keyId, secret } }),
    ),
  ),
  z.pipe(
    z.object({
      action: z.enum(['subscribe', 'unsubscribe']),
      trades: symbols,
      quotes: symbols,
      bars: symbols,
    }),
    z.transform(
      ({ action: ask, trades, quotes, bars }): MarketRequest => ({ ask, symbols: { trades, quotes, bars } }),
    ),
  ),
]);

export function marketRequest(message: unknown): MarketRequest {
  const parsed = request.safeParse(message);
  return parsed.success ? parsed.data : { ask: 'unknown' };
}

/** Alpaca's numbers for what is wrong. */
export const marketErrors = {
  400: 'invalid syntax',
  401: 'not authenticated',
  402: 'auth failed',
  403: 'already authenticated',
  404: 'auth timeout',
  405: 'symbol limit exceeded',
  406: 'connection limit exceeded',
  407: 'slow client',
  500: 'internal error',
} as const;

export function marketError(code: keyof typeof marketErrors) {
  return [{ T: 'error', code, msg: marketErrors[code] }];
}

export function marketSuccess(msg: 'connected' | 'authenticated') {
  return [{ T: 'success', msg }];
}

export function subscription({ trades, quotes, bars }: Symbols) {
  return [
    { T: 'subscription', trades, quotes, bars, updatedBars: [], dailyBars: [], statuses: [], lulds: [] },
  ];
}

/** How a moment is written: a text in JSON, a value of its own in MessagePack. */
export type WriteTime = (at: Timestamp) => unknown;

export function tradeMessage(trade: MarketTrade, time: WriteTime) {
  return { T: 't', S: trade.symbol, ...tradeFields(trade), t: time(trade.at) };
}

export function quoteMessage(quote: MarketQuote, time: WriteTime) {
  return { T: 'q', S: quote.symbol, ...quoteFields(quote), t: time(quote.at) };
}

export function barMessage(bar: MinuteBar, time: WriteTime) {
  return { T: 'b', S: bar.symbol, ...barFields(bar), t: time(bar.start) };
}
