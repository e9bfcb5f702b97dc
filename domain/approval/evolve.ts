import { assert, unreachable } from '../values/assert.ts';
import type { Timestamp } from '../values/time.ts';
import type { ApprovalEvent } from './events.ts';
import type { ApprovalState } from './state.ts';

export function evolve(state: ApprovalState, event: ApprovalEvent, at: Timestamp): ApprovalState {
  if (event.type === 'ApprovalRequested') {
    assert(state.kind === 'unrequested', 'an approval is requested once');
    return { kind: 'approval', ...event.data, status: 'requested', requestedAt: at, updatedAt: at };
  }
  assert(state.kind === 'approval', 'only what was requested is decided');
  switch (event.type) {
    case 'ApprovalGranted':
      assert(state.status === 'requested', 'an approval is decided once');
      assert(event.data.by !== state.requestedBy, 'nobody approves their own request');
      return { ...state, status: 'granted', decidedBy: event.data.by, updatedAt: at };
    case 'ApprovalRefused':
      assert(state.status === 'requested', 'an approval is decided once');
      return { ...state, status: 'refused', decidedBy: event.data.by, updatedAt: at };
    case 'ApprovalUsed':
      assert(state.status === 'granted', 'only what was granted is used, and once');
      return { ...state, status: 'used', result: event.data.result, updatedAt: at };
    case 'ApprovalChangeRefused':
      return state;
    default:
      return unreachable(event);
  }
}
