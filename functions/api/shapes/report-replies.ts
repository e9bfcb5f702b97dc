import * as z from 'zod/mini';
import { formatPrice, formatQuantity } from '../../../domain/instrument/instrument.ts';
import type { ReportDisputed } from '../../../domain/order/events.ts';
import { price } from '../../../domain/values/price.ts';
import type { Deadline } from '../../../platform/deadline/deadline.ts';
import type { Reported } from '../../../platform/reporting/venue-reporting.ts';
import type { Dependencies } from '../../dependencies.ts';
import { orderJson, orderSchema } from './order-json.ts';
import { opaqueId } from './values.ts';
import { findOrder } from '../shared/order-lookup.ts';
import { ok, type Reply, refused, replayed } from '../door/reply.ts';

export const reportedSchema = z
  .strictObject({
    outcome: z.enum(['applied', 'repeated']),
    events: z.array(z.string()),
    position: z.strictObject({ stream: opaqueId, version: z.int(), index: z.int() }),
    order: z.nullable(orderSchema),
  })
  .register(z.globalRegistry, { id: 'Reported' });

const countedInLots = /(\d+) lots at (\d+) ticks of order ([\w-]+)/g;

/** The rules count in lots and ticks, whoever reports in shares and prices. */
async function inUnits(
  dependencies: Pick<Dependencies, 'orders' | 'store'>,
  text: string,
  deadline: Deadline,
): Promise<string> {
  let shown = text;
  for (const [counted, lots, ticks, id = ''] of text.matchAll(countedInLots)) {
    const state = (await findOrder(dependencies, { id }, deadline))?.state;
    if (state?.kind !== 'order') continue;
    const size = formatQuantity(Number(lots), state.contract);
    const at = formatPrice(price(Number(ticks)), state.contract);
    shown = shown.replace(counted, `${size} at ${at} of order ${id}`);
  }
  return shown;
}

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
  if (dispute) return disputeReply(dependencies, dispute, deadline);
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

export async function disputeReply(
  dependencies: Pick<Dependencies, 'orders' | 'store'>,
  { data: { reason, text } }: ReportDisputed,
  deadline: Deadline,
): Promise<Reply> {
  return refused(reason, { observed: await inUnits(dependencies, text, deadline) });
}
