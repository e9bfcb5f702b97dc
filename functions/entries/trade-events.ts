import { tradeEvents } from '../api/trade-events.ts';
import { withAccountFeed } from '../lambda/parts.ts';
import { streamingFunction } from '../lambda/streaming.ts';

export const handler = streamingFunction('trade-events', tradeEvents, withAccountFeed);
