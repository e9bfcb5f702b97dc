import { assert, unreachable } from '../values/assert.ts';
import type { Timestamp } from '../values/time.ts';
import type { TransferEvent } from './events.ts';
import type { Transfer, TransferState } from './state.ts';

export function evolve(state: TransferState, event: TransferEvent, at: Timestamp): TransferState {
  switch (event.type) {
    case 'TransferDenied':
      assert(state.kind === 'unrequested', 'only a transfer that does not exist yet is denied');
      return { kind: 'denied', denial: event.data, deniedAt: at };
    case 'TransferRequested': {
      assert(state.kind === 'unrequested', 'a transfer is requested once');
      const { posting: _moved, ...data } = event.data;
      return { kind: 'transfer', ...data, status: 'pending', requestedAt: at, updatedAt: at };
    }
    case 'TransferCompleted':
      return { ...pending(state), status: 'completed', updatedAt: at };
    case 'TransferCanceled':
      return { ...pending(state), status: 'canceled', updatedAt: at };
    case 'TransferChangeRefused':
      return state;
    default:
      return unreachable(event);
  }
}

export function pending(state: TransferState): Transfer {
  assert(state.kind === 'transfer' && state.status === 'pending', 'only a pending transfer ends');
  return state;
}
