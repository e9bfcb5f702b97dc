import { webhooks } from '../api/webhooks.ts';
import { apiFunction } from '../lambda/api.ts';
import { withAccountFeed } from '../lambda/parts.ts';
import { withWebhooks } from '../lambda/webhooks.ts';
import * as declared from '../manifest/trading.ts';

export const handler = apiFunction(declared.webhooks, webhooks, (on) => {
  const feed = withAccountFeed(on);
  return { ...feed, ...withWebhooks(on, feed) };
});
