import { keptConsumers } from '../functions/compose-views.ts';
import {
  exitConsumerName,
  reportConsumerName,
  stopWatchName,
  venueConsumerName,
} from '../platform/consumer/names.ts';
import type { ApiFunctionName, FunctionName, ScheduledFunctionName } from '../functions/manifest.ts';

/** How the embedded cell wakes a function that neither a request nor a clock does. */
export type Waking =
  /** A durable cursor over the log for each of these, under which the consumer is registered. */
  | { readonly by: 'cursor'; readonly consumers: readonly string[] }
  /** Not at all, and why that loses nothing. */
  | { readonly by: 'nothing'; readonly because: string };

/**
 * On one machine the log itself is what consumers follow: nothing is carried anywhere, so nothing is lost on the way. Requests are routed
 * by `router.ts`, schedules run by `schedules.ts`, both straight from the manifest.
 */
export const waking: Readonly<
  Record<Exclude<FunctionName, ApiFunctionName | ScheduledFunctionName>, Waking>
> = {
  'check-config': {
    by: 'nothing',
    because: 'a config is checked where it is asked for, over the API or in its file',
  },
  'rotate-master-secret': {
    by: 'nothing',
    because: 'the secret is a file of the stopped cell’s folder: npm run secret:rotate adds a key to it',
  },
  relay: { by: 'nothing', because: 'there is no bus: consumers are cursors over the log' },
  archive: { by: 'nothing', because: 'there is no archive: the log is a file that is backed up whole' },
  'trade-updates': { by: 'nothing', because: 'clients connect to the cell itself: see streams/' },
  'push-updates': { by: 'nothing', because: 'the process that a client is connected to follows the feed' },
  views: { by: 'cursor', consumers: keptConsumers },
  venue: { by: 'cursor', consumers: [venueConsumerName] },
  'linked-orders': { by: 'cursor', consumers: [exitConsumerName] },
  'stop-watch': { by: 'cursor', consumers: [stopWatchName] },
  'apply-venue-reports': { by: 'cursor', consumers: [reportConsumerName] },
};
