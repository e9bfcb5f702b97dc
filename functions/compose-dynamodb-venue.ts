import { DynamoDbStreamsFeed } from '../platform/change-feed/dynamodb-streams.ts';
import { DynamoDbShardReader } from '../platform/change-feed/dynamodb-streams-api.ts';
import { deadlineIn, longestCallMs } from '../platform/deadline/deadline.ts';
import type { EventStore, StreamHead } from '../platform/event-store/port.ts';
import type { DynamoDbViewsOptions } from './compose-dynamodb-views.ts';
import { marketFollower, type MarketFollower, type MarketFollowerParts } from './compose-venue.ts';
import { venueConsumer } from './consumers/venue.ts';

type Source = Pick<DynamoDbViewsOptions, 'client' | 'streams' | 'logTable' | 'random'> & {
  readonly store: Pick<EventStore, 'heads'>;
};

/** Well within a round of the feed. */
const batchMs = 10_000;
/** A trader waits for every match. */
const idleMs = 20;

/** The cloud's function and change feed in this process. */
export function followMarketInDynamoDb(
  { client, streams, logTable, random, store }: Source,
  parts: MarketFollowerParts,
): MarketFollower {
  const { clock } = parts.dependencies;
  const { consumer } = parts.market;
  const { onFailure } = parts.alarms;
  const feed = new DynamoDbStreamsFeed({
    reader: new DynamoDbShardReader({ streams, client, table: logTable, clock, random }),
    handle: venueConsumer({ consumer, clock, onFailure, batchMs }),
    clock,
    onFailure,
    limits: { idleMs },
  });
  const swept = async () => {
    const heads: StreamHead[] = [];
    for await (const head of store.heads(() => deadlineIn(longestCallMs, clock))) {
      if (consumer.takes(head.stream)) heads.push(head);
    }
    await consumer.bring(heads);
  };
  // The feed remembers a day at most, and keeps no place: what it no longer has is swept up first.
  const started = async () => {
    await swept();
    feed.start();
  };
  return marketFollower({ start: started, stop: () => feed.stop(), drained: swept }, parts);
}
