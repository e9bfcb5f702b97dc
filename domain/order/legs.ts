import { formatPrice } from '../instrument/instrument.ts';
import { firstRefusal, termsChecks } from '../risk/checks.ts';
import type { InstrumentRules, TradingRules } from '../risk/rules.ts';
import { assert } from '../values/assert.ts';
import type { Price } from '../values/price.ts';
import type { PlaceOrder } from './commands.ts';
import type { Refusal } from './events.ts';
import {
  type LegName,
  type LinkedRequest,
  oppositeOf,
  type StopLossRequest,
  type TakeProfitRequest,
} from './linked.ts';
import { type Read, readTerms } from './read-terms.ts';
import { type Order, waitsForEntry } from './state.ts';
import type { RequestedTerms, Side, Terms } from './terms.ts';

/** The legs of a request as orders: the one whose stream the exit is, and the stop loss that goes with it. */
export interface Legs {
  readonly exit?: ExitLeg;
  readonly stopLeg?: Pick<StopLossRequest, 'orderId' | 'clientOrderId'> & { readonly terms: Terms };
}
export interface ExitLeg extends Pick<TakeProfitRequest, 'orderId' | 'clientOrderId'> {
  readonly side: Side;
  readonly terms: Terms;
}

type Asked = Pick<PlaceOrder, 'accountId' | 'symbol' | 'side' | 'requested' | 'rules'> & {
  readonly linked: LinkedRequest;
};

/**
 * Reads and checks every leg as the order it may become: prices on the grid, within the collar, values within the limits, and each on
 * its side of the entry. The first refusal names its leg.
 */
export function readLegs(asked: Asked, own: Terms, instrument: InstrumentRules): Read<Legs> {
  const { linked } = asked;
  const side = linked.class === 'oco' ? asked.side : oppositeOf(asked.side);
  const takeProfit = 'takeProfit' in linked ? linked.takeProfit : undefined;
  const stopLoss = 'stopLoss' in linked ? linked.stopLoss : undefined;
  const profit = takeProfit && readLeg(asked, side, instrument, takeProfitTerms(asked, takeProfit));
  if (profit && 'refusal' in profit) return legRefusal('take_profit', profit.refusal);
  const stop = stopLoss && readLeg(asked, side, instrument, stopLossTerms(asked, stopLoss));
  if (stop && 'refusal' in stop) return legRefusal('stop_loss', stop.refusal);
  const prices: LegPrices = {
    side,
    base: linked.class === 'oco' ? referenceOf(asked.rules) : basePrice(own, asked.rules),
    takeProfit: linked.class === 'oco' ? own.limitPrice : profit?.value.limitPrice,
    stop: stop?.value.stopPrice,
    isEntered: linked.class === 'oco',
  };
  const misplaced = misplacedLeg(prices, instrument);
  if (misplaced) return { refusal: misplaced };
  return { value: legsOf(linked, side, profit?.value, stop?.value) };
}

function legsOf(linked: LinkedRequest, side: Side, profit: Terms | undefined, stop: Terms | undefined): Legs {
  if ('stopLoss' in linked) {
    assert(stop !== undefined, 'a stop loss that was asked for was read');
    const { orderId, clientOrderId } = linked.stopLoss;
    const leg = { orderId, clientOrderId, terms: stop };
    if (linked.class === 'oto') return { exit: { ...leg, side } };
    if (linked.class === 'oco') return { stopLeg: leg };
    return { ...exitAt(linked.takeProfit, side, profit), stopLeg: leg };
  }
  return exitAt(linked.takeProfit, side, profit);
}

function exitAt(leg: TakeProfitRequest, side: Side, terms: Terms | undefined): { readonly exit: ExitLeg } {
  assert(terms !== undefined, 'a take profit that was asked for was read');
  const { orderId, clientOrderId } = leg;
  return { exit: { orderId, clientOrderId, side, terms } };
}

/** Legs live as long as their entry may, and are as large. */
function takeProfitTerms({ requested }: Asked, { limitPrice }: TakeProfitRequest): RequestedTerms {
  const { timeInForce, quantity } = requested;
  return { orderType: 'limit', timeInForce, quantity, limitPrice };
}

function stopLossTerms({ requested }: Asked, { stopPrice, limitPrice }: StopLossRequest): RequestedTerms {
  const { timeInForce, quantity } = requested;
  if (limitPrice === undefined) return { orderType: 'stop', timeInForce, quantity, stopPrice };
  return { orderType: 'stop_limit', timeInForce, quantity, stopPrice, limitPrice };
}

function readLeg(
  { accountId, symbol, rules }: Asked,
  side: Side,
  instrument: InstrumentRules,
  requested: RequestedTerms,
): Read<Terms> {
  const read = readTerms(requested, side, instrument, rules);
  if ('refusal' in read) return read;
  const terms = read.value;
  const candidate = { accountId, symbol, side, terms, increase: terms.orderQuantity, rules, instrument };
  const refusal = firstRefusal(termsChecks, candidate);
  return refusal ? { refusal } : read;
}

function legRefusal(leg: LegName, { observed, ...refusal }: Refusal): { readonly refusal: Refusal } {
  return { refusal: { ...refusal, observed: observed === undefined ? leg : `${leg} ${observed}` } };
}

function referenceOf({ reference }: TradingRules): Price {
  assert(reference !== undefined, 'a missing reference price was refused before');
  return reference.price;
}

/** What an entry is expected to cost: its limit, its stop, or what the market is at. */
function basePrice({ limitPrice, stopPrice }: Terms, rules: TradingRules): Price {
  return limitPrice ?? stopPrice ?? referenceOf(rules);
}

export interface LegPrices {
  /** Of the legs. */
  readonly side: Side;
  /** What the entry costs; for a pair alone, what the market is at. */
  readonly base: Price;
  readonly takeProfit: Price | undefined;
  readonly stop: Price | undefined;
  /** There is a position already: where the market is now bounds the stop, not the take profit. */
  readonly isEntered: boolean;
}

/** A take profit lies on the winning side of the entry, a stop loss on the losing side: else it would trade at once, at a loss. */
export function misplacedLeg(prices: LegPrices, { contract }: InstrumentRules): Refusal | undefined {
  const { side, base, takeProfit, stop, isEntered } = prices;
  const [winning, losing] = side === 'sell' ? (['above', 'below'] as const) : (['below', 'above'] as const);
  const isBeyond = (price: Price, other: Price) => (side === 'sell' ? price > other : price < other);
  const show = (price: Price) => formatPrice(price, contract);
  const bound = isEntered ? stop : base;
  if (takeProfit !== undefined && bound !== undefined && !isBeyond(takeProfit, bound)) {
    const limit = `${winning} ${show(bound)}`;
    return { reason: 'take_profit_out_of_place', limit, observed: show(takeProfit) };
  }
  if (stop !== undefined && !isBeyond(base, stop)) {
    return { reason: 'stop_loss_out_of_place', limit: `${losing} ${show(base)}`, observed: show(stop) };
  }
  return undefined;
}

/** The prices a pair would have after a replace of one of them. While it waits for its entry, the market does not bound it. */
export function misplacedPair(
  pair: { readonly side: Side; readonly phase: Order['phase']; readonly rules: TradingRules },
  takeProfit: Price | undefined,
  stop: Price | undefined,
  instrument: InstrumentRules,
): Refusal | undefined {
  const { side, rules } = pair;
  const isMarket = !waitsForEntry(pair);
  const base = isMarket ? referenceOf(rules) : takeProfit;
  if (base === undefined) return undefined;
  return misplacedLeg({ side, base, takeProfit, stop, isEntered: true }, instrument);
}
