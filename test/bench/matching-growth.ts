import { performance } from 'node:perf_hooks';
import { OrderBook } from '../../domain/venue/order-book.ts';

const MESSAGES = 1_000_000;
const SIZES = [1_000, 10_000, 100_000, 1_000_000] as const;
const MIDDLE = 2 ** 38;

/** Prices within 500 ticks of the middle, or as far from each other as the book takes them. */
const spreads = { 'within 500 ticks': 500, 'on a level of its own': 2 ** 37 } as const;

/** A small generator of its own (mulberry32), so that every run asks the same of the book. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Messages per second in a book that keeps its size: each step cancels an order anywhere in it and places another one
 * anywhere in it; every tenth step trades the best order away instead.
 */
function rateAt(resting: number, spread: number): number {
  const random = randomFrom(resting);
  const book = OrderBook.open({ phase: 'continuous' });
  const place = (orderId: number): void => {
    const side = orderId % 2 === 0 ? 'buy' : 'sell';
    const distance = 1 + Math.floor(random() * spread);
    const limitPrice = side === 'buy' ? MIDDLE - distance : MIDDLE + distance;
    book.place({ orderId, side, orderType: 'limit', timeInForce: 'gtc', quantity: 10, limitPrice });
  };
  const tradeBest = (): number => {
    const side = random() < 0.5 ? 'buy' : 'sell';
    const limitPrice = side === 'buy' ? 2 * MIDDLE - 1 : 0;
    book.place({ orderId: resting, side, orderType: 'limit', timeInForce: 'ioc', quantity: 10, limitPrice });
    return book.reports.at(1)?.orderId ?? 0;
  };
  const step = (count: number): void => {
    book.reports.clear();
    let orderId = Math.floor(random() * resting);
    if (count % 10 === 0) orderId = tradeBest();
    else book.cancel(orderId);
    place(orderId);
  };
  for (let orderId = 0; orderId < resting; orderId += 1) place(orderId);
  for (let count = 0; count < MESSAGES / 10; count += 1) step(count);
  const start = performance.now();
  for (let count = 0; count < MESSAGES / 2; count += 1) step(count);
  return (MESSAGES / (performance.now() - start)) * 1000;
}

/** How the cost of a message grows with the book. */
export function growth(): void {
  console.log(
    `Nanoseconds per message (and messages per second) as the book grows, ${MESSAGES} messages each`,
  );
  for (const [name, spread] of Object.entries(spreads)) {
    for (const resting of SIZES) {
      const rate = rateAt(resting, spread);
      const cost = `${Math.round(1e9 / rate)} ns`.padStart(8);
      const title = `${resting.toLocaleString('en')} orders, ${name}`.padEnd(42);
      console.log(`  ${title} ${cost}  (${Math.round(rate).toLocaleString('en')})`);
    }
  }
}
