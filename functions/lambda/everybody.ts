import { attended, type AttendedConsumer } from '../../platform/consumer/attended.ts';
import { linkedConsumersOf } from '../compose-linked-orders.ts';
import { reportConsumerOf } from '../compose-venue-reports.ts';
import { alarmsOf } from './alarms.ts';
import { attendedMarket } from './market.ts';
import {
  parkingIn,
  withKillSwitch,
  withMarket,
  withOrders,
  withPrices,
  withReporting,
  withViews,
} from './parts.ts';
import type { Standing } from './standing.ts';
import { viewsGroup } from './views.ts';

/** Every consumer of the cell, for whoever does their work where a delivery was lost or parked. */
export function everyConsumer(on: Standing): readonly AttendedConsumer[] {
  const { clock, telemetry } = on.ground;
  const reached = { ...withOrders(on), ...withKillSwitch(on), ...withPrices(on), ...withViews(on) };
  const parts = {
    dependencies: { ...on.ground, ...reached, ...withReporting(on, reached) },
    parking: parkingIn(on.surroundings),
    alarms: alarmsOf(telemetry, 'sweep'),
  };
  const { exits, stops } = linkedConsumersOf(parts);
  return [
    ...viewsGroup(on).members.map((member) => attended(member, clock)),
    attended(reportConsumerOf(parts), clock),
    attended(exits, clock),
    stops,
    attendedMarket(on, { ...reached, ...withMarket(on, reached) }),
  ];
}
