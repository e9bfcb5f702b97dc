/** In ticks. Times 10,000 hundredths of a percent it still fits exactly into a number. */
export const PRICE_MAX = 2 ** 39 - 1;

/** Working orders per book: what its index and snapshots are sized for. */
export const ORDERS_MAX = 2 ** 22;

/** In lots, over all working orders of a book: every sum of quantities stays exact below it. */
export const OPEN_QUANTITY_MAX = Number.MAX_SAFE_INTEGER;
