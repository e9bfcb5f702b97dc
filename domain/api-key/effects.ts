import type { Item, ItemChange, ItemKey } from '../account/items.ts';
import type { Effects } from '../decider.ts';
import { assert } from '../values/assert.ts';
import type { KeyCommand } from './commands.ts';
import type { KeyEvent } from './events.ts';
import type { KeyState } from './state.ts';

/**
 * All keys can be listed: one small item each, in the same write as the stream. The one that is kept is a condition of that write: two
 * administrators who revoke each other at the same moment do not both succeed.
 */
export const keysOwner = 'keys';

export function effects(
  command: KeyCommand,
  before: KeyState,
  events: readonly KeyEvent[],
): Effects<KeyEvent> {
  const kept = command.do === 'revoke' && events.length > 0 ? command.keeping : undefined;
  const changes = keyItems(before, events);
  return { changes: kept === undefined ? changes : [...changes, inForce(kept)], beginnings: [] };
}

function inForce(keyId: string): ItemChange {
  const conditions = [{ attribute: 'status', is: '=', value: 'active' }] as const;
  return { key: { owner: keysOwner, name: keyId }, conditions, must: 'exist' };
}

/** The command, knowing that the key to be kept is in force no more. */
export function observe(
  command: KeyCommand,
  refusals: readonly { readonly key: ItemKey; readonly item: Item | undefined }[],
): KeyCommand {
  const isKept = command.do === 'revoke' && refusals.every(({ key }) => key.name === command.keeping);
  assert(isKept, 'only the key to be kept can refuse that another one is revoked');
  return { ...command, isKeptRevoked: true };
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
