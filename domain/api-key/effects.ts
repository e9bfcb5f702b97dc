import type { ItemChange } from '../account/items.ts';
import type { Effects } from '../decider.ts';
import type { KeyCommand } from './commands.ts';
import type { KeyEvent } from './events.ts';
import type { KeyState } from './state.ts';

/** All keys can be listed: one small item each, in the same write as the stream. */
export const keysOwner = 'keys';

export function effects(
  _command: KeyCommand,
  before: KeyState,
  events: readonly KeyEvent[],
): Effects<KeyEvent> {
  return { changes: keyItems(before, events), beginnings: [] };
}

/** The same from the log alone. */
export function keyItems(before: KeyState, events: readonly KeyEvent[]): readonly ItemChange[] {
  return events.flatMap((event) => {
    const keyId = event.type === 'KeyIssued' ? event.data.keyId : idOf(before);
    if (keyId === undefined) return [];
    const status = event.type === 'KeyIssued' ? 'active' : 'revoked';
    return [{ key: { owner: keysOwner, name: keyId }, conditions: [], set: { status } }];
  });
}

function idOf(state: KeyState): string | undefined {
  return state.kind === 'key' ? state.keyId : undefined;
}
