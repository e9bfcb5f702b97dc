import { LostConnections } from '../../platform/cancelling/lost-connections.ts';
import { withViews } from '../lambda/parts.ts';
import { scheduledFunction } from '../lambda/schedules.ts';
import { socketsIn } from '../lambda/sockets.ts';
import { lostConnections } from '../schedules/lost-connections.ts';

export const handler = scheduledFunction(
  'lost-connections',
  ({ dependencies, surroundings }) => {
    const { clock, telemetry } = dependencies;
    const { log } = telemetry;
    const lost = new LostConnections({ ...dependencies, ...socketsIn(surroundings), log });
    return lostConnections({ lost, clock, log });
  },
  withViews,
);
