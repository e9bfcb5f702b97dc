import { afterAll, expect, test } from 'vitest';
import { systemClock } from '../../../platform/clock/clock.ts';
import { StreamConsumer } from '../../../platform/consumer/stream-consumer.ts';
import { DeadlineExceeded, deadlineIn } from '../../../platform/deadline/deadline.ts';
import { MemoryEventStore } from '../../../platform/event-store/memory.ts';
import { systemRandom } from '../../../platform/random/random.ts';
import { createViewsTable } from '../../../platform/views/dynamodb-create-table.ts';
import { DynamoDbViews } from '../../../platform/views/dynamodb.ts';
import { viewProjection } from '../../../platform/views/projection.ts';
import { anId } from '../../support/commits.ts';
import { localClient, onDynamoDb } from '../../support/on-dynamodb.ts';
import { OrderScript } from '../../support/orders.ts';
import { viewContract } from '../../contract/views.ts';

await onDynamoDb('DynamoDB Local', (endpoint) => {
  const client = localClient(endpoint);
  afterAll(() => client.destroy());
  const around = { client, clock: systemClock, random: systemRandom };

  test('a position that one process put off and did not come to is worked out by another', async () => {
    const table = `views-${process.pid}-${Date.now()}-${anId()}`;
    await createViewsTable(client, table);
    const log = new MemoryEventStore();
    const soon = () => deadlineIn(10_000, systemClock);
    const oneProcess = () => {
      const views = new DynamoDbViews({ ...around, table });
      const kept = { effects: views, parking: views, log, clock: systemClock, onParked: () => undefined };
      return { views, consumer: new StreamConsumer({ ...kept, projection: viewProjection }) };
    };
    const [dying, other] = [oneProcess(), oneProcess()];
    await other.views.settle(soon());
    const [late, early, sold] = [1, 2, 3].map((version) =>
      new OrderScript(`order-${version}`, { startsAt: version === 1 ? 90 : version * 10 })
        .place({ side: version === 3 ? 'sell' : 'buy', quantity: '10', limitPrice: '100' })
        .fillAt(version, { lots: 10, ticks: version * 1_000, id: `e-${version}` })
        .stored(),
    );
    for (const commits of [early, sold]) await dying.consumer.deliver(commits ?? [], soon());
    dying.views.settle = () => Promise.reject(new DeadlineExceeded('the process was stopped'));
    await expect(dying.consumer.deliver(late ?? [], soon())).rejects.toThrow(DeadlineExceeded);
    await other.consumer.deliver(late ?? [], soon());
    expect(await other.views.position('account-1', 'ACME', soon())).toMatchObject({ quantity: '10' });
  });

  viewContract('DynamoDB', {
    open: async () => {
      const table = `views-${process.pid}-${Date.now()}-${anId()}`;
      await createViewsTable(client, table);
      return new DynamoDbViews({ ...around, table });
    },
  });
});
