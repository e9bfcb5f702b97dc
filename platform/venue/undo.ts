import { orderStream } from '../../domain/order/effects.ts';
import { findLiveExecution } from '../../domain/order/history.ts';
import type { ExecutionId, OrderId } from '../../domain/values/ids.ts';
import type { Price } from '../../domain/values/price.ts';
import type { Quantity } from '../../domain/values/quantity.ts';
import type { MarketInput, StandingTrade, TradeName } from '../../domain/venue/book-input.ts';
import { bookStream, executionIdOf, tradeNamed } from '../../domain/venue/book-output.ts';
import { orderFold } from '../aggregates/order-fold.ts';
import { upcastBook } from '../aggregates/book.ts';
import type { CommandContext } from '../command-handler/context.ts';
import type { Deadline } from '../deadline/deadline.ts';
import type { EventStore } from '../event-store/port.ts';
import type { OwnVenue } from './own-venue.ts';

/** What to do to a trade of our own book, named by the execution id of either side. */
export interface UndoTrade {
  readonly symbol: string;
  readonly executionId: ExecutionId;
  /** Absent: the trade is busted. */
  readonly correction?: { readonly price: Price; readonly quantity: Quantity };
}

/** `not-standing`: no trade of the book has that id, or it was busted or corrected before. Nothing was done then. */
export type Undone = 'undone' | 'not-standing';

type Reading = Pick<EventStore, 'read' | 'readOne'>;

/** Our own books, for whoever brings reports on orders. */
export interface OwnTrades {
  /** Whether new orders of this instrument trade in a book of ours. */
  isOurs(symbol: string): boolean;
  /** Undoes or changes both sides of a trade as one. Throws what is retryable; the same call again then does what is left. */
  undo(trade: UndoTrade, context: CommandContext): Promise<Undone>;
}

export function ownTradesOf(venue: Pick<OwnVenue, 'prepared' | 'trades'>, store: Reading): OwnTrades {
  return {
    isOurs: (symbol) => venue.trades(symbol),
    undo: async (trade, context) => undoTrade(venue, store, trade, context),
  };
}

/** Undoes or changes both sides of a trade as one. Throws what is retryable; the same call again then does what is left. */
export async function undoTrade(
  venue: Pick<OwnVenue, 'prepared'>,
  store: Reading,
  { symbol, executionId, correction }: UndoTrade,
  context: CommandContext,
): Promise<Undone> {
  const { deadline } = context;
  let undone: Undone = 'not-standing';
  const name = tradeNamed(symbol, executionId);
  if (!name) return undone;
  const prepare = async (): Promise<readonly MarketInput[]> => {
    const trade = await standingTrade(store, symbol, name, deadline);
    if (!trade) return [];
    undone = 'undone';
    if (!correction) return [{ input: 'bust', ...trade }];
    const { price: correctedPrice, quantity: correctedQuantity } = correction;
    return [{ input: 'correct', ...trade, correctedPrice, correctedQuantity }];
  };
  await venue.prepared(symbol, prepare, context);
  return undone;
}

/** The trade as the book recorded it, if it still stands on both sides. Rare, so both orders' whole histories are read for it. */
async function standingTrade(
  store: Reading,
  symbol: string,
  name: TradeName,
  deadline: Deadline,
): Promise<StandingTrade | undefined> {
  const commit = await store.readOne(bookStream(symbol), name.version, deadline);
  const events = commit?.events.map(upcastBook) ?? [];
  const output = events.flatMap((event) => (event.type === 'BatchMatched' ? event.data.outputs : []))[
    name.index
  ];
  if (output?.output !== 'trade' && output?.output !== 'correction') return undefined;
  const { buyOrderId, sellOrderId } = output;
  const numbers =
    output.output === 'trade'
      ? { price: output.price, quantity: output.quantity }
      : { price: output.correctedPrice, quantity: output.correctedQuantity };
  const isBought = await isLive(
    store,
    buyOrderId,
    { symbol, id: executionIdOf(symbol, name, 'buy') },
    deadline,
  );
  const isSold = await isLive(
    store,
    sellOrderId,
    { symbol, id: executionIdOf(symbol, name, 'sell') },
    deadline,
  );
  return isBought && isSold ? { trade: name, buyOrderId, sellOrderId, ...numbers } : undefined;
}

async function isLive(
  store: Reading,
  orderId: OrderId,
  { symbol, id }: { readonly symbol: string; readonly id: ExecutionId },
  deadline: Deadline,
): Promise<boolean> {
  const commits = await store.read(orderStream(orderId), 1, deadline);
  const history = commits.flatMap((commit) => commit.events.map((event) => orderFold.upcast(event)));
  return findLiveExecution(history, id, bookStream(symbol)) !== undefined;
}
