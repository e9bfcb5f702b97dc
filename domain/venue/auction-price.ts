import type { PriceLevel } from './book-order.ts';
import type { BookState } from './book-state.ts';

/** What an auction would trade now, and at which price. */
export interface Equilibrium {
  readonly price: number;
  readonly quantity: number;
  /** Demand beyond supply at the price; negative when there is more supply. */
  readonly imbalance: number;
}

/**
 * The single price of an auction: the most quantity, then the least left over, then nearest to the reference, then the
 * higher. Hidden quantity counts. Demand and supply only change at prices of orders, so between two of them one price
 * stands for all: the one nearest to the reference. Undefined when the book is not crossed.
 */
export function equilibrium(book: BookState, referencePrice: number): Equilibrium | undefined {
  const highestBid = book.bids.best;
  const lowestAsk = book.asks.best;
  if (highestBid === undefined || lowestAsk === undefined || highestBid.price < lowestAsk.price)
    return undefined;
  let [bid, demand] = lowestCrossing(highestBid, lowestAsk.price);
  let ask: PriceLevel | undefined = lowestAsk;
  let supply = 0;
  let best: Equilibrium | undefined;
  let price = lowestAsk.price;
  for (;;) {
    if (ask?.price === price) {
      supply += ask.leavesQuantity;
      ask = ask.worse;
    }
    best = better(best, candidate(price, demand, supply), referencePrice);
    if (bid?.price === price) {
      demand -= bid.leavesQuantity;
      bid = bid.better;
    }
    const next = Math.min(bid?.price ?? Infinity, ask?.price ?? Infinity);
    if (next > highestBid.price) return best;
    for (const between of pricesBetween(price, next, {
      referencePrice,
      increment: book.grid.priceIncrement,
    })) {
      best = better(best, candidate(between, demand, supply), referencePrice);
    }
    price = next;
  }
}

/** The lowest bid that reaches the ask, and the quantity of it and all better ones. */
function lowestCrossing(highest: PriceLevel, askPrice: number): [PriceLevel | undefined, number] {
  let level = highest;
  let demand = level.leavesQuantity;
  while (level.worse !== undefined && level.worse.price >= askPrice) {
    level = level.worse;
    demand += level.leavesQuantity;
  }
  return [level, demand];
}

function candidate(price: number, demand: number, supply: number): Equilibrium {
  return { price, quantity: Math.min(demand, supply), imbalance: demand - supply };
}

function better(best: Equilibrium | undefined, other: Equilibrium, referencePrice: number): Equilibrium {
  if (best === undefined) return other;
  const order =
    other.quantity - best.quantity ||
    Math.abs(best.imbalance) - Math.abs(other.imbalance) ||
    Math.abs(best.price - referencePrice) - Math.abs(other.price - referencePrice) ||
    other.price - best.price;
  return order > 0 ? other : best;
}

interface Aim {
  readonly referencePrice: number;
  readonly increment: number;
}

/** The prices on the grid strictly between two others that lie nearest to the reference: none, one or two. */
function pricesBetween(low: number, high: number, { referencePrice, increment }: Aim): readonly number[] {
  const lowest = low + increment;
  const highest = high - increment;
  if (lowest > highest) return [];
  if (referencePrice <= lowest) return [lowest];
  if (referencePrice >= highest) return [highest];
  const below = Math.floor(referencePrice / increment) * increment;
  return below === referencePrice ? [below] : [below, below + increment];
}
