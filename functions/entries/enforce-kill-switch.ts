import { KillSwitchEnforcement } from '../../platform/kill-switch/enforcement.ts';
import { withViews } from '../lambda/parts.ts';
import { scheduledFunction } from '../lambda/schedules.ts';
import * as declared from '../manifest/schedules.ts';
import { enforceKillSwitch } from '../schedules/enforce-kill-switch.ts';

export const handler = scheduledFunction(
  declared.enforceKillSwitch,
  ({ dependencies }) => {
    const { clock, telemetry } = dependencies;
    const enforcement = new KillSwitchEnforcement(dependencies);
    return enforceKillSwitch({ enforcement, clock, log: telemetry.log });
  },
  withViews,
);
