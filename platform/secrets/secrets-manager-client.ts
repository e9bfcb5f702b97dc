import { SecretsManagerClient, type SecretsManagerClientConfig } from '@aws-sdk/client-secrets-manager';
import { awsClientLimits } from '../outgoing/aws-client-limits.ts';

/** A client whose calls end. */
export function createSecretsManagerClient(config: SecretsManagerClientConfig = {}): SecretsManagerClient {
  return new SecretsManagerClient({ ...awsClientLimits, ...config });
}
