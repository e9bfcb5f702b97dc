import type { ReportDisputed } from '../../../domain/order/events.ts';
import { applyReport } from '../../../domain/order/reports.ts';
import type { Order } from '../../../domain/order/state.ts';
import { positionOf, venueStream } from '../../../domain/venue-report/state.ts';
import type { Deadline } from '../../../platform/deadline/deadline.ts';
import type { Dependencies } from '../../dependencies.ts';
import { historyOf, type SaidOfOrder, tradeOfBook } from './report-on-order.ts';

/**
 * Why a bust or correction would be refused if it came now; undefined: nothing speaks against it yet, or only our own book can say.
 * Decided by the rules of the order, and recorded nowhere.
 */
export async function foreseenDispute(
  { store, ownTrades }: Pick<Dependencies, 'store' | 'ownTrades'>,
  order: Order,
  { venueId, orderId, report }: SaidOfOrder,
  deadline: Deadline,
): Promise<ReportDisputed | undefined> {
  if (report.report !== 'bust' && report.report !== 'correct') return undefined;
  const history = await historyOf(store, orderId, deadline);
  if (ownTrades && tradeOfBook(order, report, history) !== undefined) return undefined;
  const stream = venueStream(venueId, orderId);
  const [applied] = order.applied[stream] ?? [0];
  const position = positionOf(stream, applied + 1);
  const decided = applyReport({ do: 'apply-report', position, report, history }, order);
  return decided.find((event) => event.type === 'ReportDisputed');
}
