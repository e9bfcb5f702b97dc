import { StopWatch } from '../../platform/linked-orders/stop-watch.ts';
import { stopWatchConsumer } from '../consumers/stop-watch.ts';
import { alarmsOf } from '../lambda/alarms.ts';
import { deliveryFunction } from '../lambda/deliveries.ts';
import { withViews } from '../lambda/parts.ts';
import * as declared from '../manifest/consumers.ts';

export const handler = deliveryFunction(
  declared.stopWatch,
  ({ dependencies }) => {
    const { clock, telemetry } = dependencies;
    const { onFailure } = alarmsOf(telemetry, 'stop-watch');
    const around = { consumer: new StopWatch({ ...dependencies, onFailure }), clock, onFailure };
    return (batch, batchMs) => stopWatchConsumer({ ...around, batchMs })(batch);
  },
  withViews,
);
