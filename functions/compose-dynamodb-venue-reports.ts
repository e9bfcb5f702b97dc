import { DynamoDbStreamsFeed } from '../platform/change-feed/dynamodb-streams.ts';
import { DynamoDbShardReader } from '../platform/change-feed/dynamodb-streams-api.ts';
import { attended } from '../platform/consumer/attended.ts';
import { sweep } from '../platform/consumer/sweep.ts';
import { deadlineIn, longestCallMs } from '../platform/deadline/deadline.ts';
import type { DynamoDbViewsOptions } from './compose-dynamodb-views.ts';
import {
  type FollowerParts,
  reportConsumerOf,
  type ReportFollower,
  reportLingerMs,
} from './compose-venue-reports.ts';
import { venueReportsConsumer } from './consumers/venue-reports.ts';

type Source = Pick<DynamoDbViewsOptions, 'client' | 'streams' | 'logTable' | 'random'>;

/** Well within a round of the feed. */
const batchMs = 10_000;

/** The cloud's function and change feed in this process. */
export function followReportsInDynamoDb(
  { client, streams, logTable, random }: Source,
  parts: FollowerParts,
): ReportFollower {
  const { clock, store } = parts.dependencies;
  const { onFailure } = parts.alarms;
  const consumer = reportConsumerOf(parts);
  const feed = new DynamoDbStreamsFeed({
    reader: new DynamoDbShardReader({ streams, client, table: logTable, clock, random }),
    handle: venueReportsConsumer({ consumer, clock, onFailure, batchMs }),
    clock,
    onFailure,
    limits: { idleMs: reportLingerMs },
  });
  const deadlineOf = () => deadlineIn(longestCallMs, clock);
  const swept = async () => {
    await sweep(store, [consumer], deadlineOf);
  };
  return {
    // The feed remembers a day at most, and keeps no place: what it no longer has is swept up first.
    start: async () => {
      await consumer.redrive(deadlineOf());
      await swept();
      feed.start();
    },
    stop: () => feed.stop(),
    drained: swept,
    attended: attended(consumer, clock),
  };
}
