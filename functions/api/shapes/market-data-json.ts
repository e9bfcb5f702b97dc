import * as z from 'zod/mini';
import { type Contract, formatPrice, formatQuantity } from '../../../domain/instrument/instrument.ts';
import { price } from '../../../domain/values/price.ts';
import { formatTimestamp } from '../../../domain/values/time.ts';
import type { MarketQuote, MarketTrade, MinuteBar } from '../../../platform/market-data/market-board.ts';
import { internalVenue } from '../../../platform/venue/market-rules.ts';
import { momentText } from './values.ts';

/** Regular sale; auctions open or close the book, where nobody came in last. */
const conditionsOf = ({ aggressor }: MarketTrade) => [aggressor ? '@' : 'O'];

/** Whose market it is: our own, and nobody else's. */
const venue: typeof internalVenue = internalVenue;

const number = z.number();

export const tradeSchema = z
  .strictObject({
    t: momentText,
    x: z.literal(internalVenue),
    p: number,
    s: number,
    i: z.int(),
    c: z.array(z.string()),
  })
  .register(z.globalRegistry, { id: 'MarketTrade' });

export const quoteSchema = z
  .strictObject({
    t: momentText,
    bx: z.literal(internalVenue),
    bp: number,
    bs: number,
    ax: z.literal(internalVenue),
    ap: number,
    as: number,
    c: z.array(z.string()),
  })
  .register(z.globalRegistry, { id: 'MarketQuote' });

export const barSchema = z
  .strictObject({
    t: momentText,
    o: number,
    h: number,
    l: number,
    c: number,
    v: number,
    n: z.int(),
    vw: number,
  })
  .register(z.globalRegistry, { id: 'MarketBar' });

export function tradeJson(trade: MarketTrade): z.infer<typeof tradeSchema> {
  return { ...tradeFields(trade), t: formatTimestamp(trade.at) };
}

export function quoteJson(quote: MarketQuote): z.infer<typeof quoteSchema> {
  return { ...quoteFields(quote), t: formatTimestamp(quote.at) };
}

export function barJson(bar: MinuteBar): z.infer<typeof barSchema> {
  return { ...barFields(bar), t: formatTimestamp(bar.start) };
}

/** All but the time, which JSON and MessagePack write differently. */
export function tradeFields(trade: MarketTrade) {
  const { contract, price: ticks, quantity, id } = trade;
  return {
    x: venue,
    p: priceShown(ticks, contract),
    s: sizeShown(quantity, contract),
    i: id,
    c: conditionsOf(trade),
  };
}

/** A side on which nobody is has the price and size 0, as Alpaca has it. */
export function quoteFields({ contract, bid, ask }: MarketQuote) {
  return {
    bx: venue,
    bp: bid ? priceShown(bid.price, contract) : 0,
    bs: bid ? sizeShown(bid.quantity, contract) : 0,
    ax: venue,
    ap: ask ? priceShown(ask.price, contract) : 0,
    as: ask ? sizeShown(ask.quantity, contract) : 0,
    c: ['R'],
  };
}

export function barFields({ contract, open, high, low, close, volume, value, trades }: MinuteBar) {
  const averageTicks = value / BigInt(Math.max(1, volume));
  return {
    o: priceShown(open, contract),
    h: priceShown(high, contract),
    l: priceShown(low, contract),
    c: priceShown(close, contract),
    v: sizeShown(volume, contract),
    n: trades,
    // To the tick, rounded down.
    vw: priceShown(Number(averageTicks), contract),
  };
}

function priceShown(ticks: number, contract: Contract): number {
  // oxlint-disable-next-line ordercell/no-float-money -- clients read JSON numbers here: the nearest to the exact text, for display.
  return Number(formatPrice(price(ticks), contract));
}

function sizeShown(lots: number, contract: Contract): number {
  // oxlint-disable-next-line ordercell/no-float-money -- as with prices.
  return Number(formatQuantity(lots, contract));
}
