import { feeOf } from '../account/fees.ts';
import { moneyFor } from '../instrument/instrument.ts';
import { assert } from '../values/assert.ts';
import { scaleBy } from '../values/integer.ts';
import { money, type Money } from '../values/money.ts';
import { notional } from '../values/notional.ts';
import type { Price } from '../values/price.ts';
import { quantity } from '../values/quantity.ts';
import { type Hold, isOpen, leavesQuantity, type Order, pendingReplace, type Totals } from './state.ts';
import { type Terms, worstPrice } from './terms.ts';

/** What trading so far has cost (buy, rounded up) or brought (sell, rounded down), before fees. */
export function traded(order: Order, totals: Totals = order.totals): Money {
  return moneyFor(totals.notional, order.contract, order.side === 'buy' ? 'up' : 'down');
}

export function feesOf(order: Order, totals: Totals = order.totals): Money {
  return feeOf(order.fees, totals.cumulativeQuantity, totals.notional, order.contract);
}

/**
 * What the order still needs in its worst case, whichever way a pending replace ends. All fees follow from totals, so the
 * need is the worst final total minus what is posted already. Mixed endings lie between the two ways, since cost is linear.
 */
export function requiredHold(order: Order): Hold {
  const endings = worstEndings(order);
  if (endings.length === 0) return { cash: 0, shares: 0, exposure: 0 };
  const most = Math.max(...endings.map((ending) => ending.more));
  if (order.side === 'buy') {
    const cash = Math.max(...endings.map((ending) => buyNeed(order, ending)));
    return { cash, shares: 0, exposure: order.positionLimited ? most : 0 };
  }
  return {
    cash: Math.max(...endings.map((ending) => sellFeeNeed(order, ending))),
    shares: most,
    exposure: 0,
  };
}

/** One way the order can end: lots still to trade and what they come to at the worst prices. */
interface Ending {
  readonly more: number;
  readonly value: number;
  readonly lastPrice: number;
}

function worstEndings(order: Order): readonly Ending[] {
  if (!isOpen(order)) return [];
  const filled = order.totals.cumulativeQuantity;
  const leaves = leavesQuantity(order);
  const price = priceOf(order.terms);
  const asItIs = { more: leaves, value: leaves * price, lastPrice: price };
  const replace = pendingReplace(order);
  if (!replace) return [asItIs];
  const newPrice = priceOf(replace.terms);
  const newLeaves = Math.max(0, replace.terms.orderQuantity - filled);
  const increase = Math.max(0, replace.terms.orderQuantity - filled - leaves);
  const replacedNow = { more: newLeaves, value: newLeaves * newPrice, lastPrice: newPrice };
  const filledThenReplaced = {
    more: leaves + increase,
    value: leaves * price + increase * newPrice,
    lastPrice: Math.min(price, newPrice),
  };
  return [replacedNow, filledThenReplaced];
}

function priceOf(terms: Terms): Price {
  const price = worstPrice(terms);
  assert(price !== undefined, 'an order has a limit or a protection price');
  return price;
}

function buyNeed(order: Order, ending: Ending): number {
  const final = after(order, ending.more, ending.value);
  return traded(order, final) + feesOf(order, final) - traded(order) - feesOf(order);
}

/**
 * A sale pays its fees from its proceeds. Where the first lot, because of a minimum fee, or the whole, because of the rate,
 * can cost more than it brings, the difference is held in cash.
 */
function sellFeeNeed(order: Order, ending: Ending): number {
  if (ending.more === 0) return 0;
  const first = after(order, 1, ending.lastPrice);
  const firstLot = feesOf(order, first) - feesOf(order) - (traded(order, first) - traded(order));
  const value = moneyFor(notional(ending.value), order.contract, 'down');
  const byRate =
    scaleBy(value, order.fees.ratePpm, 1_000_000, 'up') +
    scaleBy(ending.more, order.fees.perLotMicros, 1_000_000, 'up');
  return money(Math.max(0, firstLot) + Math.max(0, byRate - value));
}

function after(order: Order, more: number, value: number): Totals {
  const { cumulativeQuantity, notional: soFar } = order.totals;
  return {
    cumulativeQuantity: quantity(cumulativeQuantity + more),
    notional: notional(soFar + value),
  };
}
