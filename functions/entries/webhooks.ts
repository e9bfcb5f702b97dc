import { webhooks } from '../api/webhooks.ts';
import { apiFunction } from '../lambda/api.ts';
import { withAccountFeed } from '../lambda/parts.ts';
import { withWebhooks } from '../lambda/webhooks.ts';

export const handler = apiFunction('webhooks', webhooks, withAccountFeed, withWebhooks);
