import * as z from 'zod/mini';
import { amount, cashAttributes, text } from '../../../domain/account/holdings.ts';
import type { Item } from '../../../domain/account/items.ts';
import type { Account } from '../../../domain/account/state.ts';
import { currencies, formatMoney, money } from '../../../domain/values/money.ts';
import { formatTimestamp } from '../../../domain/values/time.ts';
import { type Holding, valueIn } from '../shared/holdings.ts';
import { decimalText, momentText, opaqueId } from './values.ts';

export const accountSchema = z
  .strictObject({
    id: opaqueId,
    account_number: opaqueId,
    status: z.enum(['ACTIVE', 'ACCOUNT_CLOSED']),
    crypto_status: z.literal('INACTIVE'),
    currency: z.enum(currencies),
    cash: decimalText,
    buying_power: decimalText,
    regt_buying_power: decimalText,
    daytrading_buying_power: decimalText,
    non_marginable_buying_power: decimalText,
    options_buying_power: decimalText,
    portfolio_value: decimalText,
    equity: decimalText,
    last_equity: z.null(),
    balance_asof: z.null(),
    long_market_value: decimalText,
    short_market_value: decimalText,
    position_market_value: decimalText,
    initial_margin: decimalText,
    maintenance_margin: decimalText,
    last_maintenance_margin: decimalText,
    sma: decimalText,
    multiplier: z.literal('1'),
    accrued_fees: decimalText,
    pending_reg_taf_fees: decimalText,
    pending_transfer_in: decimalText,
    pending_transfer_out: decimalText,
    intraday_adjustments: decimalText,
    options_approved_level: z.literal(0),
    options_trading_level: z.literal(0),
    pattern_day_trader: z.literal(false),
    daytrade_count: z.literal(0),
    account_blocked: z.boolean(),
    trading_blocked: z.boolean(),
    transfers_blocked: z.boolean(),
    trade_suspended_by_user: z.boolean(),
    shorting_enabled: z.literal(false),
    created_at: momentText,
    held: decimalText,
    shortfall: decimalText,
    reduce_only: z.boolean(),
    outgoing_transfers_blocked: z.boolean(),
    open_orders: z.int().check(z.minimum(0)),
  })
  .register(z.globalRegistry, { id: 'Account' });

/** An account as the Trading API v2 shows it, from its stream and its items. Cash accounts only: multiplier 1, no margin. */
export function accountJson(
  { accountId, currency, openedAt }: Account,
  item: Item,
  holdings: readonly Holding[],
): z.infer<typeof accountSchema> {
  const names = cashAttributes(currency);
  const show = (minorUnits: number) => formatMoney(money(minorUnits), currency);
  const available = amount(item, names.available);
  const shortfall = amount(item, names.shortfall);
  const cash = available + amount(item, names.held) + shortfall;
  // What is owed is not there to spend.
  const buyingPower = Math.max(0, available + shortfall);
  const long = valueIn(currency, holdings);
  const status = text(item, 'status');
  const reduceOnly = amount(item, 'reduceOnly') === 1;
  return {
    id: accountId,
    account_number: accountId,
    status: status === 'closed' ? 'ACCOUNT_CLOSED' : 'ACTIVE',
    crypto_status: 'INACTIVE',
    currency,
    cash: show(cash),
    buying_power: show(buyingPower),
    regt_buying_power: show(buyingPower),
    daytrading_buying_power: show(buyingPower),
    non_marginable_buying_power: show(buyingPower),
    options_buying_power: show(0),
    portfolio_value: show(cash + long),
    equity: show(cash + long),
    last_equity: null,
    balance_asof: null,
    long_market_value: show(long),
    short_market_value: show(0),
    position_market_value: show(long),
    initial_margin: show(0),
    maintenance_margin: show(0),
    last_maintenance_margin: show(0),
    sma: show(0),
    multiplier: '1',
    accrued_fees: show(0),
    pending_reg_taf_fees: show(0),
    pending_transfer_in: show(0),
    pending_transfer_out: show(0),
    intraday_adjustments: show(0),
    options_approved_level: 0,
    options_trading_level: 0,
    pattern_day_trader: false,
    daytrade_count: 0,
    account_blocked: status !== 'active',
    trading_blocked: status !== 'active',
    // Cash comes in during a halt too.
    transfers_blocked: status === 'closed',
    trade_suspended_by_user: amount(item, 'suspended') === 1,
    shorting_enabled: false,
    created_at: formatTimestamp(openedAt),
    // Ours, beside what Alpaca documents.
    held: show(amount(item, names.held)),
    shortfall: show(shortfall),
    reduce_only: reduceOnly,
    outgoing_transfers_blocked: status !== 'active',
    open_orders: amount(item, 'openOrders'),
  };
}
