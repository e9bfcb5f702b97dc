import type { VenueReport } from '../order/commands.ts';
import type { Side } from '../order/terms.ts';
import { executionId, type ExecutionId, type OrderId } from '../values/ids.ts';
import type { Price } from '../values/price.ts';
import type { Quantity } from '../values/quantity.ts';
import type { StandingTrade, TradeName } from './book-input.ts';

/** What a book says happened. Its place among the outputs of its commit is the position its orders know it by. */
export type BookOutput =
  | { readonly output: 'report'; readonly orderId: OrderId; readonly report: VenueReport }
  | {
      readonly output: 'trade';
      readonly buyOrderId: OrderId;
      readonly sellOrderId: OrderId;
      readonly price: Price;
      readonly quantity: Quantity;
      /** Whose order came in and took liquidity; absent in an auction, where both gathered. */
      readonly aggressor?: Side;
    }
  | (StandingTrade & { readonly output: 'bust' })
  | (StandingTrade & {
      readonly output: 'correction';
      readonly correctedPrice: Price;
      readonly correctedQuantity: Quantity;
    });

export interface OrderReport {
  readonly orderId: OrderId;
  readonly report: VenueReport;
}

export function bookStream(symbol: string): string {
  return `${bookKind}-${symbol}`;
}

/** The kind of the streams that our own books are. */
export const bookKind = 'book';

/** What each order concerned is told of an output: both sides of a trade the same, each under an execution id of its own. */
export function orderReports(symbol: string, at: TradeName, output: BookOutput): readonly OrderReport[] {
  switch (output.output) {
    case 'report':
      return [{ orderId: output.orderId, report: output.report }];
    case 'trade':
      return bothSides(output, (side) => ({
        report: 'execute',
        executionId: executionIdOf(symbol, at, side),
        lastQuantity: output.quantity,
        lastPrice: output.price,
        ...(output.aggressor && { liquidity: output.aggressor === side ? 'removed' : 'added' }),
      }));
    case 'bust':
      return bothSides(output, (side) => ({
        report: 'bust',
        executionId: executionIdOf(symbol, output.trade, side),
      }));
    case 'correction':
      return bothSides(output, (side) => ({
        report: 'correct',
        executionId: executionIdOf(symbol, at, side),
        replacesExecutionId: executionIdOf(symbol, output.trade, side),
        lastQuantity: output.correctedQuantity,
        lastPrice: output.correctedPrice,
      }));
  }
}

function bothSides(
  { buyOrderId, sellOrderId }: Pick<StandingTrade, 'buyOrderId' | 'sellOrderId'>,
  reportOf: (side: Side) => VenueReport,
): readonly OrderReport[] {
  return [
    { orderId: buyOrderId, report: reportOf('buy') },
    { orderId: sellOrderId, report: reportOf('sell') },
  ];
}

/** One execution id per side and trade, which also says where in the book's stream the trade is. */
export function executionIdOf(symbol: string, { version, index }: TradeName, side: Side): ExecutionId {
  return executionId(`${symbol}-${version}-${index}-${side === 'buy' ? 'B' : 'S'}`);
}

/** The trade that an execution id of this book names; undefined for any other id. */
export function tradeNamed(symbol: string, id: ExecutionId): TradeName | undefined {
  const match = id.startsWith(`${symbol}-`)
    ? /^(\d{1,15})-(\d{1,15})-[BS]$/.exec(id.slice(symbol.length + 1))
    : null;
  return match ? { version: Number(match[1]), index: Number(match[2]) } : undefined;
}
