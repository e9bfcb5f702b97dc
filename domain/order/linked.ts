import type { ClientOrderId, OrderId } from '../values/ids.ts';
import type { Notional } from '../values/notional.ts';
import type { Price } from '../values/price.ts';
import type { Quantity } from '../values/quantity.ts';
import type { Side, Terms } from './terms.ts';

/**
 * How orders belong together, in the words of the Trading API v2. An *entry* opens a position; its *exit* waits for it and closes
 * what it opened. `bracket`: an entry whose exit is a pair, take profit and stop loss. `oto`: an entry whose exit is one order.
 * `oco`: a pair alone.
 */
export type OrderClass = 'bracket' | 'oto' | 'oco';
export const orderClasses: readonly OrderClass[] = ['bracket', 'oto', 'oco'];

export type LegName = 'take_profit' | 'stop_loss';

/** What an order of a group knows of the others. */
export type Link =
  | { readonly class: 'bracket' | 'oto'; readonly role: 'entry'; readonly exit: OrderId }
  | { readonly class: 'bracket' | 'oto'; readonly role: 'exit'; readonly entry: OrderId }
  | { readonly class: 'oco'; readonly role: 'exit' };

/**
 * The stop loss of a pair. A pair is one order with two prices: the take profit works at the venue, and when the market reaches the
 * stop, that very order is replaced by the stop's terms. So one hold covers both, a fill counts for both, and they cannot both sell.
 */
export interface StopLeg {
  /** What clients know it by, also before it takes over: its stream is an alias of the pair's. */
  readonly orderId: OrderId;
  readonly clientOrderId: ClientOrderId;
  /** The stop loss it was before it was given other prices. */
  readonly replaces?: OrderId;
  /** `stop` or `stop_limit`; the quantity is the order's. */
  readonly terms: Terms;
  /** The trading day the pair was placed under. */
  readonly day: string;
  /** The market has reached its price. It stays so. */
  readonly elected?: true;
  /** How often the venue was asked to let it take over. */
  readonly attempts: number;
  /** It has taken over; what the pair had traded until then. */
  readonly working?: { readonly cumulativeQuantity: Quantity; readonly notional: Notional };
}

/** A leg as the client asks for it: prices as text. */
export interface TakeProfitRequest {
  readonly orderId: OrderId;
  readonly clientOrderId: ClientOrderId;
  readonly limitPrice: string;
}
export interface StopLossRequest {
  readonly orderId: OrderId;
  readonly clientOrderId: ClientOrderId;
  readonly stopPrice: string;
  readonly limitPrice?: string;
}

/** What goes with an order that is placed. The take profit of an `oco` is the order itself. */
export type LinkedRequest =
  | { readonly class: 'bracket'; readonly takeProfit: TakeProfitRequest; readonly stopLoss: StopLossRequest }
  | { readonly class: 'oto'; readonly takeProfit: TakeProfitRequest }
  | { readonly class: 'oto'; readonly stopLoss: StopLossRequest }
  | { readonly class: 'oco'; readonly stopLoss: StopLossRequest };

export function oppositeOf(side: Side): Side {
  return side === 'buy' ? 'sell' : 'buy';
}

/** Whether the market at `price` has reached the stop of an order on this side: down for a sale, up for a purchase. */
export function isReached(stop: Price, side: Side, price: Price): boolean {
  return side === 'sell' ? price <= stop : price >= stop;
}
