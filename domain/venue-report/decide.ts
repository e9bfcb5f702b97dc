import type { Decider, Effects } from '../decider.ts';
import type { VenueReport } from '../order/commands.ts';
import { assert } from '../values/assert.ts';
import type { OrderId } from '../values/ids.ts';
import type { RecordReport } from './commands.ts';
import type { ExecutionNumbers, VenueReported, VenueReportEvent } from './events.ts';
import { evolve } from './evolve.ts';
import { noReports, positionOf, type VenueReportState, venueStream } from './state.ts';

/**
 * An execution id stands for one execution of its venue, for ever. The same numbers again are a repeat and decide nothing;
 * other numbers are recorded once, as disputed.
 */
export function decide(command: RecordReport, state: VenueReportState): readonly VenueReportEvent[] {
  assert(state.kind === 'reports', 'reports are recorded in the stream of a venue');
  const { venueId, orderId, report, taken } = command;
  const numbers = numbersOf(orderId, report);
  assert((numbers === undefined) === (command.keys === undefined), 'an execution id comes with its keys');
  const data: VenueReported['data'] = { venueId, orderId, report };
  if (!numbers || !taken) return [{ type: 'VenueReported', schema: 1, data }];
  if (taken.conflict || isSame(taken.execution.numbers, numbers)) return [];
  const text = `execution ${numbers.executionId} is ${show(taken.execution.numbers)}, now ${show(numbers)}`;
  const dispute = { reason: 'execution_conflict', text } as const;
  return [{ type: 'VenueReported', schema: 1, data: { ...data, dispute } }];
}

/** The report and what its execution id stands for become durable together or not at all. */
export function effects(
  command: RecordReport,
  before: VenueReportState,
  events: readonly VenueReportEvent[],
): Effects<VenueReportEvent> {
  const { venueId, orderId, report, keys, taken } = command;
  const numbers = numbersOf(orderId, report);
  if (events.length === 0 || before.kind !== 'reports' || !keys || !numbers)
    return { changes: [], beginnings: [] };
  const position = positionOf(venueStream(venueId, orderId), before.count + 1);
  const keyed = { type: 'ExecutionKeyed', schema: 1, data: { venueId, numbers, position } } as const;
  return {
    changes: [],
    beginnings: [{ stream: taken ? keys.conflict : keys.execution, events: [keyed] }],
  };
}

/** Undefined for a report that brings no execution id. A bust names one, but brings none. */
export function numbersOf(orderId: OrderId, report: VenueReport): ExecutionNumbers | undefined {
  if (report.report !== 'execute' && report.report !== 'correct') return undefined;
  const { executionId, lastQuantity, lastPrice } = report;
  return {
    orderId,
    executionId,
    lastQuantity,
    lastPrice,
    ...(report.report === 'correct' && { replacesExecutionId: report.replacesExecutionId }),
  };
}

export function isSame(one: ExecutionNumbers, other: ExecutionNumbers): boolean {
  return (
    one.orderId === other.orderId &&
    one.executionId === other.executionId &&
    one.lastQuantity === other.lastQuantity &&
    one.lastPrice === other.lastPrice &&
    one.replacesExecutionId === other.replacesExecutionId
  );
}

function show({ orderId, lastQuantity, lastPrice, replacesExecutionId }: ExecutionNumbers): string {
  const replaced = replacesExecutionId === undefined ? '' : ` in place of ${replacesExecutionId}`;
  return `${lastQuantity} lots at ${lastPrice} ticks of order ${orderId}${replaced}`;
}

export const venueReport: Decider<RecordReport, VenueReportState, VenueReportEvent> = {
  initial: noReports,
  decide,
  evolve,
};
