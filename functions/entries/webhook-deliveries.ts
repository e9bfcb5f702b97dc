import { webhookDeliveries } from '../api/webhook-deliveries.ts';
import { apiFunction } from '../lambda/api.ts';
import { withAccountFeed } from '../lambda/parts.ts';
import { withDeliveries } from '../lambda/webhooks.ts';

export const handler = apiFunction('webhook-deliveries', webhookDeliveries, withAccountFeed, withDeliveries);
