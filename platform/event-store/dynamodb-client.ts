import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { awsClientLimits } from '../outgoing/aws-client-limits.ts';

/** A client whose calls end. A try that is repeated carries the same token or the same condition, so its effect happens once. */
export function createDynamoDbClient(config: DynamoDBClientConfig = {}): DynamoDBClient {
  return new DynamoDBClient({ ...awsClientLimits, ...config });
}
