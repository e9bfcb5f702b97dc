import type { DomainEvent } from '../decider.ts';
import type { Reason } from '../risk/reasons.ts';
import type { ReleaseKillSwitch, ThrowKillSwitch } from './commands.ts';
import type { KillSwitchScope } from './scope.ts';

export type KillSwitchThrown = DomainEvent<'KillSwitchThrown', Omit<ThrowKillSwitch, 'do'>>;
export type KillSwitchReleased = DomainEvent<'KillSwitchReleased', Omit<ReleaseKillSwitch, 'do'>>;
/** A change that came to nothing: kept, because somebody tried. */
export type KillSwitchChangeRefused = DomainEvent<
  'KillSwitchChangeRefused',
  {
    readonly change: 'throw' | 'release';
    readonly scope: KillSwitchScope;
    readonly by: string;
    readonly reason: Reason;
    readonly limit?: string;
    readonly observed?: string;
  }
>;

export type KillSwitchEvent = KillSwitchThrown | KillSwitchReleased | KillSwitchChangeRefused;
