import { afterAll } from 'vitest';
import { systemClock } from '../../../platform/clock/clock.ts';
import { DynamoDbEventStore } from '../../../platform/event-store/dynamodb.ts';
import { systemRandom } from '../../../platform/random/random.ts';
import { eventStoreContract } from '../../contract/event-store.ts';
import { ConsumedCapacityMeter } from '../../support/consumed-capacity.ts';
import { localClient, newTables, onDynamoDb } from '../../support/on-dynamodb.ts';

await onDynamoDb('DynamoDB Local', (endpoint) => {
  const client = localClient(endpoint);
  const meter = new ConsumedCapacityMeter(client);
  afterAll(() => client.destroy());
  eventStoreContract('DynamoDB', {
    open: async () =>
      new DynamoDbEventStore({
        client,
        tables: await newTables(client),
        clock: systemClock,
        random: systemRandom,
      }),
    noticesGaps: false,
    requests: () => meter.requests,
    histories: 10,
  });
});
