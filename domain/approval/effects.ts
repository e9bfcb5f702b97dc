import type { ItemChange } from '../account/items.ts';
import type { Effects } from '../decider.ts';
import type { ApprovalCommand } from './commands.ts';
import type { ApprovalEvent } from './events.ts';
import type { ApprovalState } from './state.ts';

/** All approvals can be listed: one small item each, in the same write as the stream. */
export const approvalsOwner = 'approvals';

const statuses: Readonly<Partial<Record<ApprovalEvent['type'], string>>> = {
  ApprovalRequested: 'requested',
  ApprovalGranted: 'granted',
  ApprovalRefused: 'refused',
  ApprovalUsed: 'used',
};

export function effects(
  _command: ApprovalCommand,
  before: ApprovalState,
  events: readonly ApprovalEvent[],
): Effects<ApprovalEvent> {
  return { changes: approvalItems(before, events), beginnings: [] };
}

/** The same from the log alone. */
export function approvalItems(
  before: ApprovalState,
  events: readonly ApprovalEvent[],
): readonly ItemChange[] {
  return events.flatMap((event) => {
    const status = statuses[event.type];
    const approvalId = event.type === 'ApprovalRequested' ? event.data.approvalId : idOf(before);
    if (status === undefined || approvalId === undefined) return [];
    return [{ key: { owner: approvalsOwner, name: approvalId }, conditions: [], set: { status } }];
  });
}

function idOf(state: ApprovalState): string | undefined {
  return state.kind === 'approval' ? state.approvalId : undefined;
}
