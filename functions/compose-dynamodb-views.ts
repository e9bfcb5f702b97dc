import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { DynamoDbAccountFeed } from '../platform/account-feed/dynamodb.ts';
import { DynamoDbStreamsFeed } from '../platform/change-feed/dynamodb-streams.ts';
import { DynamoDbShardReader } from '../platform/change-feed/dynamodb-streams-api.ts';
import { FreshViews } from '../platform/change-feed/fresh-views.ts';
import type { Clock } from '../platform/clock/clock.ts';
import type { Parking } from '../platform/consumer/port.ts';
import { deadlineIn, longestCallMs } from '../platform/deadline/deadline.ts';
import type { EventStore } from '../platform/event-store/port.ts';
import type { Random } from '../platform/random/random.ts';
import { DynamoDbSurveillance } from '../platform/surveillance/dynamodb.ts';
import { nothingWatched, type WatchInForce } from '../platform/surveillance/watch.ts';
import { DynamoDbViews } from '../platform/views/dynamodb.ts';
import {
  type ConsumerStores,
  consumersOf,
  type KeptViews,
  maintenance,
  type ViewAlarms,
} from './compose-views.ts';
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
  /** Absent: surveillance stays behind. */
  readonly watch?: WatchInForce;
  readonly alarms: ViewAlarms & { readonly onTampering: (tampering: Tampering) => void };
}

/** Well within a round of the feed. */
const batchMs = 10_000;

/** The cloud's function and change feed in this process. */
export function keepViewsInDynamoDb(
  options: DynamoDbViewsOptions,
): KeptViews & { readonly parking: Parking } {
  const { store, client, streams, logTable, viewsTable, clock, random, alarms, watch } = options;
  const table = { client, table: viewsTable, clock, random };
  const views = new DynamoDbViews(table);
  const surveillance = new DynamoDbSurveillance(table, watch ?? (() => nothingWatched));
  const stores: ConsumerStores = {
    views,
    feed: new DynamoDbAccountFeed(table),
    ...(watch && { surveillance }),
  };
  const group = consumersOf(stores, { log: store, clock, alarms });
  const { onFailure, onTampering } = alarms;
  const feed = new DynamoDbStreamsFeed({
    reader: new DynamoDbShardReader({ streams, client, table: logTable, clock, random }),
    handle: viewsConsumer({ consumer: group, clock, onTampering, onFailure, batchMs }),
    clock,
    onFailure,
  });
  const care = maintenance({ log: store, views, group, clock });
  return {
    views: new FreshViews(views, feed, clock),
    feed: stores.feed,
    surveillance,
    parking: views,
    ...care,
    // The feed remembers a day at most, and keeps no place: what it no longer has is swept up first.
    start: async () => {
      await group.redrive(deadlineIn(longestCallMs, clock));
      await care.sweep();
      feed.start();
    },
    stop: () => feed.stop(),
    drained: async () => {
      await care.sweep();
    },
  };
}
