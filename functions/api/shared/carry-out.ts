import * as z from 'zod/mini';
import type { Approval } from '../../../domain/approval/state.ts';
import { applied } from '../../../domain/config/json-patch.ts';
import { accountStream } from '../../../domain/account/state.ts';
import type { VenueReport } from '../../../domain/order/commands.ts';
import { transferStream } from '../../../domain/transfer/state.ts';
import { patchOperation } from '../../../platform/aggregates/config.ts';
import { killSwitchScope } from '../../../platform/aggregates/kill-switch.ts';
import { venueReportSchema } from '../../../platform/aggregates/venue-report.ts';
import { configAt } from '../../../platform/hot-config/config-history.ts';
import type { Reaching } from '../../dependencies.ts';
import { reportOnOrder } from './report-on-order.ts';
import type { OperatorCaller } from '../door/caller.ts';
import { configReply } from './config-replies.ts';
import { refusedBy } from './outcomes.ts';
import { ok, type Reply, refused } from '../door/reply.ts';
import { killSwitchReply } from '../shapes/kill-switch-json.ts';
import { reportReply } from '../shapes/report-replies.ts';
import { type ApiRequest, commandKey, contextOf } from '../door/request.ts';
import { transferJson } from '../shapes/transfer-json.ts';

type Needs = Reaching<'accounts' | 'killSwitch' | 'ownTrades' | 'orders' | 'reporting' | 'transfers'>;

type Request = ApiRequest<OperatorCaller>;

const transferRequest = z.object({ transferId: z.string() });
const liftRequest = z.object({ accountId: z.string(), halt: z.optional(z.number()) });
const raiseRequest = z.object({ base: z.string(), patch: z.array(patchOperation), reason: z.string() });
const releaseRequest = z.object({
  scope: killSwitchScope,
  to: z.enum(['off', 'reduce-only']),
  thrown: z.number(),
  reason: z.string(),
});
const reportRequest = z.object({ venueId: z.string(), orderId: z.string(), report: venueReportSchema });

/** Does what was approved, in the name of whoever approved it. Doing it again, after an answer was lost, does nothing more. */
export async function carryOut(dependencies: Needs, request: Request, approval: Approval): Promise<Reply> {
  switch (approval.action) {
    case 'transfer':
      return completeTransfer(dependencies, request, approval);
    case 'lift-halt':
      return liftHalt(dependencies, request, approval);
    case 'execution':
    case 'bust':
      return report(dependencies, request, approval);
    case 'release-kill-switch':
      return releaseKillSwitch(dependencies, request, approval);
    case 'raise-limit':
      return raiseLimit(dependencies, request, approval);
  }
}

function contextFor(request: Request, { approvalId, request: content }: Approval) {
  return contextOf(request, { key: commandKey(approvalId, content) });
}

async function completeTransfer(dependencies: Needs, request: Request, approval: Approval): Promise<Reply> {
  const { transferId } = transferRequest.parse(approval.request);
  const { approvalId } = approval;
  const outcome = await dependencies.transfers.handle(
    transferStream(transferId),
    { do: 'complete', approvalId },
    contextFor(request, approval),
  );
  if (outcome.outcome === 'key-reused') return refused('idempotency_key_reused');
  const events = outcome.outcome === 'unchanged' ? [] : outcome.events;
  const refusal = events.find((event) => event.type === 'TransferChangeRefused');
  if (refusal) return refusedBy(refusal.data);
  const { state } = outcome;
  return state.kind === 'transfer' ? ok(transferJson(state, transferId)) : refused('transfer_unknown');
}

async function liftHalt(dependencies: Needs, request: Request, approval: Approval): Promise<Reply> {
  const { accountId, halt } = liftRequest.parse(approval.request);
  const { approvalId } = approval;
  const outcome = await dependencies.accounts.handle(
    accountStream(accountId),
    { do: 'lift-halt', approvalId, ...(halt !== undefined && { halt }) },
    contextFor(request, approval),
  );
  if (outcome.outcome === 'key-reused') return refused('idempotency_key_reused');
  const events = outcome.outcome === 'unchanged' ? [] : outcome.events;
  const refusal = events.find((event) => event.type === 'AccountChangeRefused');
  if (refusal) return refusedBy(refusal.data);
  const { state } = outcome;
  return state.kind === 'account'
    ? ok({ id: accountId, status: state.status })
    : refused('account_not_found');
}

/** The patch was made for one version; when another came into force since, it is refused, and asked for again. */
async function raiseLimit(
  { config, store, cell }: Needs,
  request: Request,
  approval: Approval,
): Promise<Reply> {
  const { base, patch, reason } = raiseRequest.parse(approval.request);
  const { approvalId, requestedBy: by } = approval;
  const before = await configAt(store, cell, base, request.deadline);
  if (!before) return refused('config_version_unknown');
  const document = applied(patch, before.document);
  const change = await config.change(
    { document, base, by, reason, approvalId },
    contextFor(request, approval),
  );
  return configReply(change, base);
}

async function releaseKillSwitch(
  { killSwitch }: Needs,
  request: Request,
  approval: Approval,
): Promise<Reply> {
  const { scope, ...asked } = releaseRequest.parse(approval.request);
  const { approvalId, requestedBy: by } = approval;
  const outcome = await killSwitch.change(
    { do: 'release', scope, ...asked, by, approvalId },
    contextFor(request, approval),
  );
  return killSwitchReply(outcome, scope);
}

async function report(dependencies: Needs, request: Request, approval: Approval): Promise<Reply> {
  const said = reportRequest.parse(approval.request);
  const venueReport: VenueReport = said.report;
  const { venueId, orderId } = said;
  const reported = await reportOnOrder(
    dependencies,
    { venueId, orderId, report: venueReport },
    contextFor(request, approval),
  );
  return reportReply(dependencies, reported, request.deadline);
}
