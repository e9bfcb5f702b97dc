import type { ApprovalAction } from '../../domain/approval/commands.ts';
import type { VenueReport } from '../../domain/order/commands.ts';
import { orderStream } from '../../domain/order/effects.ts';
import { isOfAnotherVenue, manualVenue } from '../../domain/venue-report/state.ts';
import type { Reaching } from '../dependencies.ts';
import { askedBefore, askSecondPerson } from './shared/approval-requests.ts';
import { foreseenDispute } from './shared/foreseen-dispute.ts';
import type { OperatorCaller } from './door/caller.ts';
import { parse } from './door/fields.ts';
import { isOnOwnBook, reportOnOrder } from './shared/report-on-order.ts';
import { findOrder } from './shared/order-lookup.ts';
import { type Reply, refused } from './door/reply.ts';
import { executionBody, type ReportBody, reportBody } from './shapes/report-fields.ts';
import { disputeReply, reportReply } from './shapes/report-replies.ts';
import { readReport } from './shapes/report-terms.ts';
import { type ApiRequest, commandKey, contextOf, idempotencyKey, parameter } from './door/request.ts';
import { type ApiFunction, operating } from './door/routes.ts';

type Needs = Reaching<'approvals' | 'ownTrades' | 'orders' | 'reporting'>;

type Request = ApiRequest<OperatorCaller>;

/**
 * What a venue did, as its connector or an operator reports it. One route for everything, told apart by `report`, and one for the
 * executions. A connector's reports count at once; an operator's executions, corrections and busts wait for a second person.
 */
export const venueReports: ApiFunction<Needs> = (dependencies) => ({
  'POST /v1/orders/{order_id}/executions': operating(async (request) => {
    const parsed = parse(executionBody, request.body);
    if ('refusal' in parsed) return parsed.refusal;
    return report(dependencies, request, { report: 'execute', ...parsed.value });
  }),
  'POST /v1/orders/{order_id}/reports': operating(async (request) => {
    const parsed = parse(reportBody, request.body);
    return 'refusal' in parsed ? parsed.refusal : report(dependencies, request, parsed.value);
  }),
});

async function report(dependencies: Needs, request: Request, body: ReportBody): Promise<Reply> {
  const { caller, deadline } = request;
  const key = idempotencyKey(request);
  if (key === undefined) return refused('idempotency_key_missing');
  const found = await findOrder(dependencies, { id: parameter(request, 'order_id') }, deadline);
  if (found?.state.kind !== 'order') return refused('order_unknown');
  if (
    caller.role === 'venue' &&
    (isOfAnotherVenue(found.state, caller.venueId) || isOnOwnBook(dependencies, found.state, caller.venueId))
  )
    return refused('order_of_another_venue');
  const read = readReport(body, found.state.contract);
  if ('refusal' in read) return read.refusal;
  const venueId = caller.role === 'venue' ? caller.venueId : (body.venue_id ?? manualVenue);
  const said = { venueId, orderId: found.orderId, report: read.report };
  const action = caller.role === 'venue' ? undefined : fourEyes(read.report);
  if (action) {
    // A repeat is told what it was told, whatever became of the execution since.
    const isRepeat = (await askedBefore(dependencies, request)) !== undefined;
    const dispute = isRepeat ? undefined : await foreseenDispute(dependencies, found.state, said, deadline);
    if (dispute) return disputeReply(dependencies, dispute, deadline);
    return askSecondPerson(dependencies, request, {
      action,
      subject: orderStream(found.orderId),
      request: { venueId, orderId: found.orderId, report: { ...read.report } },
    });
  }
  const context = contextOf(request, { key: commandKey(key, said) });
  const reported = await reportOnOrder(dependencies, said, context);
  return reportReply(dependencies, reported, deadline);
}

/** What a person alone may not say: that money moved, or did not. */
function fourEyes({ report: kind }: VenueReport): ApprovalAction | undefined {
  if (kind === 'execute' || kind === 'correct') return 'execution';
  return kind === 'bust' ? 'bust' : undefined;
}
