import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

const region = 'eu-central-1';

/** Bundled by a test: a client as functions have it, and one that asks for what is left out of bundles. */
export const standard = () => new DynamoDBClient({ region, retryMode: 'standard' }).config.retryStrategy();
export const adaptive = () => new DynamoDBClient({ region, retryMode: 'adaptive' }).config.retryStrategy();
