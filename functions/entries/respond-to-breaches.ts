import { BreachResponse } from '../../platform/surveillance/response.ts';
import { withBreaches, withViews } from '../lambda/parts.ts';
import { scheduledFunction } from '../lambda/schedules.ts';
import * as declared from '../manifest/schedules.ts';
import { respondToBreaches } from '../schedules/respond-to-breaches.ts';

export const handler = scheduledFunction(
  declared.respondToBreaches,
  ({ dependencies }) => {
    const { clock, telemetry } = dependencies;
    return respondToBreaches({ response: new BreachResponse(dependencies), clock, ...telemetry });
  },
  withViews,
  withBreaches,
);
