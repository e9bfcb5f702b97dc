import { withAccountFeed } from '../lambda/parts.ts';
import { scheduledFunction } from '../lambda/schedules.ts';
import { withWebhooks } from '../lambda/webhooks.ts';
import { deliverWebhooks } from '../schedules/deliver-webhooks.ts';

export const handler = scheduledFunction(
  'deliver-webhooks',
  ({ dependencies }) =>
    deliverWebhooks({ dispatcher: dependencies.webhooks.dispatcher, clock: dependencies.clock }),
  withAccountFeed,
  withWebhooks,
);
