import { viewsConsumer } from '../consumers/views.ts';
import { alarmsOf } from '../lambda/alarms.ts';
import { deliveryFunction } from '../lambda/deliveries.ts';
import { viewsGroup } from '../lambda/views.ts';
import * as declared from '../manifest/consumers.ts';

export const handler = deliveryFunction(declared.views, (on) => {
  const { clock, telemetry } = on.ground;
  const around = { consumer: viewsGroup(on), clock, ...alarmsOf(telemetry, 'views') };
  return (batch, batchMs) => viewsConsumer({ ...around, batchMs })(batch);
});
