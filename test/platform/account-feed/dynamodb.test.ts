import { afterAll } from 'vitest';
import { systemClock } from '../../../platform/clock/clock.ts';
import { systemRandom } from '../../../platform/random/random.ts';
import { createViewsTable } from '../../../platform/views/dynamodb-create-table.ts';
import { DynamoDbAccountFeed } from '../../../platform/account-feed/dynamodb.ts';
import { anId } from '../../support/commits.ts';
import { localClient, onDynamoDb } from '../../support/on-dynamodb.ts';
import { accountFeedContract } from '../../contract/account-feed.ts';

await onDynamoDb('DynamoDB Local', (endpoint) => {
  const client = localClient(endpoint);
  afterAll(() => client.destroy());
  accountFeedContract('DynamoDB', {
    open: async () => {
      const table = `views-${process.pid}-${Date.now()}-${anId()}`;
      await createViewsTable(client, table);
      return new DynamoDbAccountFeed({ client, table, clock: systemClock, random: systemRandom });
    },
  });
});
