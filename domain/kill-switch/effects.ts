import type { ItemChange, ItemKey } from '../account/items.ts';
import type { Effects } from '../decider.ts';
import { timestamp } from '../values/time.ts';
import type { KillSwitchCommand } from './commands.ts';
import type { KillSwitchEvent } from './events.ts';
import { evolve } from './evolve.ts';
import type { KillSwitchState } from './state.ts';

/** What everybody who places orders reads, once a second at most: all switches in one item, written with the stream. */
export const killSwitchItem: ItemKey = { owner: 'killswitch', name: 'thrown' };

/** When a switch was thrown decides nothing, and is not in the item. */
const sometime = timestamp(0);

export function effects(
  _command: KillSwitchCommand,
  before: KillSwitchState,
  events: readonly KillSwitchEvent[],
): Effects<KillSwitchEvent> {
  return { changes: killSwitchItems(before, events), beginnings: [] };
}

/** The same from the log alone. */
export function killSwitchItems(
  before: KillSwitchState,
  events: readonly KillSwitchEvent[],
): readonly ItemChange[] {
  if (events.length === 0) return [];
  const { version, thrown } = events.reduce((state, event) => evolve(state, event, sometime), before);
  const deciding = thrown.map((one) => ({
    scope: one.scope,
    allowReducing: one.allowReducing,
    thrown: one.thrown,
  }));
  const set = { version, thrown: JSON.stringify(deciding) };
  return [{ key: killSwitchItem, conditions: [], set }];
}
