import { approvalsOwner } from '../../domain/approval/effects.ts';
import { type Approval, approvalStream } from '../../domain/approval/state.ts';
import { transferStream } from '../../domain/transfer/state.ts';
import type { Dependencies, Reaching } from '../dependencies.ts';
import { approvalJson, approvalListQuery } from './shapes/approval-json.ts';
import type { OperatorCaller } from './door/caller.ts';
import { parse } from './door/fields.ts';
import { carryOut } from './shared/carry-out.ts';
import { refusedBy } from './shared/outcomes.ts';
import { ok, type Reply, refused, replayed } from './door/reply.ts';
import { type ApiRequest, commandKey, contextOf, parameter, query } from './door/request.ts';
import { type ApiFunction, operating } from './door/routes.ts';

type Needs = Reaching<
  'accounts' | 'approvals' | 'killSwitch' | 'ownTrades' | 'orders' | 'reporting' | 'transfers'
>;

type Request = ApiRequest<OperatorCaller>;

/** What waits for a second person, and their answer. Granting does it, in the same call. */
export const approvals: ApiFunction<Needs> = (dependencies) => ({
  'GET /v1/approvals': operating((request) => list(dependencies, request)),
  'GET /v1/approvals/{approval_id}': operating(async (request) => {
    const approval = await find(dependencies, request, parameter(request, 'approval_id'));
    return approval ? ok(approvalJson(approval)) : refused('approval_unknown');
  }),
  'POST /v1/approvals/{approval_id}/approve': operating(async (request) => {
    const answered = await answer(dependencies, request, 'grant');
    if ('refusal' in answered) return answered.refusal;
    const { approval } = answered;
    // Done once, for good: what came of it is on record, and the same halt must not be lifted again by it.
    if (approval.status === 'used') return replayed(ok(approvalJson(approval)));
    const result = await carryOut(dependencies, request, approval);
    // Refused for good is an end too; what may still succeed is left to be tried again.
    if (result.status < 500) await used(dependencies, request, approval, result);
    return result;
  }),
  'POST /v1/approvals/{approval_id}/refuse': operating(async (request) => {
    const answered = await answer(dependencies, request, 'refuse');
    if ('refusal' in answered) return answered.refusal;
    const { approval } = answered;
    if (approval.action === 'transfer') await giveUp(dependencies, request, approval);
    return ok(approvalJson(approval));
  }),
});

async function find(
  { approvals: handler }: Pick<Dependencies, 'approvals'>,
  { deadline }: Request,
  approvalId: string,
): Promise<Approval | undefined> {
  const { state } = await handler.load(approvalStream(approvalId), deadline);
  return state.kind === 'approval' ? state : undefined;
}

async function list(dependencies: Needs, request: Request): Promise<Reply> {
  const parsed = parse(approvalListQuery, query(request));
  if ('refusal' in parsed) return parsed.refusal;
  const { status } = parsed.value;
  const items = await dependencies.store.readItems(approvalsOwner, request.deadline);
  const wanted = [...items].filter(([, item]) => status === 'all' || item['status'] === status);
  const found = await Promise.all(wanted.map(([id]) => find(dependencies, request, id)));
  return ok(found.filter((approval) => approval !== undefined).map(approvalJson));
}

type Answered = { readonly approval: Approval } | { readonly refusal: Reply };

async function answer(
  { approvals: handler }: Pick<Dependencies, 'approvals'>,
  request: Request,
  decision: 'grant' | 'refuse',
): Promise<Answered> {
  const stream = approvalStream(parameter(request, 'approval_id'));
  const command = { do: decision, by: request.caller.personId } as const;
  const outcome = await handler.handle(stream, command, contextOf(request));
  const events = outcome.outcome === 'unchanged' || outcome.outcome === 'key-reused' ? [] : outcome.events;
  const rejected = events.find((event) => event.type === 'ApprovalChangeRefused');
  if (rejected) return { refusal: refusedBy(rejected.data) };
  const { state } = outcome;
  return state.kind === 'approval' ? { approval: state } : { refusal: refused('approval_unknown') };
}

/** On record that it was done. If this is lost, approving again does nothing twice and records it then. */
async function used(
  { approvals: handler }: Pick<Dependencies, 'approvals'>,
  request: Request,
  { approvalId, subject }: Approval,
  { reason }: Reply,
): Promise<void> {
  const result = reason ?? subject;
  await handler.handle(approvalStream(approvalId), { do: 'use', result }, contextOf(request));
}

/** What was held for a transfer that was refused goes back. */
async function giveUp(dependencies: Needs, request: Request, approval: Approval): Promise<void> {
  const stream = approval.subject;
  if (!stream.startsWith(transferStream(''))) return;
  const key = commandKey(`refused ${approval.approvalId}`, approval.request);
  const command = { do: 'cancel', reason: 'approval_refused' } as const;
  await dependencies.transfers.handle(stream, command, contextOf(request, { key }));
}
