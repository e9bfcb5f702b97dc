import { type FeeSchedule, noFees } from '../../domain/account/fees.ts';
import type { Contract } from '../../domain/instrument/instrument.ts';
import type {
  ApplyReport,
  PlaceOrder,
  RequestCancel,
  RequestReplace,
  VenueReport,
} from '../../domain/order/commands.ts';
import type { RequestedChange, RequestedTerms, Side } from '../../domain/order/terms.ts';
import type { AccountRules, InstrumentRules, TradingRules } from '../../domain/risk/rules.ts';
import {
  accountId,
  type ClientOrderId,
  clientOrderId,
  executionId,
  orderId,
  requestId,
} from '../../domain/values/ids.ts';
import { price } from '../../domain/values/price.ts';
import { quantity } from '../../domain/values/quantity.ts';
import { type Timestamp, timestamp } from '../../domain/values/time.ts';

/** One share a lot, one cent a tick: a tick x lot is one cent of money. */
export const contract: Contract = { symbol: 'ACME', currency: 'USD', tickSize: '0.01', lotSize: '1' };

/** Monday noon, UTC. */
export const now: Timestamp = timestamp(Date.UTC(2024, 0, 8, 12) * 1000);

export interface RulesChange extends Partial<Omit<TradingRules, 'instrument' | 'account'>> {
  readonly instrument?: Partial<InstrumentRules>;
  readonly account?: Partial<AccountRules>;
}

/** Rules under which a plain order passes: reference 100.00, collar 10 %, ample limits, no fees. */
export function rules(change: RulesChange = {}): TradingRules {
  const { instrument, account, ...others } = change;
  return {
    now,
    day: '2024-01-08',
    instrument: {
      contract,
      tradable: true,
      halted: false,
      collarPpm: 100_000,
      passiveBandPpm: 500_000,
      referenceAgeMaxMs: 60_000,
      orderQuantityMax: 1_000_000,
      orderValueMax: 10_000_000_000,
      positionMax: 1_000_000,
      ...instrument,
    },
    reference: { price: price(10_000), at: now },
    session: 'open',
    account: {
      epoch: 1,
      orderQuantityMax: 1_000_000,
      orderValueMax: 10_000_000_000,
      openOrdersMax: 100,
      dayNotionalMax: 100_000_000_000,
      permittedSymbols: 'all',
      restrictedSymbols: [],
      duplicateWindowMs: 0,
      ...account,
    },
    fees: noFees,
    switches: { firm: false, account: false, instrument: false },
    ...others,
  };
}

export interface OrderChange extends Partial<RequestedTerms> {
  readonly id?: string;
  readonly side?: Side;
  readonly fees?: FeeSchedule;
  readonly rules?: TradingRules;
  readonly symbol?: string;
}

/** A day order to buy 10 at 100.00, unless told otherwise. */
export function place(change: OrderChange = {}): PlaceOrder {
  const { id = 'X', side = 'buy', fees, rules: given, symbol = contract.symbol, ...terms } = change;
  const orderType = terms.orderType ?? 'limit';
  return {
    do: 'place',
    orderId: orderId(`order ${id}`),
    accountId: accountId('account'),
    clientOrderId: clientOrderId(id),
    symbol,
    side,
    requested: {
      timeInForce: 'day',
      quantity: '10',
      ...(orderType === 'limit' && { limitPrice: '100' }),
      ...terms,
      orderType,
    },
    rules: given ?? rules(fees && { fees }),
  };
}

export function cancel(id: string, original?: string): RequestCancel {
  return {
    do: 'request-cancel',
    requestId: requestId(id),
    reason: 'requested',
    ...(original !== undefined && { original: clientOrderId(original) }),
  };
}

export function replace(
  id: string,
  change: RequestedChange,
  others: { readonly rules?: TradingRules; readonly original?: ClientOrderId; readonly taken?: true } = {},
): RequestReplace {
  return {
    do: 'request-replace',
    requestId: requestId(`replace ${id}`),
    replacementId: orderId(`order ${id}`),
    clientOrderId: clientOrderId(id),
    change,
    rules: rules(),
    ...others,
  };
}

/** A report at the next place of the venue's stream; `OrderStory` numbers them. */
export function venue(report: VenueReport, version: number, index = 0): ApplyReport {
  return { do: 'apply-report', position: { stream: 'venue', version, index }, report };
}

/** Shares, and dollars a share in cents. */
export function execution(id: string, lots: number, ticks = 10_000): VenueReport {
  return {
    report: 'execute',
    executionId: executionId(id),
    lastQuantity: quantity(lots),
    lastPrice: price(ticks),
  };
}

export function correction(of: string, id: string, lots: number, ticks = 10_000): VenueReport {
  return {
    report: 'correct',
    replacesExecutionId: executionId(of),
    executionId: executionId(id),
    lastQuantity: quantity(lots),
    lastPrice: price(ticks),
  };
}

export function bust(id: string): VenueReport {
  return { report: 'bust', executionId: executionId(id) };
}

export const accept: VenueReport = { report: 'accept', venueOrderId: 'venue 1' };
