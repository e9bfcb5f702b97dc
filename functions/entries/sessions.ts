import { SessionPass } from '../../platform/sessions/session-pass.ts';
import { sayingLastTrades } from '../lambda/market.ts';
import { withMarket } from '../lambda/own-market.ts';
import { withKillSwitch, withOrders, withPrices, withViews } from '../lambda/parts.ts';
import { scheduledFunction } from '../lambda/schedules.ts';
import * as declared from '../manifest/schedules.ts';
import { sessionsSchedule } from '../schedules/sessions.ts';

export const handler = scheduledFunction(declared.sessions, (on) => {
  const { clock, telemetry } = on.ground;
  const dealing = { ...withOrders(on), ...withKillSwitch(on), ...withPrices(on) };
  const reached = { ...dealing, ...withViews(on), ...withMarket(on, dealing) };
  const sessions = new SessionPass({ ...on.ground, ...reached });
  const run = sessionsSchedule({ sessions, clock, ...telemetry });
  return () => sayingLastTrades(on, reached, run);
});
