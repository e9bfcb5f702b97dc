import { tradeEvents } from '../api/trade-events.ts';
import { withAccountFeed } from '../lambda/parts.ts';
import { streamingFunction } from '../lambda/streaming.ts';
import * as declared from '../manifest/trading.ts';

export const handler = streamingFunction(declared.tradeEvents, tradeEvents, withAccountFeed);
