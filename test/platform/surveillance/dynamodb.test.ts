import { afterAll } from 'vitest';
import { systemRandom } from '../../../platform/random/random.ts';
import { DynamoDbSurveillance } from '../../../platform/surveillance/dynamodb.ts';
import { createViewsTable } from '../../../platform/views/dynamodb-create-table.ts';
import { surveillanceContract } from '../../contract/surveillance.ts';
import { anId } from '../../support/commits.ts';
import { localClient, onDynamoDb } from '../../support/on-dynamodb.ts';

await onDynamoDb('DynamoDB Local', (endpoint) => {
  const client = localClient(endpoint);
  afterAll(() => client.destroy());
  surveillanceContract('DynamoDB', {
    open: async (watch, clock) => {
      const table = `views-${process.pid}-${Date.now()}-${anId()}`;
      await createViewsTable(client, table);
      return new DynamoDbSurveillance({ client, table, clock, random: systemRandom }, watch);
    },
  });
});
