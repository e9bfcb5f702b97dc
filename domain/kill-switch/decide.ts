import type { Decider } from '../decider.ts';
import type { Reason } from '../risk/reasons.ts';
import type { KillSwitchCommand, ReleaseKillSwitch, ThrowKillSwitch } from './commands.ts';
import type { KillSwitchEvent } from './events.ts';
import { evolve } from './evolve.ts';
import { findSwitch, type KillSwitchState, noKillSwitches, strategiesMax, thrownMax } from './state.ts';

/** One event or none: the version of the stream counts the changes. */
export function decide(command: KillSwitchCommand, state: KillSwitchState): readonly KillSwitchEvent[] {
  return command.do === 'throw' ? throwSwitch(command, state) : release(command, state);
}

/** A switch that stops as much or more already stays as it is: throwing never lets anything through that was stopped. */
function throwSwitch(command: ThrowKillSwitch, state: KillSwitchState): readonly KillSwitchEvent[] {
  const known = findSwitch(state.thrown, command.scope);
  if (known && (!known.allowReducing || command.allowReducing)) return [];
  const full = known ? undefined : fullAt(command, state);
  if (full !== undefined) return [refused(command, 'kill_switches_full', { limit: String(full) })];
  const { do: _what, ...data } = command;
  return [{ type: 'KillSwitchThrown', schema: 1, data }];
}

/** The limit there is no room under. */
function fullAt({ scope }: ThrowKillSwitch, { thrown }: KillSwitchState): number | undefined {
  const strategies = thrown.filter((one) => one.scope.of === 'strategy').length;
  if (scope.of === 'strategy' && strategies >= strategiesMax) return strategiesMax;
  return thrown.length >= thrownMax ? thrownMax : undefined;
}

function release(command: ReleaseKillSwitch, state: KillSwitchState): readonly KillSwitchEvent[] {
  const known = findSwitch(state.thrown, command.scope);
  if (!known) return [refused(command, 'kill_switch_not_thrown')];
  if (known.thrown !== command.thrown) {
    const details = { limit: `throwing ${command.thrown}`, observed: `throwing ${known.thrown}` };
    return [refused(command, 'approval_mismatch', details)];
  }
  if (command.to === 'reduce-only' && known.allowReducing) return [];
  const { do: _what, ...data } = command;
  return [{ type: 'KillSwitchReleased', schema: 1, data }];
}

function refused(
  { do: change, scope, by }: KillSwitchCommand,
  reason: Reason,
  details: { readonly limit?: string; readonly observed?: string } = {},
): KillSwitchEvent {
  return { type: 'KillSwitchChangeRefused', schema: 1, data: { change, scope, by, reason, ...details } };
}

export const killSwitch: Decider<KillSwitchCommand, KillSwitchState, KillSwitchEvent> = {
  initial: noKillSwitches,
  decide,
  evolve,
};
