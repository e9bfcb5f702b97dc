import { afterAll } from 'vitest';
import { systemClock } from '../../../platform/clock/clock.ts';
import { systemRandom } from '../../../platform/random/random.ts';
import { createViewsTable } from '../../../platform/views/dynamodb-create-table.ts';
import { DynamoDbViews } from '../../../platform/views/dynamodb.ts';
import { anId } from '../../support/commits.ts';
import { localClient, onDynamoDb } from '../../support/on-dynamodb.ts';
import { viewContract } from '../../contract/views.ts';

await onDynamoDb('DynamoDB Local', (endpoint) => {
  const client = localClient(endpoint);
  afterAll(() => client.destroy());
  viewContract('DynamoDB', {
    open: async () => {
      const table = `views-${process.pid}-${Date.now()}-${anId()}`;
      await createViewsTable(client, table);
      return new DynamoDbViews({ client, table, clock: systemClock, random: systemRandom });
    },
  });
});
