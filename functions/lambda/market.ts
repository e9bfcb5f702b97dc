import { assert } from '../../domain/values/assert.ts';
import { LastTradePrices } from '../../platform/venue/last-trade-prices.ts';
import type { OwnMarket } from '../../platform/venue/own-market.ts';
import { type VenueConsumerDependencies, venueConsumer } from '../consumers/venue.ts';
import { alarmsOf } from './alarms.ts';
import type { Deliver } from './deliveries.ts';
import type { Standing } from './standing.ts';

export function marketOf({ dependencies: { market } }: Standing): OwnMarket {
  assert(market !== undefined, 'the function is composed with the market');
  return market;
}

/** Brings orders to the books. What they traded at is said before the call ends: a frozen process says nothing. */
export function marketDelivery(standing: Standing): Deliver<Parameters<ReturnType<typeof venueConsumer>>[0]> {
  const { observers, consumer } = marketOf(standing);
  const { clock, prices, telemetry } = standing.dependencies;
  const { onFailure } = alarmsOf(telemetry, consumer.name);
  const around: Omit<VenueConsumerDependencies, 'batchMs'> = { consumer, clock, onFailure };
  return async (batch, batchMs) => {
    const lastTrades = new LastTradePrices({ prices, clock, onFailure });
    const unfollow = observers.observe(lastTrades.follow);
    try {
      return await venueConsumer({ ...around, batchMs })(batch);
    } finally {
      unfollow();
      await lastTrades.stop();
    }
  };
}
