import { DynamoDbStreamsFeed } from '../platform/change-feed/dynamodb-streams.ts';
import { DynamoDbShardReader } from '../platform/change-feed/dynamodb-streams-api.ts';
import { attended } from '../platform/consumer/attended.ts';
import { sweep } from '../platform/consumer/sweep.ts';
import { deadlineIn, longestCallMs } from '../platform/deadline/deadline.ts';
import type { DynamoDbViewsOptions } from './compose-dynamodb-views.ts';
import {
  linkedConsumersOf,
  linkedLingerMs,
  type LinkedOrders,
  type LinkedOrdersParts,
} from './compose-linked-orders.ts';
import { linkedOrdersConsumer } from './consumers/linked-orders.ts';
import { stopWatchConsumer } from './consumers/stop-watch.ts';
import { onlyWhereDue } from '../platform/linked-orders/exit-consumer.ts';

type Source = Pick<DynamoDbViewsOptions, 'client' | 'streams' | 'logTable' | 'random'>;

/** Well within a round of the feed. */
const batchMs = 10_000;

/** The cloud's functions and change feed in this process. */
export function linkOrdersInDynamoDb(
  { client, streams, logTable, random }: Source,
  parts: LinkedOrdersParts,
): LinkedOrders {
  const { clock, store } = parts.dependencies;
  const { onFailure } = parts.alarms;
  const { exits, stops } = linkedConsumersOf(parts);
  const shared = { clock, onFailure, batchMs };
  const handlers = [
    linkedOrdersConsumer({ ...shared, consumer: onlyWhereDue(exits) }),
    stopWatchConsumer({ ...shared, consumer: stops }),
  ];
  const feeds = handlers.map(
    (handle) =>
      new DynamoDbStreamsFeed({
        reader: new DynamoDbShardReader({ streams, client, table: logTable, clock, random }),
        handle,
        clock,
        onFailure,
        limits: { idleMs: linkedLingerMs * 20 },
      }),
  );
  const deadlineOf = () => deadlineIn(longestCallMs, clock);
  const swept = async () => {
    await sweep(store, [exits], deadlineOf);
  };
  return {
    // The feed remembers a day at most, and keeps no place: what it no longer has is swept up first.
    start: async () => {
      await exits.redrive(deadlineOf());
      await swept();
      for (const feed of feeds) feed.start();
    },
    stop: async () => {
      for (const feed of feeds) await feed.stop();
    },
    drained: swept,
    attended: [attended(exits, clock), stops],
  };
}
