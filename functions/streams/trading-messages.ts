import * as z from 'zod/mini';
import type { FeedEntry } from '../../platform/account-feed/port.ts';
import type { Credentials } from '../api/door/credentials.ts';
import { eventIdPattern } from '../api/shapes/trade-event-query.ts';
import { tradeUpdateJson } from '../api/shapes/trade-update-json.ts';

/** What a client of `/stream` asks. */
export type TradingRequest =
  | { readonly ask: 'authenticate'; readonly credentials: Credentials }
  /** `after`: the last number it has; absent: from now on. */
  | { readonly ask: 'listen'; readonly streams: readonly string[]; readonly after?: number }
  | { readonly ask: 'unknown'; readonly why: string };

export const tradeUpdatesStream = 'trade_updates';

const text = z.string().check(z.minLength(1), z.maxLength(200));
const authenticating = z.enum(['authenticate', 'auth']);

/** Both ways in which clients write their key. */
const request = z.union([
  z.pipe(
    z.object({ action: authenticating, data: z.object({ key_id: text, secret_key: text }) }),
    z.transform(({ data }): TradingRequest => authenticate(data.key_id, data.secret_key)),
  ),
  z.pipe(
    z.object({ action: authenticating, key: text, secret: text }),
    z.transform(({ key, secret }): TradingRequest => authenticate(key, secret)),
  ),
  z.pipe(
    z.object({
      action: z.literal('listen'),
      data: z.object({
        streams: z.array(z.string().check(z.maxLength(64))).check(z.maxLength(16)),
        since_id: z.optional(z.pipe(z.string().check(z.regex(eventIdPattern)), z.transform(Number))),
      }),
    }),
    z.transform(
      ({ data: { streams, since_id: after } }): TradingRequest => ({
        ask: 'listen',
        streams,
        ...(after !== undefined && { after }),
      }),
    ),
  ),
]);

function authenticate(keyId: string, secret: string): TradingRequest {
  return { ask: 'authenticate', credentials: { keyId, secret } };
}

const hint =
  'expected {"action":"authenticate","data":{"key_id","secret_key"}} or {"action":"listen","data":{"streams":["trade_updates"]}}, whose data may have since_id, an event_id as text';

export function tradingRequest(message: unknown): TradingRequest {
  const parsed = request.safeParse(message);
  return parsed.success ? parsed.data : { ask: 'unknown', why: `the message makes no sense: ${hint}` };
}

export function authorization(isAuthorized: boolean) {
  const status = isAuthorized ? 'authorized' : 'unauthorized';
  return { stream: 'authorization', data: { action: 'authenticate', status } };
}

export function listening(streams: readonly string[]) {
  return { stream: 'listening', data: { streams } };
}

export function tradeUpdate(entry: FeedEntry) {
  return { stream: tradeUpdatesStream, data: tradeUpdateJson(entry) };
}

export function tradingError(message: string) {
  return { action: 'error', data: { error_message: message } };
}
