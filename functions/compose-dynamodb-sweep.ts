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

/** What was written within the last day, from the change feed, and with each run a part of all there is. */
export function writtenInDynamoDb({ client, streams, logTable, viewsTable, clock, random }: Source) {
  const around = { client, clock, random };
  const reader = new DynamoDbShardReader({ ...around, streams, table: logTable });
  const recent = new FeedWrittenStreams(reader);
  const all = new DynamoDbWrittenStreams({ ...around, table: logTable });
  return {
    source: new RecentThenAll(recent, all),
    places: new DynamoDbPlaces({ ...around, table: viewsTable }),
  } satisfies Partial<SweeperOptions>;
}
