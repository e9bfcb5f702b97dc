import { ConsumerRegistry } from '../../platform/consumer/registry.ts';
import { relayName } from '../../platform/event-bus/relay.ts';
import { attendedWebhooks } from '../../platform/webhooks/redelivery.ts';
import type { ApiFunction } from '../api/door/routes.ts';
import type { Reaching } from '../dependencies.ts';
import type { HttpFunction } from '../manifest.ts';
import { type ApiHandler, apiFunction } from './api.ts';
import { everyConsumer } from './everybody.ts';
import { madeOnce } from './made-once.ts';
import { withAccountFeed } from './parts.ts';
import { openRelay } from './relay.ts';
import { withDeliveries } from './webhooks.ts';

/** An HTTP function by which an operator attends to every consumer, and to the relay. */
export function attendingFunction(entry: HttpFunction, open: ApiFunction<Reaching<'consumers'>>): ApiHandler {
  return apiFunction(entry, open, (on) => {
    const { surroundings, ground } = on;
    const consumers = new ConsumerRegistry();
    for (const consumer of everyConsumer(on)) consumers.add(consumer);
    const feed = withAccountFeed(on);
    consumers.addOther(attendedWebhooks({ ...ground, ...feed, ...withDeliveries(on, feed) }));
    // Not before it is asked after: without its bus the others can still be attended to.
    const relay = madeOnce(() => openRelay(surroundings, ground.store));
    consumers.addOther({
      name: relayName,
      parked: async (deadline) => (await relay()).parked(deadline),
      redrive: async (deadline) => (await relay()).redrive(deadline),
    });
    return { consumers };
  });
}
