import { BreachResponse } from '../../platform/surveillance/response.ts';
import { withAccounts, withBreaches, withKillSwitch, withOrders, withViews } from '../lambda/parts.ts';
import { scheduledFunction } from '../lambda/schedules.ts';
import * as declared from '../manifest/schedules.ts';
import { respondToBreaches } from '../schedules/respond-to-breaches.ts';

export const handler = scheduledFunction(declared.respondToBreaches, (on) => {
  const { clock, telemetry } = on.ground;
  const response = new BreachResponse({
    ...on.ground,
    ...withOrders(on),
    ...withAccounts(on),
    ...withKillSwitch(on),
    ...withViews(on),
    ...withBreaches(on),
  });
  return respondToBreaches({ response, clock, ...telemetry });
});
