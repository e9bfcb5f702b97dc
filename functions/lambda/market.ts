import type { AttendedConsumer } from '../../platform/consumer/attended.ts';
import { LastTradePrices } from '../../platform/venue/last-trade-prices.ts';
import type { OwnMarket } from '../../platform/venue/own-market.ts';
import { type VenueConsumerDependencies, venueConsumer } from '../consumers/venue.ts';
import type { Reach } from '../dependencies.ts';
import { alarmsOf } from './alarms.ts';
import type { Deliver } from './deliveries.ts';
import { withMarket } from './own-market.ts';
import { withKillSwitch, withOrders, withPrices } from './parts.ts';
import type { Standing } from './standing.ts';

/** Brings orders to the books. */
export function marketDelivery(on: Standing): Deliver<Parameters<ReturnType<typeof venueConsumer>>[0]> {
  const { clock, telemetry } = on.ground;
  const reached = { ...withOrders(on), ...withKillSwitch(on), ...withPrices(on) };
  const { market } = withMarket(on, reached);
  const { consumer } = market;
  const { onFailure } = alarmsOf(telemetry, consumer.name);
  const around: Omit<VenueConsumerDependencies, 'batchMs'> = { consumer, clock, onFailure };
  return (batch, batchMs) =>
    sayingLastTrades(on, { ...reached, market }, () => venueConsumer({ ...around, batchMs })(batch));
}

/** What brings orders to the books, for whoever does its work where a delivery was lost or parked. */
export function attendedMarket(on: Standing, around: Dealing): AttendedConsumer {
  const { consumer } = around.market;
  return {
    name: consumer.name,
    parked: (deadline) => consumer.parked(deadline),
    redrive: (deadline) => sayingLastTrades(on, around, () => consumer.redrive(deadline)),
    sweepHeads: (heads) => sayingLastTrades(on, around, () => consumer.sweepHeads(heads)),
  };
}

interface Dealing extends Pick<Reach, 'prices'> {
  readonly market: OwnMarket;
}

/** Works with our own books. What they traded at meanwhile is said before it ends: a frozen process says nothing. */
export async function sayingLastTrades<Result>(
  { ground: { clock, telemetry } }: Standing,
  { market: { observers, consumer }, prices }: Dealing,
  work: () => Promise<Result>,
): Promise<Result> {
  const { onFailure } = alarmsOf(telemetry, consumer.name);
  const lastTrades = new LastTradePrices({ prices, clock, onFailure });
  const unfollow = observers.observe(lastTrades.follow);
  try {
    return await work();
  } finally {
    unfollow();
    await lastTrades.stop();
  }
}
