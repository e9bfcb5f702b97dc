import { DynamoDbAccountFeed } from '../../platform/account-feed/dynamodb.ts';
import { DynamoDbSurveillance } from '../../platform/surveillance/dynamodb.ts';
import { watchOf } from '../../platform/surveillance/watch.ts';
import { DynamoDbChunkStore } from '../../platform/venue/chunk-store-dynamodb.ts';
import { DynamoDbParking } from '../../platform/views/dynamodb-parking.ts';
import { ViewsTable, type ViewsTableOptions } from '../../platform/views/dynamodb-table.ts';
import { DynamoDbViews } from '../../platform/views/dynamodb.ts';
import { composeMarket } from '../compose-venue.ts';
import { environmentNames } from '../environment.ts';
import type { Part } from './standing.ts';
import type { Surroundings } from './surroundings.ts';

export function viewsTableOf({ client, clock, random, setting }: Surroundings): ViewsTableOptions {
  return { client, table: setting(environmentNames.viewsTable), clock, random };
}

export function parkingIn(surroundings: Surroundings): DynamoDbParking {
  return new DynamoDbParking(new ViewsTable(viewsTableOf(surroundings)));
}

/** Lists of orders, positions and activities. */
export const withViews: Part = (surroundings) => ({ views: new DynamoDbViews(viewsTableOf(surroundings)) });

/** What happened to each account's orders, numbered. */
export const withAccountFeed: Part = (surroundings) => ({
  accountFeed: new DynamoDbAccountFeed(viewsTableOf(surroundings)),
});

/** What surveillance found. */
export const withBreaches: Part = (surroundings, config) => ({
  surveillance: new DynamoDbSurveillance(viewsTableOf(surroundings), () => watchOf(config.current())),
});

/** Our own books. */
export const withMarket: Part = (surroundings) => {
  const { client, clock, random, setting } = surroundings;
  const table = setting(environmentNames.itemsTable);
  const chunks = new DynamoDbChunkStore({ client, table, clock, random });
  return {
    market: (dependencies) => composeMarket({ dependencies, chunks, parking: parkingIn(surroundings) }),
  };
};
