import { DynamoDbAccountFeed } from '../../platform/account-feed/dynamodb.ts';
import type { ConsumerGroup } from '../../platform/consumer/consumer-group.ts';
import { DynamoDbSurveillance } from '../../platform/surveillance/dynamodb.ts';
import { watchOf } from '../../platform/surveillance/watch.ts';
import { DynamoDbViews } from '../../platform/views/dynamodb.ts';
import { consumersOf } from '../compose-views.ts';
import { alarmsOf } from './alarms.ts';
import { viewsTableOf } from './parts.ts';
import type { Standing } from './standing.ts';

/** Everything that is kept beside the lists, over the cloud's tables. */
export function viewsGroup({ surroundings, ground, config }: Standing): ConsumerGroup {
  const { store, clock, telemetry } = ground;
  const table = viewsTableOf(surroundings);
  const stores = {
    views: new DynamoDbViews(table),
    feed: new DynamoDbAccountFeed(table),
    surveillance: new DynamoDbSurveillance(table, () => watchOf(config.current())),
  };
  return consumersOf(stores, { log: store, clock, alarms: alarmsOf(telemetry, 'views') });
}
