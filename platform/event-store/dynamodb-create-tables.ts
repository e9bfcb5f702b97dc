import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createTable } from './dynamodb-create-table.ts';
import { itemKey, logKey, logStreamView, type StoreTables } from './tables.ts';

/** The tables as the infrastructure makes them, for DynamoDB Local and other places without infrastructure. */
export async function createTables(client: DynamoDBClient, tables: StoreTables): Promise<void> {
  await createTable(client, {
    TableName: tables.log,
    AttributeDefinitions: [
      { AttributeName: logKey.partition, AttributeType: 'S' },
      { AttributeName: logKey.sort, AttributeType: 'N' },
    ],
    KeySchema: [
      { AttributeName: logKey.partition, KeyType: 'HASH' },
      { AttributeName: logKey.sort, KeyType: 'RANGE' },
    ],
    StreamSpecification: { StreamEnabled: true, StreamViewType: logStreamView },
  });
  await createTable(client, {
    TableName: tables.items,
    AttributeDefinitions: [
      { AttributeName: itemKey.partition, AttributeType: 'S' },
      { AttributeName: itemKey.sort, AttributeType: 'S' },
    ],
    KeySchema: [
      { AttributeName: itemKey.partition, KeyType: 'HASH' },
      { AttributeName: itemKey.sort, KeyType: 'RANGE' },
    ],
  });
}
