import { CreateTableCommand, type DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { setUpSignal } from '../outgoing/signal.ts';
import { itemKey, logKey, logStreamView, type StoreTables } from './tables.ts';

/** The tables as the infrastructure makes them, for DynamoDB Local and other places without infrastructure. */
export async function createTables(client: DynamoDBClient, tables: StoreTables): Promise<void> {
  await client.send(
    new CreateTableCommand({
      TableName: tables.log,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: logKey.partition, AttributeType: 'S' },
        { AttributeName: logKey.sort, AttributeType: 'N' },
      ],
      KeySchema: [
        { AttributeName: logKey.partition, KeyType: 'HASH' },
        { AttributeName: logKey.sort, KeyType: 'RANGE' },
      ],
      StreamSpecification: { StreamEnabled: true, StreamViewType: logStreamView },
    }),
    { abortSignal: setUpSignal() },
  );
  await client.send(
    new CreateTableCommand({
      TableName: tables.items,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: itemKey.partition, AttributeType: 'S' },
        { AttributeName: itemKey.sort, AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: itemKey.partition, KeyType: 'HASH' },
        { AttributeName: itemKey.sort, KeyType: 'RANGE' },
      ],
    }),
    { abortSignal: setUpSignal() },
  );
  for (const table of [tables.log, tables.items]) {
    await waitUntilTableExists(
      { client, maxWaitTime: 60, minDelay: 1, abortSignal: AbortSignal.timeout(60_000) },
      { TableName: table },
    );
  }
}
