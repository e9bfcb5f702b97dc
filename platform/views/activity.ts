import { formatPrice, formatQuantity } from '../../domain/instrument/instrument.ts';
import { orderStream } from '../../domain/order/effects.ts';
import type { OrderEvent } from '../../domain/order/events.ts';
import { leavesQuantity, type Order } from '../../domain/order/state.ts';
import { type AlpacaStatus, alpacaStatus } from '../../domain/order/status.ts';
import type { Side } from '../../domain/order/terms.ts';
import { amountOf, formatAmount } from '../../domain/transfer/asset.ts';
import { transferStream } from '../../domain/transfer/state.ts';
import type { Currency } from '../../domain/values/money.ts';
import { formatTimestamp, type Timestamp } from '../../domain/values/time.ts';
import { activityIdOf } from '../ids/derived-ids.ts';
import type { OrderStep } from './order-steps.ts';
import type { TransferStep } from './transfer-steps.ts';

/** What Alpaca calls them: a trade, cash in, cash out, and shares moved between accounts. */
export const activityTypes = ['FILL', 'CSD', 'CSW', 'JNLS'] as const;
export type ActivityType = (typeof activityTypes)[number];

interface Happened {
  /** Unique, and in the order of time as text: `20260731093000123456::` and a UUID. The same after every rebuild. */
  readonly id: string;
  readonly accountId: string;
  readonly at: Timestamp;
}

/**
 * An execution, or what the venue's operator did to one afterwards: a history that is only added to, so busted fills stay in it.
 * Quantities are positive decimal texts. `partial_fill` leaves something to be filled.
 */
export interface FillActivity extends Happened {
  readonly type: 'FILL';
  readonly change: 'fill' | 'partial_fill' | 'trade_bust' | 'trade_correct';
  /** The outside id that was in force. */
  readonly orderId: string;
  readonly executionId: string;
  readonly symbol: string;
  readonly side: Side;
  /** Of the execution; of a bust, what is undone. */
  readonly quantity: string;
  readonly price: string;
  /** Of the order afterwards. */
  readonly cumulativeQuantity: string;
  readonly leavesQuantity: string;
  readonly orderStatus: AlpacaStatus;
  /** Of a correction: the execution as it was known. */
  readonly previous?: {
    readonly executionId: string;
    readonly quantity: string;
    readonly price: string;
  };
}

/** Cash that came (`CSD`) or went (`CSW`). */
export interface CashActivity extends Happened {
  readonly type: 'CSD' | 'CSW';
  readonly transferId: string;
  readonly currency: Currency;
  /** Signed: what went is negative. */
  readonly netAmount: string;
}

/** Shares that came or went by transfer. */
export interface ShareActivity extends Happened {
  readonly type: 'JNLS';
  readonly transferId: string;
  readonly symbol: string;
  /** Signed: what went is negative. */
  readonly quantity: string;
}

export type Activity = FillActivity | CashActivity | ShareActivity;

/** Undefined for a step that trades nothing. */
export function fillActivity({ event, after, at, version, index }: OrderStep): FillActivity | undefined {
  if (after.kind !== 'order') return undefined;
  const execution = executionIn(event, after);
  if (!execution) return undefined;
  const { contract, totals, side, accountId } = after;
  return {
    id: activityId(at, orderStream(after.orderId), version, index),
    accountId,
    at,
    type: 'FILL',
    ...execution,
    orderId: after.names.outsideId,
    symbol: contract.symbol,
    side,
    cumulativeQuantity: formatQuantity(totals.cumulativeQuantity, contract),
    leavesQuantity: formatQuantity(leavesQuantity(after), contract),
    orderStatus: alpacaStatus(after),
  };
}

function executionIn(event: OrderEvent, order: Order) {
  const { contract } = order;
  switch (event.type) {
    case 'OrderExecuted': {
      const isWhole = order.totals.cumulativeQuantity >= order.terms.orderQuantity;
      return { change: isWhole ? ('fill' as const) : ('partial_fill' as const), ...numbers(event.data) };
    }
    case 'ExecutionBusted':
      return { change: 'trade_bust' as const, ...numbers(event.data) };
    case 'ExecutionCorrected': {
      const { replacesExecutionId, previousQuantity, previousPrice } = event.data;
      const previous = {
        executionId: replacesExecutionId,
        quantity: formatQuantity(previousQuantity, contract),
        price: formatPrice(previousPrice, contract),
      };
      return { change: 'trade_correct' as const, ...numbers(event.data), previous };
    }
    default:
      return undefined;
  }

  function numbers({ executionId, lastQuantity, lastPrice }: Executed) {
    return {
      executionId,
      quantity: formatQuantity(lastQuantity, contract),
      price: formatPrice(lastPrice, contract),
    };
  }
}

type Executed = Pick<
  Extract<OrderEvent, { type: 'OrderExecuted' }>['data'],
  'executionId' | 'lastQuantity' | 'lastPrice'
>;

/** Undefined for a step that completes nothing. */
export function transferActivity(step: TransferStep): CashActivity | ShareActivity | undefined {
  const { event, after, at, version, index } = step;
  if (event.type !== 'TransferCompleted' || after.kind !== 'transfer') return undefined;
  const { transferId, accountId, asset, direction } = after;
  const id = activityId(at, transferStream(transferId), version, index);
  const isIn = direction === 'in';
  const signed = `${isIn ? '' : '-'}${formatAmount(asset, amountOf(asset))}`;
  if (asset.kind === 'shares')
    return { id, accountId, at, type: 'JNLS', transferId, symbol: asset.contract.symbol, quantity: signed };
  const { currency } = asset;
  return { id, accountId, at, type: isIn ? 'CSD' : 'CSW', transferId, currency, netAmount: signed };
}

function activityId(at: Timestamp, stream: string, version: number, index: number): string {
  return `${activityTime(at)}::${activityIdOf(stream, version, index)}`;
}

/** `20260731093000123456`: what the ids of that moment begin with. */
export function activityTime(at: Timestamp): string {
  return formatTimestamp(at).replaceAll(/\D/g, '');
}
