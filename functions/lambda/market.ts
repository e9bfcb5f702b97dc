import { LastTradePrices } from '../../platform/venue/last-trade-prices.ts';
import { type VenueConsumerDependencies, venueConsumer } from '../consumers/venue.ts';
import { alarmsOf } from './alarms.ts';
import type { Deliver } from './deliveries.ts';
import { withKillSwitch, withMarket, withOrders, withPrices } from './parts.ts';
import type { Standing } from './standing.ts';

/** Brings orders to the books. What they traded at is said before the call ends: a frozen process says nothing. */
export function marketDelivery(on: Standing): Deliver<Parameters<ReturnType<typeof venueConsumer>>[0]> {
  const { clock, telemetry } = on.ground;
  const reached = { ...withOrders(on), ...withKillSwitch(on), ...withPrices(on) };
  const { prices } = reached;
  const { observers, consumer } = withMarket(on, reached).market;
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
