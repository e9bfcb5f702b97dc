import { reportConsumerOf } from '../compose-venue-reports.ts';
import { venueReportsConsumer } from '../consumers/venue-reports.ts';
import { alarmsOf } from '../lambda/alarms.ts';
import { deliveryFunction } from '../lambda/deliveries.ts';
import { parkingIn, withOrders, withReporting } from '../lambda/parts.ts';
import * as declared from '../manifest/consumers.ts';

export const handler = deliveryFunction(declared.applyVenueReports, (on) => {
  const { clock, telemetry } = on.ground;
  const alarms = alarmsOf(telemetry, 'venue-reports');
  const reached = withOrders(on);
  const dependencies = { ...on.ground, ...reached, ...withReporting(on, reached) };
  const consumer = reportConsumerOf({ dependencies, parking: parkingIn(on.surroundings), alarms });
  const around = { consumer, clock, onFailure: alarms.onFailure };
  return (batch, batchMs) => venueReportsConsumer({ ...around, batchMs })(batch);
});
