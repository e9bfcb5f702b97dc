import type { Decider } from '../decider.ts';
import type { Reason } from '../risk/reasons.ts';
import { unreachable } from '../values/assert.ts';
import type { ApprovalCommand } from './commands.ts';
import type { ApprovalChangeRefused, ApprovalEvent } from './events.ts';
import { evolve } from './evolve.ts';
import { type Approval, type ApprovalState, unrequested } from './state.ts';

/** Four eyes: who asked never decides. Of an approval nobody requested nothing is decided. */
export function decide(command: ApprovalCommand, state: ApprovalState): readonly ApprovalEvent[] {
  if (command.do === 'request') {
    const { do: _what, ...data } = command;
    return state.kind === 'unrequested' ? [{ type: 'ApprovalRequested', schema: 1, data }] : [];
  }
  if (state.kind === 'unrequested') return [];
  switch (command.do) {
    case 'grant':
      return grant(command.by, state);
    case 'refuse':
      return refuse(command.by, state);
    case 'use':
      return use(command.result, state);
    default:
      return unreachable(command);
  }
}

/** Granted to the same person again, also after it was used: in effect already, so that a retry can go on from here. */
function grant(by: string, { status, requestedBy, decidedBy }: Approval): readonly ApprovalEvent[] {
  if (by === requestedBy) return [refusal('grant', 'second_person_required', { by, observed: by })];
  if ((status === 'granted' || status === 'used') && by === decidedBy) return [];
  if (status !== 'requested') return [refusal('grant', 'approval_closed', { by, observed: status })];
  return [{ type: 'ApprovalGranted', schema: 1, data: { by } }];
}

/** Who asked may also take it back. */
function refuse(by: string, { status, decidedBy }: Approval): readonly ApprovalEvent[] {
  if (status === 'refused' && by === decidedBy) return [];
  if (status !== 'requested') return [refusal('refuse', 'approval_closed', { by, observed: status })];
  return [{ type: 'ApprovalRefused', schema: 1, data: { by } }];
}

function use(result: string, approval: Approval): readonly ApprovalEvent[] {
  const { status } = approval;
  if (status === 'used' && result === approval.result) return [];
  if (status === 'requested') return [refusal('use', 'approval_missing', { observed: status })];
  if (status !== 'granted') return [refusal('use', 'approval_closed', { observed: status })];
  return [{ type: 'ApprovalUsed', schema: 1, data: { result } }];
}

function refusal(
  change: ApprovalChangeRefused['data']['change'],
  reason: Reason,
  more: { readonly by?: string; readonly observed: string },
): ApprovalEvent {
  return { type: 'ApprovalChangeRefused', schema: 1, data: { change, reason, ...more } };
}

export const approval: Decider<ApprovalCommand, ApprovalState, ApprovalEvent> = {
  initial: unrequested,
  decide,
  evolve,
};
