/** Which of FIX's two refusal codes a reason maps to is decided by the message it answers. */
export interface ReasonEntry {
  /** FIX OrdRejReason (103). */
  readonly ordRejReason: number;
  /** FIX CxlRejReason (102). */
  readonly cxlRejReason: number;
  readonly httpStatus: 403 | 404 | 409 | 422;
  readonly sentence: string;
}

const entry = (
  ordRejReason: number,
  cxlRejReason: number,
  httpStatus: ReasonEntry['httpStatus'],
  sentence: string,
): ReasonEntry => ({
  ordRejReason,
  cxlRejReason,
  httpStatus,
  sentence,
});

/** Every reason for which the rules of trading refuse an order or a request. Closed: a reason is never renamed or reused. */
export const reasons = {
  kill_switch_firm: entry(2, 2, 403, 'Trading is stopped for the whole firm.'),
  kill_switch_account: entry(2, 2, 403, 'Trading is stopped for this account.'),
  kill_switch_instrument: entry(2, 2, 403, 'Trading in this instrument is stopped.'),
  strategy_stopped: entry(
    99,
    99,
    403,
    'The strategy was stopped because it repeated itself; a person has to re-enable it.',
  ),
  strategy_not_stopped: entry(99, 99, 409, 'The strategy is not stopped.'),
  kill_switch_not_thrown: entry(99, 99, 409, 'The kill switch is not thrown.'),
  kill_switches_full: entry(99, 99, 409, 'No more kill switches can be thrown; throw that of the firm.'),
  instrument_unknown: entry(1, 99, 422, 'No such instrument.'),
  instrument_not_permitted: entry(0, 2, 403, 'The account may not trade this instrument.'),
  instrument_restricted: entry(0, 2, 403, 'The instrument is on the restricted list of this account.'),
  instrument_not_tradable: entry(0, 2, 422, 'The instrument is not open for trading.'),
  instrument_halted: entry(2, 2, 422, 'The instrument is halted.'),
  session_closed: entry(2, 2, 422, 'The market is closed for this time in force.'),
  quantity_off_lot: entry(13, 99, 422, 'The quantity is not a positive multiple of the lot size.'),
  price_off_tick: entry(18, 18, 422, 'A price is not a positive multiple of the tick size.'),
  terms_inconsistent: entry(
    11,
    99,
    422,
    'The order type does not go with the prices or the time in force given.',
  ),
  expiry_passed: entry(4, 99, 422, 'The expiry is not in the future.'),
  limit_not_configured: entry(
    3,
    2,
    403,
    'A limit that must exist is not configured; nothing passes without it.',
  ),
  maximum_order_quantity: entry(3, 2, 403, 'The quantity is above the largest one order may have.'),
  reference_price_missing: entry(0, 2, 422, 'There is no reference price for the instrument.'),
  reference_price_stale: entry(0, 2, 422, 'The reference price is too old.'),
  price_outside_collar: entry(16, 8, 422, 'The price is too far from the reference price.'),
  maximum_order_value: entry(3, 2, 403, 'The value is above the largest one order may have.'),
  duplicate_order: entry(6, 6, 403, 'The same order was placed within the duplicate window.'),
  account_unknown: entry(15, 2, 403, 'The account does not exist.'),
  account_halted: entry(0, 2, 403, 'The account is halted.'),
  account_closed: entry(0, 2, 403, 'The account is closed.'),
  account_suspended: entry(0, 2, 403, 'The owner of the account has suspended trading (suspend_trade).'),
  account_moved: entry(0, 2, 403, 'The account has moved to another cell.'),
  account_reduce_only: entry(0, 2, 403, 'The account may only reduce its positions.'),
  insufficient_funds: entry(3, 2, 403, 'The available cash does not cover the worst case of the order.'),
  insufficient_shares: entry(
    3,
    2,
    403,
    'The available shares do not cover the sale; short sales are not supported.',
  ),
  maximum_open_orders: entry(3, 2, 403, 'The account has as many open orders as it may have.'),
  maximum_day_notional: entry(3, 2, 403, 'The order would take the account above its notional for the day.'),
  maximum_position: entry(3, 2, 403, 'The order, filled, would take the position above its limit.'),
  take_profit_out_of_place: entry(
    99,
    99,
    422,
    'The take profit is not on the winning side of the entry, or of the stop loss.',
  ),
  stop_loss_out_of_place: entry(
    99,
    99,
    422,
    'The stop loss is not on the losing side of the entry, or of the market.',
  ),
  order_unknown: entry(5, 1, 404, 'No such order.'),
  too_late: entry(99, 0, 422, 'The order is closed already.'),
  request_pending: entry(99, 3, 422, 'A request on this order is waiting for the venue already.'),
  original_id_stale: entry(99, 99, 422, 'The original id is not the latest one of the order.'),
  client_order_id_taken: entry(6, 6, 422, 'The client order id is used already.'),
  replace_changes_nothing: entry(99, 99, 422, 'The replace changes nothing.'),
  field_not_replaceable: entry(11, 99, 422, 'The order has no such term to replace.'),
  venue_refused: entry(0, 2, 422, 'The venue refused.'),
  execution_conflict: entry(99, 99, 409, 'The execution id was reported before with other numbers.'),
  execution_unknown: entry(99, 99, 422, 'No live execution of the order has this id.'),
  order_of_another_venue: entry(99, 99, 403, 'Another venue reports on this order.'),
  report_out_of_place: entry(99, 99, 422, 'The report makes no sense in the state of the order.'),
  transfer_asset_unknown: entry(
    99,
    99,
    422,
    'The asset is neither a currency nor an instrument that can be held.',
  ),
  account_not_halted: entry(99, 99, 409, 'The account is not halted.'),
  account_not_empty: entry(99, 99, 409, 'The account still holds something or has open orders.'),
  account_short: entry(99, 99, 409, 'The account owes more than it has available.'),
  second_person_required: entry(99, 99, 403, 'This takes a second person; who asks cannot approve.'),
  approval_unknown: entry(99, 99, 404, 'No such approval.'),
  approval_missing: entry(99, 99, 403, 'This takes the approval of a second person first.'),
  approval_mismatch: entry(99, 99, 409, 'The approval was given for something else.'),
  approval_closed: entry(99, 99, 409, 'The approval was refused or used already.'),
  transfer_unknown: entry(99, 99, 404, 'No such transfer.'),
  transfer_closed: entry(99, 99, 409, 'The transfer is completed, canceled or denied already.'),
  maximum_balance: entry(99, 99, 422, 'The transfer would take the balance above what may come in.'),
  maximum_webhooks: entry(99, 99, 403, 'The account has as many webhooks as it may have.'),
  transfer_insufficient: entry(99, 99, 403, 'The available balance does not cover the transfer.'),
} as const satisfies Readonly<Record<string, ReasonEntry>>;

export type Reason = keyof typeof reasons;

export function isReason(text: string): text is Reason {
  return Object.hasOwn(reasons, text);
}
