import { attended, type AttendedConsumer } from '../../../platform/consumer/attended.ts';
import { linkedConsumersOf } from '../../compose-linked-orders.ts';
import { reportConsumerOf } from '../../compose-venue-reports.ts';
import { alarmsOf } from '../alarms.ts';
import { parkingIn, withOrders, withPrices, withReporting, withViews } from '../parts.ts';
import type { Standing } from '../standing.ts';

/** Who does something about orders outside of our own books, for whoever does their work where a delivery was lost or parked. */
export function orderFollowers(on: Standing): readonly AttendedConsumer[] {
  const { clock, telemetry } = on.ground;
  const reached = { ...withOrders(on), ...withPrices(on), ...withViews(on) };
  const parts = {
    dependencies: { ...on.ground, ...reached, ...withReporting(on, reached) },
    parking: parkingIn(on.surroundings),
    alarms: alarmsOf(telemetry, 'sweep'),
  };
  const { exits, stops } = linkedConsumersOf(parts);
  return [attended(reportConsumerOf(parts), clock), attended(exits, clock), stops];
}
