import {
  followMarketInMemory,
  followMarketInSqlite,
  type MarketFollower,
  type MarketFollowerParts,
} from '../functions/compose-venue.ts';
import type { Dependencies } from '../functions/dependencies.ts';
import type { Clock } from '../platform/clock/clock.ts';
import type { OwnMarket } from '../platform/venue/own-market.ts';
import type { Random } from '../platform/random/random.ts';
import { type ChunkStore, MemoryChunkStore } from '../platform/venue/chunk-store.ts';
import { SqliteChunkStore } from '../platform/venue/chunk-store-sqlite.ts';
import type { OpenStore } from './stores.ts';

/** Where the books of this cell are written down beside its log. */
export async function openChunks(
  open: OpenStore,
  { clock, random }: { readonly clock: Clock; readonly random: Random },
): Promise<ChunkStore> {
  switch (open.kind) {
    case 'memory':
      return new MemoryChunkStore();
    case 'sqlite':
      return new SqliteChunkStore(open.store);
    case 'dynamodb': {
      const { DynamoDbChunkStore } = await import('../platform/venue/chunk-store-dynamodb.ts');
      return new DynamoDbChunkStore({ client: open.client, table: open.itemsTable, clock, random });
    }
  }
}

/** Our own market, in this very process: orders meet within moments of being answered. */
export async function openMarket(
  open: OpenStore,
  market: OwnMarket,
  dependencies: Dependencies,
): Promise<MarketFollower> {
  const { log } = dependencies.telemetry;
  const parts: MarketFollowerParts = {
    market,
    dependencies,
    alarms: { onFailure: (error) => log.error('the market stands still, trying again', error) },
  };
  switch (open.kind) {
    case 'memory':
      return followMarketInMemory(open.store, parts);
    case 'sqlite':
      return followMarketInSqlite(open.store, parts);
    case 'dynamodb': {
      const { followMarketInDynamoDb } = await import('../functions/compose-dynamodb-venue.ts');
      return followMarketInDynamoDb({ ...open, random: dependencies.random }, parts);
    }
  }
}
