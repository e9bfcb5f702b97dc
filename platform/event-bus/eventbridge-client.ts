import { EventBridgeClient, type EventBridgeClientConfig } from '@aws-sdk/client-eventbridge';

/**
 * A client whose calls end. It tries once: the publisher repeats only the entries that failed, where the SDK would repeat the whole
 * request. Without the flag the SDK only logs a late answer.
 */
export function createEventBridgeClient(config: EventBridgeClientConfig = {}): EventBridgeClient {
  return new EventBridgeClient({
    maxAttempts: 1,
    requestHandler: { connectionTimeout: 500, requestTimeout: 2_000, throwOnRequestTimeout: true },
    ...config,
  });
}
