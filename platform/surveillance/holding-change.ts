import { feeOf } from '../../domain/account/fees.ts';
import { type Contract, formatPrice, formatQuantity, unitsOf } from '../../domain/instrument/instrument.ts';
import {
  leavesQuantity,
  type Order,
  type OrderState,
  pendingReplace,
  waitsForEntry,
} from '../../domain/order/state.ts';
import { type Terms, worstPrice } from '../../domain/order/terms.ts';
import { currencyScale } from '../../domain/values/money.ts';
import { formatExact, unitScale, valueScale } from '../views/exact.ts';
import type { OrderStep } from '../views/order-steps.ts';
import type { TransferStep } from '../views/transfer-steps.ts';
import type { HoldingChange } from './effect.ts';

/** The difference that an order's commit makes: a bust or a correction is one like any other. */
export function holdingChange(steps: readonly OrderStep[]): HoldingChange | undefined {
  const after = steps.at(-1)?.after;
  if (after?.kind !== 'order') return undefined;
  const before = steps[0]?.before;
  const was = sumsOf(before);
  const is = sumsOf(after);
  const sign = after.side === 'buy' ? 1n : -1n;
  return {
    ...whose(after.contract),
    traded: formatExact(sign * (is.filled - was.filled), unitScale),
    moved: '0',
    cash: formatExact(-sign * (is.value - was.value) - (is.fees - was.fees), valueScale),
    working: formatExact(is.working - was.working, valueScale),
    ...pricesIn(steps, after.contract),
  };
}

export function movedBy(steps: readonly TransferStep[]): HoldingChange | undefined {
  const after = steps.at(-1)?.after;
  const isDone = steps.some(({ event }) => event.type === 'TransferCompleted');
  if (!isDone || after?.kind !== 'transfer' || after.asset.kind !== 'shares') return undefined;
  const { contract, quantity } = after.asset;
  const lots = after.direction === 'in' ? quantity : -quantity;
  return {
    ...whose(contract),
    traded: '0',
    moved: formatQuantity(lots, contract),
    cash: '0',
    working: '0',
  };
}

function whose({ symbol, currency }: Contract): Pick<HoldingChange, 'symbol' | 'currency'> {
  return { symbol, currency };
}

/** An order's sums so far: shares in units of 10^-18, money of 10^-36. */
interface Sums {
  readonly filled: bigint;
  readonly value: bigint;
  readonly fees: bigint;
  readonly working: bigint;
}

const none: Sums = { filled: 0n, value: 0n, fees: 0n, working: 0n };

function sumsOf(state: OrderState | undefined): Sums {
  if (state?.kind !== 'order') return none;
  const { contract, totals, fees } = state;
  const { cumulativeQuantity, notional } = totals;
  const minor = feeOf(fees, cumulativeQuantity, notional, contract);
  return {
    filled: BigInt(cumulativeQuantity) * oneLot(contract),
    value: BigInt(notional) * tickTimesLot(contract),
    fees: BigInt(minor) * 10n ** BigInt(valueScale - currencyScale(contract.currency)),
    working: workingValue(state),
  };
}

function tickTimesLot(contract: Contract): bigint {
  const { tickDigits, tickScale } = unitsOf(contract);
  return BigInt(tickDigits) * 10n ** BigInt(unitScale - tickScale) * oneLot(contract);
}

function oneLot(contract: Contract): bigint {
  const { lotDigits, lotScale } = unitsOf(contract);
  return BigInt(lotDigits) * 10n ** BigInt(unitScale - lotScale);
}

/** While a replace is pending, whichever of the two terms can cost more. Sales only ever reduce: there are no short ones. */
function workingValue(order: Order): bigint {
  if (order.side !== 'buy' || leavesQuantity(order) === 0 || waitsForEntry(order)) return 0n;
  const asked = pendingReplace(order)?.terms;
  const worst = [order.terms, ...(asked ? [asked] : [])].map((terms) => leftAtWorst(order, terms));
  return BigInt(Math.max(...worst)) * tickTimesLot(order.contract);
}

/** In ticks x lots; an order without a limit has a protection price. */
function leftAtWorst({ totals }: Order, terms: Terms): number {
  return Math.max(0, terms.orderQuantity - totals.cumulativeQuantity) * (worstPrice(terms) ?? 0);
}

function pricesIn(
  steps: readonly OrderStep[],
  contract: Contract,
): Pick<HoldingChange, 'tradePrice' | 'referencePrice'> {
  const events = steps.map(({ event }) => event);
  const executed = events.findLast((event) => event.type === 'OrderExecuted');
  const placed = events.find((event) => event.type === 'OrderPlaced');
  const reference = placed?.data.reference?.price;
  return {
    ...(executed && { tradePrice: formatPrice(executed.data.lastPrice, contract) }),
    ...(reference !== undefined && { referencePrice: formatPrice(reference, contract) }),
  };
}
