import { relayName } from '../../platform/consumer/names.ts';
import { relayConsumer } from '../consumers/relay.ts';
import type { BatchAnswer, ChangeBatch } from '../consumers/shared/batches.ts';
import { alarmsOf } from '../lambda/alarms.ts';
import { batchMsIn } from '../lambda/deliveries.ts';
import { invoked } from '../lambda/invocation.ts';
import { openRelay } from '../lambda/relay.ts';
import { openStore } from '../lambda/standing.ts';

/** Needs no config, and no decision of anybody: the log, the bus, and where it parks. */
export const handler = invoked<ChangeBatch, BatchAnswer>({
  compose: async (surroundings) => {
    const { clock, telemetry } = surroundings;
    const relay = await openRelay(surroundings, openStore(surroundings));
    const around = { relay, clock, ...alarmsOf(telemetry, relayName) };
    return { handle: (batch, context) => relayConsumer({ ...around, batchMs: batchMsIn(context) })(batch) };
  },
});
