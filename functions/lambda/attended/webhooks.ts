import type { Attended } from '../../../platform/consumer/attended.ts';
import { attendedWebhooks } from '../../../platform/webhooks/redelivery.ts';
import { withAccountFeed } from '../parts.ts';
import type { Standing } from '../standing.ts';
import { withDeliveries } from '../webhooks.ts';

/** Who delivers webhooks, for whoever looks at what was given up. */
export function deliverer(on: Standing): Attended {
  const feed = withAccountFeed(on);
  return attendedWebhooks({ ...on.ground, ...feed, ...withDeliveries(on, feed) });
}
