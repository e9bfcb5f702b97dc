import { tradeEvents } from '../api/trade-events.ts';
import { withAccountFeed } from '../lambda/parts.ts';
import { streamingFunction } from '../lambda/streaming.ts';
import * as declared from '../manifest/trading.ts';
import { StreamSlots } from '../streams/stream-slots.ts';

export const handler = streamingFunction(declared.tradeEvents, tradeEvents, (on) => ({
  ...withAccountFeed(on),
  streamSlots: new StreamSlots(on.ground.telemetry.metrics),
}));
