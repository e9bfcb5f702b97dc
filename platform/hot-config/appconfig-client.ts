import { AppConfigDataClient, type AppConfigDataClientConfig } from '@aws-sdk/client-appconfigdata';
import { awsClientLimits } from '../outgoing/aws-client-limits.ts';

/**
 * A client whose calls end. It tries once: a token is good for one request, and the SDK would send the same one again; when to ask
 * again is the service's word.
 */
export function createAppConfigClient(config: AppConfigDataClientConfig = {}): AppConfigDataClient {
  return new AppConfigDataClient({ ...awsClientLimits, maxAttempts: 1, ...config });
}
