import { account } from '../../platform/aggregates/account.ts';
import { approval } from '../../platform/aggregates/approval.ts';
import { killSwitch } from '../../platform/aggregates/kill-switch.ts';
import { order } from '../../platform/aggregates/order.ts';
import { transfer } from '../../platform/aggregates/transfer.ts';
import { venueReport } from '../../platform/aggregates/venue-report.ts';
import { StoredKillSwitch } from '../../platform/kill-switch/stored-kill-switch.ts';
import { referencePrice } from '../../platform/reference-prices/aggregate.ts';
import { ReferencePrices } from '../../platform/reference-prices/reference-prices.ts';
import { VenueReporting } from '../../platform/reporting/venue-reporting.ts';
import { DynamoDbAccountFeed } from '../../platform/account-feed/dynamodb.ts';
import { DynamoDbSurveillance } from '../../platform/surveillance/dynamodb.ts';
import { watchOf } from '../../platform/surveillance/watch.ts';
import type { ChunkStore } from '../../platform/venue/chunk-store.ts';
import { DynamoDbChunkStore } from '../../platform/venue/chunk-store-dynamodb.ts';
import { DynamoDbParking } from '../../platform/views/dynamodb-parking.ts';
import { ViewsTable, type ViewsTableOptions } from '../../platform/views/dynamodb-table.ts';
import { DynamoDbViewReader } from '../../platform/views/dynamodb-reader.ts';
import { environmentNames } from '../environment.ts';
import type { Reach } from '../dependencies.ts';
import type { Standing } from './standing.ts';
import type { Surroundings } from './surroundings.ts';

export function viewsTableOf({ client, clock, random, setting }: Surroundings): ViewsTableOptions {
  return { client, table: setting(environmentNames.viewsTable), clock, random };
}

export function parkingIn(surroundings: Surroundings): DynamoDbParking {
  return new DynamoDbParking(new ViewsTable(viewsTableOf(surroundings)));
}

export const withOrders = ({ handlerOf }: Standing) => ({ orders: handlerOf(order) });
export const withAccounts = ({ handlerOf }: Standing) => ({ accounts: handlerOf(account) });
export const withTransfers = ({ handlerOf }: Standing) => ({ transfers: handlerOf(transfer) });
export const withApprovals = ({ handlerOf }: Standing) => ({ approvals: handlerOf(approval) });

export const withKillSwitch = ({ ground, handlerOf }: Standing) => ({
  killSwitch: new StoredKillSwitch({ ...ground, handler: handlerOf(killSwitch) }),
});

export const withPrices = ({ ground, handlerOf }: Standing) => ({
  prices: new ReferencePrices({ ...ground, handler: handlerOf(referencePrice) }),
});

/** What venues say of orders. */
export const withReporting = ({ ground, handlerOf }: Standing, { orders }: Pick<Reach, 'orders'>) => ({
  reporting: new VenueReporting({ orders, reports: handlerOf(venueReport), store: ground.store }),
});

/** Lists of orders, positions and activities. */
export const withViews = ({ surroundings }: Standing) => ({
  views: new DynamoDbViewReader(new ViewsTable(viewsTableOf(surroundings))),
});

/** What happened to each account's orders, numbered. */
export const withAccountFeed = ({ surroundings }: Standing) => ({
  accountFeed: new DynamoDbAccountFeed(viewsTableOf(surroundings)),
});

/** What surveillance found. */
export const withBreaches = ({ surroundings, config }: Standing) => ({
  surveillance: new DynamoDbSurveillance(viewsTableOf(surroundings), () => watchOf(config.current())),
});

/** Our own books as they are written down. */
export function chunksIn({ client, clock, random, setting }: Surroundings): ChunkStore {
  return new DynamoDbChunkStore({ client, table: setting(environmentNames.itemsTable), clock, random });
}
