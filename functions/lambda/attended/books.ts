import type { AttendedConsumer } from '../../../platform/consumer/attended.ts';
import { attendedMarket } from '../market.ts';
import { withMarket } from '../own-market.ts';
import { withKillSwitch, withOrders, withPrices } from '../parts.ts';
import type { Standing } from '../standing.ts';

/** Who brings orders to our own books, for whoever does that work where a delivery was lost or parked. */
export function bookKeepers(on: Standing): readonly AttendedConsumer[] {
  const reached = { ...withOrders(on), ...withKillSwitch(on), ...withPrices(on) };
  return [attendedMarket(on, { ...reached, ...withMarket(on, reached) })];
}
