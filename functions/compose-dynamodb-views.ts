import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { DynamoDbStreamsFeed } from '../platform/change-feed/dynamodb-streams.ts';
import { DynamoDbShardReader } from '../platform/change-feed/dynamodb-streams-api.ts';
import { FreshViews } from '../platform/change-feed/fresh-views.ts';
import type { Clock } from '../platform/clock/clock.ts';
import { deadlineIn, longestCallMs } from '../platform/deadline/deadline.ts';
import type { EventStore } from '../platform/event-store/port.ts';
import type { Random } from '../platform/random/random.ts';
import { DynamoDbViews } from '../platform/views/dynamodb.ts';
import { type KeptViews, maintenance, type ViewAlarms, viewConsumerOf } from './compose-views.ts';
import { type Tampering, viewsConsumer } from './consumers/views.ts';

export interface DynamoDbViewsOptions {
  readonly store: EventStore;
  readonly client: DynamoDBClient;
  readonly streams: DynamoDBStreamsClient;
  /** The log's table, whose change feed is followed, and the views' own. */
  readonly logTable: string;
  readonly viewsTable: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly alarms: ViewAlarms & { readonly onTampering: (tampering: Tampering) => void };
}

/** Well within a round of the feed. */
const batchMs = 10_000;

/** The cloud's function and change feed in this process. */
export function keepViewsInDynamoDb(options: DynamoDbViewsOptions): KeptViews {
  const { store, client, streams, logTable, viewsTable, clock, random, alarms } = options;
  const views = new DynamoDbViews({ client, table: viewsTable, clock, random });
  const consumer = viewConsumerOf(store, views, clock, alarms);
  const { onFailure, onTampering } = alarms;
  const feed = new DynamoDbStreamsFeed({
    reader: new DynamoDbShardReader({ streams, client, table: logTable, clock, random }),
    handle: viewsConsumer({ consumer, clock, onTampering, onFailure, batchMs }),
    clock,
    onFailure,
  });
  const care = maintenance(store, views, consumer, clock);
  return {
    views: new FreshViews(views, feed, clock),
    parking: views,
    ...care,
    // The feed remembers a day at most, and keeps no place: what it no longer has is swept up first.
    start: async () => {
      await consumer.redrive(deadlineIn(longestCallMs, clock));
      await care.sweep();
      feed.start();
    },
    stop: () => feed.stop(),
    drained: async () => {
      await care.sweep();
    },
  };
}
