import { LostConnections } from '../../platform/cancelling/lost-connections.ts';
import { withAccounts, withOrders, withViews } from '../lambda/parts.ts';
import { scheduledFunction } from '../lambda/schedules.ts';
import { socketsIn } from '../lambda/sockets.ts';
import * as declared from '../manifest/schedules.ts';
import { lostConnections } from '../schedules/lost-connections.ts';

export const handler = scheduledFunction(declared.lostConnections, (on) => {
  const { clock, telemetry } = on.ground;
  const reached = { ...withOrders(on), ...withAccounts(on), ...withViews(on), ...socketsIn(on.surroundings) };
  const lost = new LostConnections({ ...on.ground, ...reached, log: telemetry.log });
  return lostConnections({ lost, clock, ...telemetry });
});
