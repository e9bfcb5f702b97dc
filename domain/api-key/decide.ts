import type { Decider } from '../decider.ts';
import type { KeyCommand } from './commands.ts';
import type { KeyEvent } from './events.ts';
import { evolve } from './evolve.ts';
import { type KeyState, unissued } from './state.ts';

/** A key id is issued once and revoked for ever; not once the key that was to be kept is revoked itself. */
export function decide(command: KeyCommand, state: KeyState): readonly KeyEvent[] {
  if (command.do === 'issue') {
    const { do: _what, ...data } = command;
    return state.kind === 'unissued' ? [{ type: 'KeyIssued', schema: 1, data }] : [];
  }
  if (state.kind === 'unissued' || state.revokedAt !== undefined || command.isKeptRevoked) return [];
  return [{ type: 'KeyRevoked', schema: 1, data: { revokedBy: command.revokedBy } }];
}

export const apiKey: Decider<KeyCommand, KeyState, KeyEvent> = { initial: unissued, decide, evolve };
