import { SessionPass } from '../../platform/sessions/session-pass.ts';
import { withViews } from '../lambda/parts.ts';
import { scheduledFunction } from '../lambda/schedules.ts';
import * as declared from '../manifest/schedules.ts';
import { sessionsSchedule } from '../schedules/sessions.ts';

export const handler = scheduledFunction(
  declared.sessions,
  ({ dependencies }) => {
    const { clock, telemetry } = dependencies;
    return sessionsSchedule({ sessions: new SessionPass(dependencies), clock, log: telemetry.log });
  },
  withViews,
);
