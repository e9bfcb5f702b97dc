import { KillSwitchEnforcement } from '../../platform/kill-switch/enforcement.ts';
import { withKillSwitch, withOrders, withViews } from '../lambda/parts.ts';
import { scheduledFunction } from '../lambda/schedules.ts';
import * as declared from '../manifest/schedules.ts';
import { enforceKillSwitch } from '../schedules/enforce-kill-switch.ts';

export const handler = scheduledFunction(declared.enforceKillSwitch, (on) => {
  const { clock, telemetry } = on.ground;
  const reached = { ...withOrders(on), ...withKillSwitch(on), ...withViews(on) };
  const enforcement = new KillSwitchEnforcement({ ...on.ground, ...reached });
  return enforceKillSwitch({ enforcement, clock, ...telemetry });
});
