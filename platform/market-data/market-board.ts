import type { Contract } from '../../domain/instrument/instrument.ts';
import { type Timestamp, timestamp } from '../../domain/values/time.ts';
import type { TopOfBook } from '../../domain/venue/venue-book.ts';
import type { BookTrade, BookUpdate } from '../venue/book-observer.ts';

/** A trade of our own book. Prices in ticks, quantities in lots of the contract. */
export interface MarketTrade {
  readonly symbol: string;
  readonly contract: Contract;
  /** The same for ever: where the book's stream has it. */
  readonly id: number;
  readonly at: Timestamp;
  readonly price: number;
  readonly quantity: number;
  /** Absent in an auction. */
  readonly aggressor?: 'buy' | 'sell';
}

/** The best of both sides; absent: nobody is there. */
export interface MarketQuote {
  readonly symbol: string;
  readonly contract: Contract;
  readonly at: Timestamp;
  readonly bid?: TopOfBook;
  readonly ask?: TopOfBook;
}

/** One minute with at least one trade. `value`: prices times quantities, for their average. */
export interface MinuteBar {
  readonly symbol: string;
  readonly contract: Contract;
  readonly start: Timestamp;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  readonly value: bigint;
  readonly trades: number;
}

/** What listeners are told. Must not throw, and must not keep the caller: the market waits for it. */
export interface MarketListener {
  onTrade(trade: MarketTrade): void;
  onQuote(quote: MarketQuote): void;
  /** Of a minute that is over. */
  onBar(bar: MinuteBar): void;
}

/** Bars kept for each instrument: a day in which every minute trades. */
export const barsMax = 1_440;

const minuteMicros = 60_000_000;
/** A commit of a book has fewer outputs. */
const tradesOfCommitMax = 1_000;

interface Instrument {
  trade?: MarketTrade;
  quote?: MarketQuote;
  /** By time; the last one may still be under way. */
  readonly bars: MinuteBar[];
  /** The last one that was told. */
  toldUpTo: Timestamp;
}

/** The market data of our own books as this process saw them: last trade, best quote, bars of a minute. Follows the books' commits. */
export class MarketBoard {
  readonly #instruments = new Map<string, Instrument>();
  readonly #listeners = new Set<MarketListener>();

  /** Returns how to stop. */
  listen(listener: MarketListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  trade(symbol: string): MarketTrade | undefined {
    return this.#instruments.get(symbol)?.trade;
  }

  quote(symbol: string): MarketQuote | undefined {
    return this.#instruments.get(symbol)?.quote;
  }

  /** By time. */
  bars(symbol: string): readonly MinuteBar[] {
    return this.#instruments.get(symbol)?.bars ?? [];
  }

  /** What a book says after a commit. */
  readonly follow = ({ symbol, contract, version, at, bid, ask, trades }: BookUpdate): void => {
    for (const trade of trades) this.take(tradeOf({ symbol, contract, version, at }, trade));
    const instrument = this.#of(symbol);
    const { quote } = instrument;
    if (quote && isSame(quote.bid, bid) && isSame(quote.ask, ask)) return;
    const now: MarketQuote = { symbol, contract, at, ...(bid && { bid }), ...(ask && { ask }) };
    instrument.quote = now;
    for (const listener of this.#listeners) listener.onQuote(now);
  };

  /** A trade of before anybody listened, in the order of the book: nobody is told of it as if it happened now. */
  recall(trade: MarketTrade): void {
    const instrument = this.#of(trade.symbol);
    instrument.trade = trade;
    addTo(instrument.bars, trade);
  }

  /** As if nothing had been heard of it. */
  forget(symbol: string): void {
    this.#instruments.delete(symbol);
  }

  /** One trade, in the order of the book. */
  take(trade: MarketTrade): void {
    this.recall(trade);
    for (const listener of this.#listeners) listener.onTrade(trade);
  }

  /** What is known from before anybody listened is not told again. */
  closeBars(now: Timestamp, isTold = true): void {
    for (const instrument of this.#instruments.values()) {
      const over = instrument.bars.filter(
        ({ start }) => start > instrument.toldUpTo && start + minuteMicros <= now,
      );
      instrument.toldUpTo = over.at(-1)?.start ?? instrument.toldUpTo;
      if (isTold) this.#tellBars(over);
    }
  }

  #tellBars(bars: readonly MinuteBar[]): void {
    for (const bar of bars) for (const listener of this.#listeners) listener.onBar(bar);
  }

  #of(symbol: string): Instrument {
    const known = this.#instruments.get(symbol);
    if (known) return known;
    const made: Instrument = { bars: [], toldUpTo: timestamp(0) };
    this.#instruments.set(symbol, made);
    return made;
  }
}

export function tradeOf(
  book: Pick<MarketTrade, 'symbol' | 'contract' | 'at'> & { readonly version: number },
  { price, quantity, index, aggressor }: BookTrade,
): MarketTrade {
  const { version, ...rest } = book;
  const id = version * tradesOfCommitMax + index;
  return { ...rest, id, price, quantity, ...(aggressor && { aggressor }) };
}

function addTo(bars: MinuteBar[], { symbol, contract, at, price, quantity }: MarketTrade): void {
  const start = timestamp(at - (at % minuteMicros));
  const value = BigInt(price) * BigInt(quantity);
  const bar = bars.at(-1);
  if (bar?.start === start) {
    bars[bars.length - 1] = {
      ...bar,
      high: Math.max(bar.high, price),
      low: Math.min(bar.low, price),
      close: price,
      volume: bar.volume + quantity,
      value: bar.value + value,
      trades: bar.trades + 1,
    };
    return;
  }
  const prices = { open: price, high: price, low: price, close: price };
  bars.push({ symbol, contract, start, ...prices, volume: quantity, value, trades: 1 });
  if (bars.length > barsMax) bars.shift();
}

function isSame(one: TopOfBook | undefined, other: TopOfBook | undefined): boolean {
  return one?.price === other?.price && one?.quantity === other?.quantity;
}
