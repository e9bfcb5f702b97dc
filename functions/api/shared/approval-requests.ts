import type { ApprovalAction } from '../../../domain/approval/commands.ts';
import type { Json } from '../../../domain/values/json.ts';
import { type Approval, approvalStream } from '../../../domain/approval/state.ts';
import { approvalIdOf } from '../../../platform/ids/derived-ids.ts';
import type { Dependencies } from '../../dependencies.ts';
import type { OperatorCaller } from '../door/caller.ts';
import { type Reply, refused, replayed } from '../door/reply.ts';
import { approvalJson } from '../shapes/approval-json.ts';
import { type ApiRequest, commandKey, contextOf, idempotencyKey } from '../door/request.ts';

export interface Question {
  readonly action: ApprovalAction;
  /** The stream it is about. */
  readonly subject: string;
  /** All that carrying it out takes. */
  readonly request: Json;
}

/** Puts what one person asks before a second one: nothing happens until they agree. 202, with what to approve. */
export async function askSecondPerson(
  { approvals, random }: Pick<Dependencies, 'approvals' | 'random'>,
  request: ApiRequest<OperatorCaller>,
  question: Question,
): Promise<Reply> {
  const requestedBy = request.caller.personId;
  const key = idempotencyKey(request) ?? random.id();
  const approvalId = approvalIdOf(requestedBy, key);
  const outcome = await approvals.handle(
    approvalStream(approvalId),
    { do: 'request', approvalId, ...question, requestedBy },
    contextOf(request, { expectNew: true, key: commandKey(key, question) }),
  );
  if (outcome.outcome === 'key-reused') return refused('idempotency_key_reused');
  const { state } = outcome;
  if (state.kind !== 'approval') return refused('approval_unknown');
  const reply: Reply = { status: 202, body: { approval: approvalJson(state) } };
  return outcome.outcome === 'replayed' ? replayed(reply) : reply;
}

/** What this very request asked for before, under the same Idempotency-Key: a repeat gets the answer it got, whatever became of it. */
export async function askedBefore(
  { approvals }: Pick<Dependencies, 'approvals'>,
  request: ApiRequest<OperatorCaller>,
): Promise<Approval | undefined> {
  const key = idempotencyKey(request);
  if (key === undefined) return undefined;
  const asked = approvalStream(approvalIdOf(request.caller.personId, key));
  const { state } = await approvals.load(asked, request.deadline);
  return state.kind === 'approval' ? state : undefined;
}
