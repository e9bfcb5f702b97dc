import { SessionPass } from '../../platform/sessions/session-pass.ts';
import { withKillSwitch, withOrders, withViews } from '../lambda/parts.ts';
import { scheduledFunction } from '../lambda/schedules.ts';
import * as declared from '../manifest/schedules.ts';
import { sessionsSchedule } from '../schedules/sessions.ts';

export const handler = scheduledFunction(declared.sessions, (on) => {
  const { clock, telemetry } = on.ground;
  const sessions = new SessionPass({
    ...on.ground,
    ...withOrders(on),
    ...withKillSwitch(on),
    ...withViews(on),
  });
  return sessionsSchedule({ sessions, clock, log: telemetry.log });
});
