import { createDynamoDbClient } from '../../../platform/event-store/dynamodb-client.ts';

/** What every function begins with: nothing that reads or writes a table is loaded sooner. */
export const handler = createDynamoDbClient;
