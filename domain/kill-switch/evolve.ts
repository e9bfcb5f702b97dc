import { assert } from '../values/assert.ts';
import type { Timestamp } from '../values/time.ts';
import type { KillSwitchEvent } from './events.ts';
import { isSameScope } from './scope.ts';
import { findSwitch, type KillSwitchState, thrownMax } from './state.ts';

export function evolve(state: KillSwitchState, event: KillSwitchEvent, at: Timestamp): KillSwitchState {
  const version = state.version + 1;
  switch (event.type) {
    case 'KillSwitchThrown': {
      const thrown = [...others(state, event), { ...event.data, thrown: version, at }];
      assert(thrown.length <= thrownMax, 'no more switches are thrown than can be read at once');
      return { version, thrown };
    }
    case 'KillSwitchReleased': {
      const found = findSwitch(state.thrown, event.data.scope);
      assert(found !== undefined, 'only a switch that is thrown is released');
      const left = event.data.to === 'off' ? [] : [{ ...found, allowReducing: true }];
      return { version, thrown: [...others(state, event), ...left] };
    }
    case 'KillSwitchChangeRefused':
      return { ...state, version };
  }
}

function others({ thrown }: KillSwitchState, { data }: KillSwitchEvent): KillSwitchState['thrown'] {
  return thrown.filter(({ scope }) => !isSameScope(scope, data.scope));
}
