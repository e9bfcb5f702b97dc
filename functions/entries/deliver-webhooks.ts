import { withAccountFeed } from '../lambda/parts.ts';
import { scheduledFunction } from '../lambda/schedules.ts';
import { withWebhooks } from '../lambda/webhooks.ts';
import * as declared from '../manifest/schedules.ts';
import { deliverWebhooks } from '../schedules/deliver-webhooks.ts';

export const handler = scheduledFunction(
  declared.deliverWebhooks,
  ({ dependencies }) =>
    deliverWebhooks({ dispatcher: dependencies.webhooks.dispatcher, clock: dependencies.clock }),
  withAccountFeed,
  withWebhooks,
);
