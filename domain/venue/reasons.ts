/** Why the venue refuses an order or a replace, in the order in which it looks. `unknown_order` also refuses a cancel. */
export type RejectReason =
  | 'duplicate_order'
  | 'unknown_order'
  | 'halted'
  | 'not_continuous'
  | 'opening_over'
  | 'quantity_out_of_range'
  | 'price_out_of_range'
  | 'off_quantity_grid'
  | 'off_price_grid'
  | 'terms_conflict'
  | 'trigger_missing'
  | 'would_trade'
  | 'book_full';

/** Why an order left the book without being filled. */
export type CloseReason =
  | 'requested'
  | 'immediate_remainder'
  | 'not_fillable'
  | 'below_minimum'
  | 'no_liquidity'
  | 'protection_limit'
  | 'self_trade'
  | 'auction_over'
  | 'day_over'
  | 'date_reached';
