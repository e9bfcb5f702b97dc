import { assert, unreachable } from '../values/assert.ts';
import type { Timestamp } from '../values/time.ts';
import { standardConfiguration } from './configuration.ts';
import type { AccountEvent } from './events.ts';
import type { AccountState } from './state.ts';

export function evolve(state: AccountState, event: AccountEvent, at: Timestamp): AccountState {
  if (event.type === 'AccountOpened') {
    assert(state.kind === 'unopened', 'an account is opened once');
    const configuration = standardConfiguration;
    return { kind: 'account', ...event.data, status: 'active', halts: 0, openedAt: at, configuration };
  }
  assert(state.kind === 'account', 'only an account that was opened changes');
  switch (event.type) {
    case 'AccountHalted':
      assert(state.status === 'active', 'an active account is halted');
      return { ...state, status: 'halted', halts: state.halts + 1 };
    case 'HaltLifted':
      assert(state.status === 'halted', 'a halt is lifted that is in force');
      return { ...state, status: 'active', liftedAt: at };
    case 'AccountClosed':
      assert(state.status === 'halted', 'a halted account is closed');
      return { ...state, status: 'closed' };
    case 'AccountConfigured':
      assert(state.status !== 'closed', 'a closed account stays as it is');
      return { ...state, configuration: { ...state.configuration, ...event.data } };
    case 'PositionsClosingRequested':
    case 'RestrictionLifted':
    case 'AccountChangeRefused':
      return state;
    default:
      return unreachable(event);
  }
}
