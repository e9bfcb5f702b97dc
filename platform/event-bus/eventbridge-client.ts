import { EventBridgeClient, type EventBridgeClientConfig } from '@aws-sdk/client-eventbridge';
import { awsClientLimits } from '../outgoing/aws-client-limits.ts';

/**
 * A client whose calls end. It tries once: the publisher repeats only the entries that failed, where the SDK would repeat the whole
 * request.
 */
export function createEventBridgeClient(config: EventBridgeClientConfig = {}): EventBridgeClient {
  return new EventBridgeClient({ ...awsClientLimits, maxAttempts: 1, ...config });
}
