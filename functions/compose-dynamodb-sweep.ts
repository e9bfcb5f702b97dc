import type { SweeperOptions } from '../platform/consumer/sweeper.ts';
import { DynamoDbShardReader } from '../platform/change-feed/dynamodb-streams-api.ts';
import { FeedWrittenStreams } from '../platform/change-feed/written-in-feed.ts';
import { DynamoDbWrittenStreams } from '../platform/event-store/dynamodb-written.ts';
import { RecentThenAll } from '../platform/event-store/recent-then-all.ts';
import { DynamoDbPlaces } from '../platform/views/dynamodb-places.ts';
import type { DynamoDbViewsOptions } from './compose-dynamodb-views.ts';

type Source = Pick<
  DynamoDbViewsOptions,
  'client' | 'streams' | 'logTable' | 'viewsTable' | 'clock' | 'random'
>;

/** A page of the log: each stream on it is asked of each consumer, and of everything that is read there is a line in the trail. */
const allEveryMs = 5 * 60_000;

/** What was written within the last day, from the change feed, and every few minutes a part of all there is. */
export function writtenSince({ client, streams, logTable, clock, random }: Omit<Source, 'viewsTable'>) {
  const around = { client, clock, random };
  const reader = new DynamoDbShardReader({ ...around, streams, table: logTable });
  const recent = new FeedWrittenStreams(reader);
  return new RecentThenAll(recent, new DynamoDbWrittenStreams({ ...around, table: logTable }), allEveryMs);
}

/** The same for a sweep, and where it keeps how far it has got. */
export function writtenInDynamoDb(from: Source) {
  const { client, viewsTable, clock, random } = from;
  return {
    source: writtenSince(from),
    places: new DynamoDbPlaces({ client, clock, random, table: viewsTable }),
  } satisfies Partial<SweeperOptions>;
}
