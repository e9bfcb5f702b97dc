import type { OrderEvent, VenuePosition } from '../../domain/order/events.ts';
import type { Order } from '../../domain/order/state.ts';
import { formatPrice, formatQuantity } from '../../domain/instrument/instrument.ts';
import type { Currency } from '../../domain/values/money.ts';
import type { Timestamp } from '../../domain/values/time.ts';

/** One execution of one order, as it stands. */
export interface Trade {
  readonly orderId: string;
  readonly executionId: string;
  /** Where the venue said it first; a correction keeps its place. */
  readonly place: VenuePosition;
  /** When we learnt of it: what orders the trades of different venue streams. */
  readonly at: Timestamp;
  /** Signed: sales are negative. */
  readonly quantity: string;
  readonly price: string;
}

/** What a commit does to the trades of its account and symbol. */
export interface TradeChange {
  readonly accountId: string;
  readonly symbol: string;
  readonly currency: Currency;
  readonly orderId: string;
  /** Absent: nothing is undone. A correction undoes the execution under its old id and keeps its place. */
  readonly undone?: string;
  /** The venue stream that undoes it: where two venues use one execution id, its own is meant. */
  readonly undoneIn?: string;
  readonly made?: Pick<Trade, 'executionId' | 'quantity' | 'price'> & Partial<Pick<Trade, 'place' | 'at'>>;
}

/** Undefined for an event that trades nothing. */
export function tradeChange(order: Order, event: OrderEvent, at: Timestamp): TradeChange | undefined {
  const whose = {
    accountId: order.accountId,
    symbol: order.contract.symbol,
    currency: order.contract.currency,
    orderId: order.orderId,
  };
  switch (event.type) {
    case 'OrderExecuted':
      return { ...whose, made: { ...numbers(order, event.data), place: event.data.position, at } };
    case 'ExecutionBusted':
      return { ...whose, undone: event.data.executionId, undoneIn: event.data.position.stream };
    case 'ExecutionCorrected':
      return {
        ...whose,
        undone: event.data.replacesExecutionId,
        undoneIn: event.data.position.stream,
        made: numbers(order, event.data),
      };
    default:
      return undefined;
  }
}

type Executed = Extract<OrderEvent, { type: 'OrderExecuted' }>['data'];

function numbers(
  { side, contract }: Order,
  { executionId, lastQuantity, lastPrice }: Pick<Executed, 'executionId' | 'lastQuantity' | 'lastPrice'>,
) {
  const lots = side === 'buy' ? lastQuantity : -lastQuantity;
  return {
    executionId,
    quantity: formatQuantity(lots, contract),
    price: formatPrice(lastPrice, contract),
  };
}

/**
 * The order that cost basis is worked out in, the same whatever order trades became known in: within a venue's stream the
 * stream's, between streams that of time.
 */
export function inOrder(trades: readonly Trade[]): readonly Trade[] {
  const since = timesOf(trades);
  return trades.toSorted((a, b) => (since.get(a) ?? a.at) - (since.get(b) ?? b.at) || byPlace(a, b));
}

/** When each trade counts from: when we learnt of it, or of one after it in its venue stream where that was sooner. */
export function timesOf(trades: readonly Trade[]): ReadonlyMap<Trade, number> {
  const since = new Map<Trade, number>();
  let after: Trade | undefined;
  for (const trade of trades.toSorted((a, b) => byPlace(b, a))) {
    const bound = after?.place.stream === trade.place.stream ? since.get(after) : undefined;
    since.set(trade, Math.min(trade.at, bound ?? trade.at));
    after = trade;
  }
  return since;
}

/** By venue stream, then version, then index; the two sides of one trade by their orders. */
export function byPlace(a: Trade, b: Trade): number {
  return (
    compare(a.place.stream, b.place.stream) ||
    a.place.version - b.place.version ||
    a.place.index - b.place.index ||
    compare(a.orderId, b.orderId)
  );
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
