import { deadlineIn, longestCallMs } from '../../platform/deadline/deadline.ts';
import { createEventBridgeClient } from '../../platform/event-bus/eventbridge-client.ts';
import { EventBridgePublisher } from '../../platform/event-bus/eventbridge.ts';
import { relayName } from '../../platform/consumer/names.ts';
import { Relay } from '../../platform/event-bus/relay.ts';
import type { EventStore } from '../../platform/event-store/port.ts';
import { environmentNames } from '../environment.ts';
import { alarmsOf } from './alarms.ts';
import { parkingIn } from './parts.ts';
import type { Surroundings } from './surroundings.ts';

/** Throws `BusMissing` where there is no such bus: it would take every entry and deliver none. */
export async function openRelay(surroundings: Surroundings, log: Pick<EventStore, 'read'>): Promise<Relay> {
  const { clock, random, telemetry, setting } = surroundings;
  const bus = setting(environmentNames.busName);
  const client = createEventBridgeClient();
  const publisher = await EventBridgePublisher.open(
    { client, bus, clock, random },
    deadlineIn(longestCallMs, clock),
  );
  const { onParked } = alarmsOf(telemetry, relayName);
  return new Relay({ publisher, log, parking: parkingIn(surroundings), clock, onParked });
}
