import type { AnyReason } from '../door/reasons.ts';

/** What the checks of an order, and the write itself, may refuse; also of a replace. */
export const tradingRefusals = [
  'kill_switch_firm',
  'kill_switch_account',
  'kill_switch_instrument',
  'strategy_stopped',
  'instrument_unknown',
  'instrument_not_permitted',
  'instrument_restricted',
  'instrument_not_tradable',
  'instrument_halted',
  'session_closed',
  'quantity_off_lot',
  'price_off_tick',
  'terms_inconsistent',
  'expiry_passed',
  'limit_not_configured',
  'maximum_order_quantity',
  'reference_price_missing',
  'reference_price_stale',
  'price_outside_collar',
  'maximum_order_value',
  'take_profit_out_of_place',
  'stop_loss_out_of_place',
  'duplicate_order',
  'account_unknown',
  'account_halted',
  'account_closed',
  'account_suspended',
  'account_moved',
  'account_reduce_only',
  'insufficient_funds',
  'insufficient_shares',
  'maximum_open_orders',
  'maximum_day_notional',
  'maximum_position',
] as const satisfies readonly AnyReason[];

/** A request on an order that exists. */
export const requestRefusals = [
  'order_not_found',
  'too_late',
  'request_pending',
  'original_id_stale',
  'idempotency_key_reused',
] as const satisfies readonly AnyReason[];

/** What a venue says of an order, and what became of it. */
export const reportRefusals = [
  'order_unknown',
  'report_out_of_place',
  'execution_conflict',
  'execution_unknown',
  'order_of_another_venue',
  'quantity_off_lot',
  'price_off_tick',
  'idempotency_key_reused',
] as const satisfies readonly AnyReason[];

export const transferRefusals = [
  'account_not_found',
  'account_unknown',
  'account_halted',
  'account_closed',
  'account_moved',
  'account_reduce_only',
  'limit_not_configured',
  'transfer_asset_unknown',
  'transfer_insufficient',
  'maximum_balance',
  'transfer_unknown',
] as const satisfies readonly AnyReason[];

export const killSwitchRefusals = [
  'kill_switch_not_thrown',
  'kill_switches_full',
  'approval_mismatch',
] as const satisfies readonly AnyReason[];

export const configRefusals = [
  'config_invalid',
  'config_version_stale',
  'config_elsewhere',
] as const satisfies readonly AnyReason[];

/** A question to a second person. */
export const askingRefusals = [
  'approval_unknown',
  'idempotency_key_reused',
] as const satisfies readonly AnyReason[];

/** Of every route, whoever asks. */
export const everywhere = [
  'headers_malformed',
  'body_malformed',
  'body_too_large',
  'too_many_requests',
  'temporarily_unavailable',
  'storage_full',
  'internal_error',
] as const satisfies readonly AnyReason[];

/** Of every route that takes a key. */
export const withKey = [
  'not_authenticated',
  'account_elsewhere',
  'not_permitted',
  'rate_limited',
] as const satisfies readonly AnyReason[];

/** Of whatever is read from a body or a query. */
export const ofFields = [
  'field_missing',
  'field_invalid',
  'field_unknown',
  'field_unsupported',
] as const satisfies readonly AnyReason[];
