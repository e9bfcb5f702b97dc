import { withAccountFeed } from '../lambda/parts.ts';
import { scheduledFunction } from '../lambda/schedules.ts';
import { withWebhooks } from '../lambda/webhooks.ts';
import * as declared from '../manifest/schedules.ts';
import { deliverWebhooks } from '../schedules/deliver-webhooks.ts';

export const handler = scheduledFunction(declared.deliverWebhooks, (on) => {
  const { webhooks } = withWebhooks(on, withAccountFeed(on));
  return deliverWebhooks({ dispatcher: webhooks.dispatcher, clock: on.ground.clock });
});
