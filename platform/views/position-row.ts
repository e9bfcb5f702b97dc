import { formatExact, magnitude, parseExact, unitScale, valueScale } from './exact.ts';
import type { PositionRow } from './port.ts';
import type { Position } from './position.ts';

const averageDecimals = 9;

export function positionRow({ accountId, symbol, currency, basis, recent }: Position): PositionRow {
  const last = recent.at(-1);
  const average = averagePrice(basis.quantity, basis.cost);
  return {
    accountId,
    symbol,
    currency,
    quantity: basis.quantity,
    costBasis: basis.cost,
    ...(average !== undefined && { averageEntryPrice: average }),
    realizedProfit: basis.realized,
    ...(last && {
      lastTrade: {
        orderId: last.orderId,
        executionId: last.executionId,
        side: last.quantity.startsWith('-') ? 'sell' : 'buy',
        quantity: last.quantity.replace('-', ''),
        price: last.price,
        at: last.at,
      },
    }),
  };
}

/** For display only: cost and quantity are exact. */
function averagePrice(quantityText: string, costText: string): string | undefined {
  const quantity = magnitude(parseExact(quantityText, unitScale));
  if (quantity === 0n) return undefined;
  const cost = magnitude(parseExact(costText, valueScale));
  const divisor = quantity * 10n ** BigInt(valueScale - unitScale - averageDecimals);
  return formatExact((2n * cost + divisor) / (2n * divisor), averageDecimals);
}
