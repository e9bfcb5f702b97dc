import { exitsOf } from '../compose-linked-orders.ts';
import { linkedOrdersConsumer } from '../consumers/linked-orders.ts';
import { alarmsOf } from '../lambda/alarms.ts';
import { deliveryFunction } from '../lambda/deliveries.ts';
import { parkingIn, withOrders, withPrices } from '../lambda/parts.ts';
import * as declared from '../manifest/consumers.ts';

export const handler = deliveryFunction(declared.linkedOrders, (on) => {
  const { clock, telemetry } = on.ground;
  const alarms = alarmsOf(telemetry, 'linked-orders');
  const dependencies = { ...on.ground, ...withOrders(on), ...withPrices(on) };
  const consumer = exitsOf({ dependencies, parking: parkingIn(on.surroundings), alarms });
  const around = { consumer, clock, onFailure: alarms.onFailure };
  return (batch, batchMs) => linkedOrdersConsumer({ ...around, batchMs })(batch);
});
