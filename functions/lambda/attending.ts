import { relayName } from '../../platform/event-bus/relay.ts';
import { attendedWebhooks } from '../../platform/webhooks/redelivery.ts';
import type { ApiFunction } from '../api/door/routes.ts';
import { wrap } from '../api/door/wrap.ts';
import type { HttpFunction } from '../manifest.ts';
import { type ApiHandler, notNow } from './api.ts';
import { everyConsumer } from './everybody.ts';
import { invoked } from './invocation.ts';
import { madeOnce } from './made-once.ts';
import { withAccountFeed, withMarket, withViews } from './parts.ts';
import { openRelay } from './relay.ts';
import { stand } from './standing.ts';
import { withDeliveries } from './webhooks.ts';

/** An HTTP function by which an operator attends to every consumer, and to the relay. */
export function attendingFunction(entry: HttpFunction, open: ApiFunction): ApiHandler {
  return invoked({
    compose: async (surroundings) => {
      const standing = await stand(surroundings, entry.rights, [
        withViews,
        withMarket,
        withAccountFeed,
        withDeliveries,
      ]);
      const { dependencies, config } = standing;
      for (const consumer of everyConsumer(standing)) dependencies.consumers.add(consumer);
      dependencies.consumers.addOther(attendedWebhooks(dependencies));
      // Not before it is asked after: without its bus the others can still be attended to.
      const relay = madeOnce(() => openRelay(surroundings, dependencies.store));
      dependencies.consumers.addOther({
        name: relayName,
        parked: async (deadline) => (await relay()).parked(deadline),
        redrive: async (deadline) => (await relay()).redrive(deadline),
      });
      return { handle: wrap(entry, open(dependencies), dependencies), config };
    },
    failed: notNow,
  });
}
