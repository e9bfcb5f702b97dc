import { linkedConsumersOf } from '../compose-linked-orders.ts';
import { linkedOrdersConsumer } from '../consumers/linked-orders.ts';
import { alarmsOf } from '../lambda/alarms.ts';
import { deliveryFunction } from '../lambda/deliveries.ts';
import { parkingIn } from '../lambda/parts.ts';
import * as declared from '../manifest/consumers.ts';

export const handler = deliveryFunction(declared.linkedOrders, ({ dependencies, surroundings }) => {
  const { clock, telemetry } = dependencies;
  const alarms = alarmsOf(telemetry, 'linked-orders');
  const { exits } = linkedConsumersOf({ dependencies, parking: parkingIn(surroundings), alarms });
  const around = { consumer: exits, clock, onFailure: alarms.onFailure };
  return (batch, batchMs) => linkedOrdersConsumer({ ...around, batchMs })(batch);
});
