import { type FeeSchedule, feeOf } from '../account/fees.ts';
import { moneyFor, unitsOf } from '../instrument/instrument.ts';
import { assert } from '../values/assert.ts';
import { money, type Money } from '../values/money.ts';
import { notional } from '../values/notional.ts';
import type { Price } from '../values/price.ts';
import { quantity } from '../values/quantity.ts';
import {
  type Hold,
  isOpen,
  leavesQuantity,
  type Order,
  pendingReplace,
  type Totals,
  waitingStopLeg,
  waitsForEntry,
} from './state.ts';
import { type Terms, worstPrice } from './terms.ts';

const million = 1_000_000n;

/** What trading so far has cost (buy, rounded up) or brought (sell, rounded down), before fees. */
export function traded(order: Order, totals: Totals = order.totals): Money {
  return moneyFor(totals.notional, order.contract, order.side === 'buy' ? 'up' : 'down');
}

export function feesOf(order: Order, totals: Totals = order.totals): Money {
  return feeOf(order.fees, totals.cumulativeQuantity, totals.notional, order.contract);
}

/**
 * What the order still needs in its worst case, whichever way a pending replace ends and whichever leg of a pair trades. All fees follow from totals, so the
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
    cash: sellFeeNeed(order, endings),
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

/** A pair can end at its stop, from wherever it is; an exit that waits for its entry has nothing to trade yet. */
function worstEndings(order: Order): readonly Ending[] {
  if (!isOpen(order) || waitsForEntry(order)) return [];
  const endings = endingsAsAsked(order);
  const stopLeg = waitingStopLeg(order);
  if (!stopLeg) return endings;
  const stop = priceOf(stopLeg.terms);
  return endings.flatMap((ending) => [
    ending,
    { more: ending.more, value: ending.more * stop, lastPrice: Math.min(ending.lastPrice, stop) },
  ]);
}

function endingsAsAsked(order: Order): readonly Ending[] {
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
 * A sale pays its fees from its proceeds, so cash is held for the worst that fees minus proceeds can come to on the way:
 * after the first lot, because of a minimum fee, or after the last, because of a rate; in between it is never more than the
 * higher of the two, but for rounding, which `roundings` allows for. A fill within the terms draws on nothing else.
 */
function sellFeeNeed(order: Order, endings: readonly Ending[]): number {
  const { ratePpm, perLotMicros, minimum } = order.fees;
  const more = Math.max(...endings.map((ending) => ending.more));
  if (more === 0 || ratePpm + perLotMicros + minimum === 0) return 0;
  const lowest = Math.min(...endings.map((ending) => ending.lastPrice));
  const worst = Math.max(feesLessProceeds(order, 1, lowest), feesLessProceeds(order, more, lowest));
  return money(Math.max(0, worst - (feesOf(order) - traded(order))));
}

/** In all, with `more` lots sold at `price`; at least what the rounded amounts can come to. */
function feesLessProceeds(order: Order, more: number, price: number): number {
  const { ratePpm, perLotMicros, minimum } = order.fees;
  const { numerator, denominator } = unitsOf(order.contract);
  const sold = after(order, more, more * price);
  const scale = BigInt(denominator) * million;
  const value = BigInt(sold.notional) * BigInt(numerator);
  const byRate =
    value * BigInt(ratePpm) + BigInt(sold.cumulativeQuantity) * BigInt(perLotMicros) * BigInt(denominator);
  const atLeast = BigInt(minimum) * scale;
  const exact = (byRate > atLeast ? byRate : atLeast) - value * million;
  const rounded = exact / scale + (exact > 0n && exact % scale !== 0n ? 1n : 0n);
  return Number(rounded) + Math.max(0, roundings(order.fees, denominator) - 1);
}

/** How many amounts are rounded: the proceeds and the value fees are taken of, where a tick x lot is no whole cent; each fee. */
function roundings({ ratePpm, perLotMicros }: FeeSchedule, denominator: number): number {
  const inexact = denominator > 1 ? 1 : 0;
  return inexact + (ratePpm > 0 ? 1 + inexact : 0) + (perLotMicros > 0 ? 1 : 0);
}

function after(order: Order, more: number, value: number): Totals {
  const { cumulativeQuantity, notional: soFar } = order.totals;
  return {
    cumulativeQuantity: quantity(cumulativeQuantity + more),
    notional: notional(soFar + value),
  };
}
