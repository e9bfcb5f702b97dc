import { assert } from '../../domain/values/assert.ts';
import { feedName } from '../../platform/account-feed/names.ts';
import type { Attended } from '../../platform/consumer/attended.ts';
import {
  exitConsumerName,
  relayName,
  reportConsumerName,
  stopWatchName,
  venueConsumerName,
  webhooksName,
} from '../../platform/consumer/names.ts';
import { ConsumerRegistry } from '../../platform/consumer/registry.ts';
import { surveillanceName } from '../../platform/surveillance/version.ts';
import { viewsName } from '../../platform/views/version.ts';
import type { ApiFunction } from '../api/door/routes.ts';
import type { Reaching } from '../dependencies.ts';
import type { HttpFunction } from '../manifest.ts';
import { type ApiHandler, apiFunction } from './api.ts';
import { madeOnce } from './made-once.ts';
import type { Standing } from './standing.ts';

/** Who is attended to, by what they are loaded with. */
const loadedLater: readonly {
  readonly names: readonly string[];
  readonly load: (on: Standing) => Promise<readonly Attended[]>;
}[] = [
  {
    names: [viewsName, feedName, surveillanceName],
    load: async (on) => (await import('./attended/lists.ts')).listKeepers(on),
  },
  {
    names: [reportConsumerName, exitConsumerName, stopWatchName],
    load: async (on) => (await import('./attended/orders.ts')).orderFollowers(on),
  },
  {
    names: [venueConsumerName],
    load: async (on) => (await import('./attended/books.ts')).bookKeepers(on),
  },
  {
    names: [webhooksName],
    load: async (on) => [(await import('./attended/webhooks.ts')).deliverer(on)],
  },
  // Without its bus it cannot be opened; the others can still be attended to.
  {
    names: [relayName],
    load: async ({ surroundings, ground }) => [
      await (await import('./relay.ts')).openRelay(surroundings, ground.store),
    ],
  },
];

/**
 * An HTTP function by which an operator attends to every consumer, to the webhooks and to the relay. Each of them is all that its own
 * function carries, so it is loaded when somebody asks after it.
 */
export function attendingFunction(entry: HttpFunction, open: ApiFunction<Reaching<'consumers'>>): ApiHandler {
  return apiFunction(entry, open, (on) => {
    const consumers = new ConsumerRegistry();
    for (const { names, load } of loadedLater) {
      const all = madeOnce(async () => load(on));
      for (const name of names) consumers.addOther(later(name, all));
    }
    return { consumers };
  });
}

function later(name: string, all: () => Promise<readonly Attended[]>): Attended {
  const found = async () => {
    const one = (await all()).find((each) => each.name === name);
    assert(one !== undefined, `${name} is among what it is loaded with`);
    return one;
  };
  return {
    name,
    parked: async (deadline) => (await found()).parked(deadline),
    redrive: async (deadline) => (await found()).redrive(deadline),
  };
}
