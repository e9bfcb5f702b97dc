import { assert } from '../values/assert.ts';
import type { Timestamp } from '../values/time.ts';
import type { KeyEvent } from './events.ts';
import type { KeyState } from './state.ts';

export function evolve(state: KeyState, event: KeyEvent, at: Timestamp): KeyState {
  if (event.type === 'KeyIssued') {
    assert(state.kind === 'unissued', 'a key is issued once');
    return { kind: 'key', ...event.data, issuedAt: at };
  }
  assert(state.kind === 'key' && state.revokedAt === undefined, 'a key in force is revoked');
  return { ...state, revokedAt: at };
}
