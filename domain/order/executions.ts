import { isCountable } from '../instrument/instrument.ts';
import { bookStream } from '../venue/book-output.ts';
import type { Quantity } from '../values/quantity.ts';
import type { ApplyReport, VenueReport } from './commands.ts';
import { disputed } from './disputes.ts';
import type { OrderEvent } from './events.ts';
import { applyFacts } from './evolve.ts';
import { findLiveExecution } from './history.ts';
import { feesOf } from './hold.ts';
import { type Funds, withPosting } from './settle.ts';
import type { Order } from './state.ts';

type Report<Kind extends VenueReport['report']> = Extract<VenueReport, { report: Kind }>;

/** An execution counts in any phase, also beyond the order quantity: that part is told as overfill, never dropped. */
export function execute(
  command: ApplyReport,
  report: Report<'execute'>,
  order: Order,
  funds: Funds,
): OrderEvent {
  if (!isTrade(report, order)) return disputed(command, 'report_out_of_place', 'numbers that are no trade');
  const { executionId, lastQuantity, lastPrice, liquidity } = report;
  const overfill = overfillOf(order, order.totals.cumulativeQuantity, lastQuantity);
  const event = {
    type: 'OrderExecuted',
    schema: 1,
    data: {
      position: command.position,
      executionId,
      lastQuantity,
      lastPrice,
      fee: 0,
      ...(liquidity && { liquidity }),
      ...(overfill > 0 && { overfill }),
    },
  } as const;
  const fee = feesOf(order, applyFacts(order, event, order.times.updatedAt).totals) - feesOf(order);
  return withPosting(order, { ...event, data: { ...event.data, fee } }, funds);
}

/** Nothing traded, or so much that it cannot be counted exactly, is no trade whatever the venue says. */
function isTrade({ lastQuantity, lastPrice }: Report<'execute' | 'correct'>, order: Order): boolean {
  const { cumulativeQuantity, notional } = order.totals;
  const most = Math.max(cumulativeQuantity + lastQuantity, notional + lastQuantity * lastPrice);
  return lastQuantity > 0 && isCountable(most, order.contract);
}

function overfillOf(order: Order, filledBefore: number, lastQuantity: Quantity): number {
  const over = filledBefore + lastQuantity - order.terms.orderQuantity;
  return Math.min(lastQuantity, Math.max(0, over));
}

/** Takes one execution back, or puts other numbers in its place. */
export function undo(
  command: ApplyReport,
  report: Report<'bust' | 'correct'>,
  order: Order,
  funds: Funds,
): OrderEvent {
  const { position } = command;
  const named = report.report === 'bust' ? report.executionId : report.replacesExecutionId;
  const live = findLiveExecution(command.history ?? [], named, position.stream);
  if (!live) return disputed(command, 'execution_unknown', `no live execution ${named}`);
  // A trade has two sides, and only the book that made it undoes both.
  if (live.stream === bookStream(order.contract.symbol) && position.stream !== live.stream)
    return disputed(command, 'order_of_another_venue', `${named} is a trade of our own book`);
  const { lastQuantity, lastPrice } = live;
  if (report.report === 'bust') {
    const data = { position, executionId: named, lastQuantity, lastPrice };
    return withPosting(order, { type: 'ExecutionBusted', schema: 1, data }, funds);
  }
  if (!isTrade(report, order)) return disputed(command, 'report_out_of_place', 'numbers that are no trade');
  const overfill = overfillOf(order, order.totals.cumulativeQuantity - lastQuantity, report.lastQuantity);
  const data = {
    position,
    executionId: report.executionId,
    replacesExecutionId: named,
    lastQuantity: report.lastQuantity,
    lastPrice: report.lastPrice,
    previousQuantity: lastQuantity,
    previousPrice: lastPrice,
    ...(overfill > 0 && { overfill }),
  };
  return withPosting(order, { type: 'ExecutionCorrected', schema: 1, data }, funds);
}
