import type { VenueReport } from '../../../domain/order/commands.ts';
import { orderStream } from '../../../domain/order/effects.ts';
import type { OrderEvent } from '../../../domain/order/events.ts';
import type { Order } from '../../../domain/order/state.ts';
import { type ExecutionId, orderId as toOrderId } from '../../../domain/values/ids.ts';
import { bookStream, tradeNamed } from '../../../domain/venue/book-output.ts';
import { venueStream } from '../../../domain/venue-report/state.ts';
import { orderFold } from '../../../platform/aggregates/order-fold.ts';
import type { CommandContext } from '../../../platform/command-handler/context.ts';
import type { Deadline } from '../../../platform/deadline/deadline.ts';
import type { EventStore } from '../../../platform/event-store/port.ts';
import type { Reported } from '../../../platform/reporting/venue-reporting.ts';
import type { Dependencies, Reaching } from '../../dependencies.ts';

type Needs = Reaching<'orders' | 'ownTrades' | 'reporting'>;

export interface SaidOfOrder {
  readonly venueId: string;
  readonly orderId: string;
  readonly report: VenueReport;
}

/** New orders of this instrument go to our own book, and this venue has not spoken of the order before: it cannot have it. */
export function isOnOwnBook(
  { ownTrades }: Pick<Dependencies, 'ownTrades'>,
  { orderId, contract, applied }: Order,
  venueId: string,
): boolean {
  const isOurs = ownTrades?.isOurs(contract.symbol) === true;
  return isOurs && applied[venueStream(venueId, orderId)] === undefined;
}

/**
 * What was said of an order gets into it. A bust or correction that names a trade of our own book is one of both its sides, and goes
 * through the book. Throws what the command handler throws; then the same again.
 */
export async function reportOnOrder(
  dependencies: Needs,
  said: SaidOfOrder,
  context: CommandContext,
): Promise<Reported> {
  const { orders, reporting } = dependencies;
  const { state } = await orders.load(orderStream(said.orderId), context.deadline);
  const undone = state.kind === 'order' && (await undoneInBook(dependencies, state, said.report, context));
  return undone || reporting.report(said.venueId, toOrderId(said.orderId), said.report, context);
}

export async function historyOf(
  store: Pick<EventStore, 'read'>,
  orderId: string,
  deadline: Deadline,
): Promise<readonly OrderEvent[]> {
  const commits = await store.read(orderStream(orderId), 1, deadline);
  return commits.flatMap((commit) => commit.events.map((stored) => orderFold.upcast(stored)));
}

/** The execution of this order that a bust or correction names, if our own book made it, undone or not. */
export function tradeOfBook(
  { contract: { symbol } }: Order,
  report: Undoes,
  history: readonly OrderEvent[],
): ExecutionId | undefined {
  const named = report.report === 'bust' ? report.executionId : report.replacesExecutionId;
  if (!tradeNamed(symbol, named)) return undefined;
  const isOfOrder = history.some(
    ({ type, data }) =>
      (type === 'OrderExecuted' || type === 'ExecutionCorrected') &&
      data.executionId === named &&
      data.position.stream === bookStream(symbol),
  );
  return isOfOrder ? named : undefined;
}

type Undoes = Extract<VenueReport, { report: 'bust' | 'correct' }>;

/** Undefined: it names no trade of the order that our book could undo, or has undone. */
async function undoneInBook(
  { ownTrades, store, orders }: Needs,
  order: Order,
  report: VenueReport,
  context: CommandContext,
): Promise<Reported | undefined> {
  if (!ownTrades || (report.report !== 'bust' && report.report !== 'correct')) return undefined;
  const { orderId } = order;
  const { symbol } = order.contract;
  const named = tradeOfBook(order, report, await historyOf(store, orderId, context.deadline));
  if (named === undefined) return undefined;
  const correction =
    report.report === 'correct'
      ? { correction: { price: report.lastPrice, quantity: report.lastQuantity } }
      : undefined;
  const outcome = await ownTrades.undo({ symbol, executionId: named, ...correction }, context);
  const events = await historyOf(store, orderId, context.deadline);
  const undoing = events.find((event) => undoes(event, named, bookStream(symbol)));
  const { state } = await orders.load(orderStream(orderId), context.deadline);
  if (!undoing || state.kind !== 'order') return undefined;
  const { position } = undoing.data;
  return {
    outcome: outcome === 'undone' ? 'applied' : 'repeated',
    position,
    order: state,
    events: [undoing],
  };
}

type Undoing = Extract<OrderEvent, { type: 'ExecutionBusted' | 'ExecutionCorrected' }>;

function undoes(event: OrderEvent, id: ExecutionId, stream: string): event is Undoing {
  if (event.type !== 'ExecutionBusted' && event.type !== 'ExecutionCorrected') return false;
  const named = event.type === 'ExecutionBusted' ? event.data.executionId : event.data.replacesExecutionId;
  return named === id && event.data.position.stream === stream;
}
