import { webhookDeliveries } from '../api/webhook-deliveries.ts';
import { apiFunction } from '../lambda/api.ts';
import { withAccountFeed } from '../lambda/parts.ts';
import { withDeliveries } from '../lambda/webhooks.ts';
import * as declared from '../manifest/trading.ts';

export const handler = apiFunction(declared.webhookDeliveries, webhookDeliveries, (on) => {
  const feed = withAccountFeed(on);
  return { ...feed, ...withDeliveries(on, feed) };
});
