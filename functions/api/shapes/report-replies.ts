import type { Deadline } from '../../../platform/deadline/deadline.ts';
import type { Reported } from '../../../platform/reporting/venue-reporting.ts';
import type { Dependencies } from '../../dependencies.ts';
import { orderJson } from './order-json.ts';
import { findOrder } from '../shared/order-lookup.ts';
import { ok, type Reply, refused, replayed } from '../door/reply.ts';

/** What became of a report. One that makes no sense is on record as disputed, and refused. */
export async function reportReply(
  dependencies: Pick<Dependencies, 'orders' | 'store'>,
  reported: Reported,
  deadline: Deadline,
): Promise<Reply> {
  if (!('events' in reported)) {
    return refused(reported.outcome === 'order-unknown' ? 'order_unknown' : 'idempotency_key_reused');
  }
  const dispute = reported.events.find((event) => event.type === 'ReportDisputed');
  if (dispute) return refused(dispute.data.reason, { observed: dispute.data.text });
  const { position, order, events, outcome } = reported;
  const found = await findOrder(dependencies, { id: order.names.outsideId }, deadline);
  const reply = ok({
    outcome,
    events: events.map(({ type }) => type),
    position,
    order: found ? orderJson(found.row) : null,
  });
  return outcome === 'repeated' ? replayed(reply) : reply;
}
