import { reportConsumerOf } from '../compose-venue-reports.ts';
import { venueReportsConsumer } from '../consumers/venue-reports.ts';
import { alarmsOf } from '../lambda/alarms.ts';
import { deliveryFunction } from '../lambda/deliveries.ts';
import { parkingIn } from '../lambda/parts.ts';
import * as declared from '../manifest/consumers.ts';

export const handler = deliveryFunction(declared.applyVenueReports, ({ dependencies, surroundings }) => {
  const { clock, telemetry } = dependencies;
  const alarms = alarmsOf(telemetry, 'venue-reports');
  const consumer = reportConsumerOf({ dependencies, parking: parkingIn(surroundings), alarms });
  const around = { consumer, clock, onFailure: alarms.onFailure };
  return (batch, batchMs) => venueReportsConsumer({ ...around, batchMs })(batch);
});
