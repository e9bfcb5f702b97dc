import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, expect, test } from 'vitest';
import { consumersOf } from '../../../functions/compose-views.ts';
import { keepViewsInDynamoDb } from '../../../functions/compose-dynamodb-views.ts';
import { type Tampering, viewsConsumer } from '../../../functions/consumers/views.ts';
import { DynamoDbAccountFeed } from '../../../platform/account-feed/dynamodb.ts';
import { DynamoDbStreamsFeed } from '../../../platform/change-feed/dynamodb-streams.ts';
import {
  createStreamsClient,
  DynamoDbShardReader,
} from '../../../platform/change-feed/dynamodb-streams-api.ts';
import { logChange } from '../../../platform/change-feed/records.ts';
import { systemClock } from '../../../platform/clock/clock.ts';
import { deadlineIn } from '../../../platform/deadline/deadline.ts';
import { DynamoDbEventStore } from '../../../platform/event-store/dynamodb.ts';
import { logKeyOf } from '../../../platform/event-store/dynamodb-attributes.ts';
import { systemRandom } from '../../../platform/random/random.ts';
import { createViewsTable } from '../../../platform/views/dynamodb-create-table.ts';
import { DynamoDbViews } from '../../../platform/views/dynamodb.ts';
import { rowsOf } from '../../../platform/views/order-row.ts';
import { localClient, newTables, onDynamoDb } from '../../support/on-dynamodb.ts';
import { queueBatch, referenceTo } from '../../support/queue-batch.ts';
import { OrderScript } from '../../support/orders.ts';

const soon = () => deadlineIn(10_000, systemClock);
const list = { accountId: 'account-1', status: 'all', direction: 'asc', limit: 500 } as const;

await onDynamoDb('views that follow a change feed', (endpoint) => {
  const client = localClient(endpoint);
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const streams = createStreamsClient({ endpoint, region: 'local', credentials });
  const clock = systemClock;
  const random = systemRandom;
  afterAll(() => {
    client.destroy();
    streams.destroy();
  });

  async function aCell() {
    const tables = await newTables(client);
    const viewsTable = `${tables.log}-views`;
    await createViewsTable(client, viewsTable);
    const store = new DynamoDbEventStore({ client, tables, clock, random });
    const tampering: Tampering[] = [];
    const alarms = {
      onParked: (_: string, { error }: { error: string }) => {
        throw new Error(error);
      },
      onFailure: (error: unknown) => {
        throw error;
      },
      onTampering: (one: Tampering) => {
        tampering.push(one);
      },
    };
    const { log: logTable } = tables;
    const clients = { store, client, streams };
    const kept = keepViewsInDynamoDb({ ...clients, logTable, viewsTable, clock, random, alarms });
    const write = async (order: OrderScript) => {
      for (const commit of order.stored()) await store.append([commit], [], soon());
    };
    return { kept, tables, viewsTable, store, tampering, alarms, write };
  }

  /** Asks again until it is so; the feed has its own pace. */
  async function eventually(isSo: () => Promise<boolean> | boolean): Promise<void> {
    const last = performance.now() + 20_000;
    while (!(await isSo())) {
      if (performance.now() > last) throw new Error('it never came to be');
      await clock.sleep(20);
    }
  }

  test('take several commits of one order that the bus brings without their content', async () => {
    const { kept, store, viewsTable, alarms, write } = await aCell();
    const table = { client, table: viewsTable, clock, random };
    const stores = { views: new DynamoDbViews(table), feed: new DynamoDbAccountFeed(table) };
    const consumer = consumersOf(stores, { log: store, clock, alarms });
    const handle = viewsConsumer({ ...alarms, consumer, clock, batchMs: 10_000 });
    const order = new OrderScript('order').place({ quantity: '10' }).fill(4, 1_000);
    await write(order);
    const brought = order.stored().map(referenceTo);
    expect(await handle(queueBatch([...brought, ...brought]))).toEqual({ batchItemFailures: [] });
    expect(await kept.views.orders(list, soon())).toEqual(rowsOf(order.commits));
  });

  test('show what was written before and after the start, and what was tampered with', async () => {
    const { kept, write, tables, tampering } = await aCell();
    const before = new OrderScript('before').place({ quantity: '10' }).fill(4, 1_000);
    const after = new OrderScript('later', { startsAt: 60 }).place({ quantity: '10' }).fill(4, 2_000);
    await write(before);
    await kept.start();
    expect(await kept.views.orders(list, soon())).toEqual(rowsOf(before.commits));
    await write(after);
    const both = [...rowsOf(before.commits), ...rowsOf(after.commits)];
    expect(await kept.views.orders(list, soon())).toEqual(both);
    await client.send(new DeleteItemCommand({ TableName: tables.log, Key: logKeyOf(before.stream, 2) }));
    await eventually(() => tampering.length > 0);
    expect(tampering).toEqual([
      { change: 'tampered', stream: before.stream, version: 2, operation: 'REMOVE' },
    ]);
    await kept.stop();
  });

  test('deleted and rebuilt, they are equal', async () => {
    const { kept, write } = await aCell();
    const orders = Array.from({ length: 12 }, (_, index) =>
      new OrderScript(`o${index}`, { startsAt: index, venue: `venue-${index % 2}` })
        .place({ quantity: '40', side: index % 4 === 3 ? 'sell' : 'buy' })
        .fill(1 + (index % 5), 1_000 + index)
        .replace({ quantity: '50' })
        .report({ report: 'confirm-replace' }),
    );
    for (const order of orders) await write(order);
    await kept.drained();
    const shown = async () => [
      await kept.views.orders(list, soon()),
      await kept.views.positions('account-1', soon()),
      await kept.views.activities({ accountId: 'account-1', direction: 'asc', limit: 100 }, soon()),
      await kept.feed.entriesAfter('account-1', 0, 500, soon()),
    ];
    const before = await shown();
    expect(before.map((rows) => rows.length)).toEqual([24, 1, 12, 60]);
    expect(await kept.rebuild()).toMatchObject({ commits: 48, parked: 0 });
    expect(await shown()).toEqual(before);
  });

  test('the feed hands over every commit of the log, none of it lost', async () => {
    const { write, tables } = await aCell();
    const orders = Array.from({ length: 30 }, (_, index) =>
      new OrderScript(`o${index}`).place().fill(1, 1_000),
    );
    await Promise.all(orders.map(write));
    const seen = new Set<string>();
    const feed = new DynamoDbStreamsFeed({
      reader: new DynamoDbShardReader({ streams, client, table: tables.log, clock, random }),
      handle: async ({ Records }) => {
        for (const change of Records.map(logChange))
          if (change.change === 'appended') seen.add(`${change.commit.stream} ${change.commit.version}`);
        return { batchItemFailures: [] };
      },
      clock,
      onFailure: (error) => {
        throw error;
      },
      limits: { batchMax: 7 },
    });
    await eventually(async () => {
      await feed.poll();
      return seen.size === 60;
    });
    expect([...seen].filter((one) => one.endsWith(' 2'))).toHaveLength(30);
  });
});
