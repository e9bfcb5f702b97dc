import { StopWatch } from '../../platform/linked-orders/stop-watch.ts';
import { stopWatchConsumer } from '../consumers/stop-watch.ts';
import { alarmsOf } from '../lambda/alarms.ts';
import { deliveryFunction } from '../lambda/deliveries.ts';
import { withOrders, withPrices, withViews } from '../lambda/parts.ts';
import * as declared from '../manifest/consumers.ts';

export const handler = deliveryFunction(declared.stopWatch, (on) => {
  const { clock, telemetry } = on.ground;
  const { onFailure } = alarmsOf(telemetry, 'stop-watch');
  const reached = { ...withOrders(on), ...withPrices(on), ...withViews(on) };
  const around = { consumer: new StopWatch({ ...on.ground, ...reached, onFailure }), clock, onFailure };
  return (batch, batchMs) => stopWatchConsumer({ ...around, batchMs })(batch);
});
