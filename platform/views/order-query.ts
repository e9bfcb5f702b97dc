import { assert } from '../../domain/values/assert.ts';
import type { OrderRow } from './order-row.ts';
import { type OrderQuery, ordersMax, symbolsMax } from './port.ts';

/** The query with its bounds asserted, and whether a row of any account meets it. */
export function checkedQuery(
  query: OrderQuery,
): OrderQuery & { readonly matches: (row: OrderRow) => boolean } {
  const { accountId, status, symbols, side, after, until, limit } = query;
  assert(Number.isSafeInteger(limit) && limit >= 1 && limit <= ordersMax, `a list of ${limit} orders`);
  assert(symbols === undefined || symbols.length <= symbolsMax, 'a list of more symbols than there may be');
  return {
    ...query,
    matches: (row) =>
      row.accountId === accountId &&
      (status === 'all' || row.isOpen === (status === 'open')) &&
      (symbols === undefined || symbols.includes(row.symbol)) &&
      (side === undefined || row.side === side) &&
      (after === undefined || row.submittedAt > after) &&
      (until === undefined || row.submittedAt < until),
  };
}
