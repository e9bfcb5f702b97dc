import { attended, type AttendedConsumer } from '../../platform/consumer/attended.ts';
import { linkedConsumersOf } from '../compose-linked-orders.ts';
import { reportConsumerOf } from '../compose-venue-reports.ts';
import { alarmsOf } from './alarms.ts';
import { marketOf } from './market.ts';
import { parkingIn } from './parts.ts';
import type { Standing } from './standing.ts';
import { viewsGroup } from './views.ts';

/** Every consumer of the cell, for whoever does their work where a delivery was lost or parked. */
export function everyConsumer(standing: Standing): readonly AttendedConsumer[] {
  const { surroundings, dependencies } = standing;
  const { clock, telemetry } = dependencies;
  const parts = {
    dependencies,
    parking: parkingIn(surroundings),
    alarms: alarmsOf(telemetry, 'sweep'),
  };
  const { exits, stops } = linkedConsumersOf(parts);
  return [
    ...viewsGroup(standing).members.map((member) => attended(member, clock)),
    attended(reportConsumerOf(parts), clock),
    attended(exits, clock),
    stops,
    marketOf(standing).consumer,
  ];
}
