import type { KillSwitchScope } from './scope.ts';

/** Stops trading in the scope, at once. `allowReducing`: orders that only reduce a position still pass, and stay. */
export interface ThrowKillSwitch {
  readonly do: 'throw';
  readonly scope: KillSwitchScope;
  readonly allowReducing: boolean;
  readonly reason: string;
  /** The person, opaque. */
  readonly by: string;
}

/**
 * Lets trading go on, all of it or what reduces positions. `thrown`: which throwing of the switch was looked at when this was asked;
 * one that came later is not undone by it.
 */
export interface ReleaseKillSwitch {
  readonly do: 'release';
  readonly scope: KillSwitchScope;
  readonly to: 'off' | 'reduce-only';
  readonly thrown: number;
  readonly reason: string;
  readonly by: string;
  readonly approvalId: string;
}

export type KillSwitchCommand = ThrowKillSwitch | ReleaseKillSwitch;
