import type { KillSwitches } from '../../domain/kill-switch/state.ts';
import type { Deadline } from '../deadline/deadline.ts';

/**
 * The kill switches as whoever places or matches orders reads them: cheap enough to ask before every order, and never older than
 * `oldestMs`. What they stop is worked out by `stopsFor` of the domain.
 */
export interface KillSwitch {
  /** Throws `KillSwitchUnknown` when nobody can say: then nothing may trade. */
  inForce(deadline: Deadline): Promise<KillSwitches>;
}

/** A switch is read again once it was read this long ago. */
export const readAgainAfterMs = 1_000;

/**
 * What was read longer ago decides nothing any more: a switch that is thrown is in force within this time wherever orders are placed.
 */
export const oldestMs = 2_000;

/** The store did not say in time whether trading is stopped: placing fails closed. Nothing was decided; safe to retry. */
export class KillSwitchUnknown extends Error {
  override readonly name = 'KillSwitchUnknown';
  readonly retryable = true;
}
