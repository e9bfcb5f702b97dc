import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createTable } from '../event-store/dynamodb-create-table.ts';
import { armedIndex, openIndex, timedIndex, viewsKey, viewsStreamView } from './tables.ts';

const indexes = [openIndex, timedIndex, armedIndex];

/** The table as the infrastructure makes it, for DynamoDB Local and other places without infrastructure. */
export async function createViewsTable(client: DynamoDBClient, table: string): Promise<void> {
  await createTable(client, {
    TableName: table,
    AttributeDefinitions: [
      viewsKey.partition,
      viewsKey.sort,
      ...indexes.map(({ partition }) => partition),
    ].map((name) => ({ AttributeName: name, AttributeType: 'S' })),
    KeySchema: [
      { AttributeName: viewsKey.partition, KeyType: 'HASH' },
      { AttributeName: viewsKey.sort, KeyType: 'RANGE' },
    ],
    StreamSpecification: { StreamEnabled: true, StreamViewType: viewsStreamView },
    GlobalSecondaryIndexes: indexes.map(({ name, partition, sort }) => ({
      IndexName: name,
      KeySchema: [
        { AttributeName: partition, KeyType: 'HASH' },
        { AttributeName: sort, KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'ALL' },
    })),
  });
}
