import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import { systemClock } from '../../../platform/clock/clock.ts';
import { deadlineIn } from '../../../platform/deadline/deadline.ts';
import { logKeyOf } from '../../../platform/event-store/dynamodb-attributes.ts';
import { DynamoDbHeads } from '../../../platform/event-store/dynamodb-heads.ts';
import { DynamoDbEventStore } from '../../../platform/event-store/dynamodb.ts';
import { headsOneByOne } from '../../../platform/event-store/heads-read.ts';
import { MemoryEventStore } from '../../../platform/event-store/memory.ts';
import type { EventStore } from '../../../platform/event-store/port.ts';
import { systemRandom } from '../../../platform/random/random.ts';
import { aCommit, anId } from '../../support/commits.ts';
import { localClient, newTables, onDynamoDb } from '../../support/on-dynamodb.ts';

const soon = () => deadlineIn(10_000, systemClock);

async function streams(store: Pick<EventStore, 'append'>, count: number) {
  const commits = Array.from({ length: count }, () =>
    aCommit({ stream: `order-${anId()}`, commitId: anId() }),
  );
  for (const commit of commits) await store.append([commit], [], soon());
  return commits;
}

test('one by one: what is there by its stream, and nothing for what is not', async () => {
  const store = new MemoryEventStore();
  const [commit = aCommit()] = await streams(store, 1);
  const found = await headsOneByOne(store).readHeads([commit, { stream: 'order-none', version: 1 }], soon());
  expect([...found]).toEqual([[commit.stream, commit]]);
});

await onDynamoDb('heads on DynamoDB', (endpoint) => {
  test('more than fit into a call are all read, and what is not there or unreadable is left out', async () => {
    const client = localClient(endpoint);
    const tables = await newTables(client);
    const around = { client, clock: systemClock, random: systemRandom };
    const commits = await streams(new DynamoDbEventStore({ ...around, tables }), 120);
    await client.send(new PutItemCommand({ TableName: tables.log, Item: logKeyOf('order-broken', 1) }));
    const heads = [...commits, { stream: 'order-broken', version: 1 }, { stream: 'order-none', version: 1 }];
    const found = await new DynamoDbHeads({ ...around, table: tables.log }).readHeads(heads, soon());
    expect(new Set(found.keys())).toEqual(new Set(commits.map(({ stream }) => stream)));
    expect(found.get(commits[119]?.stream ?? '')).toEqual(commits[119]);
    client.destroy();
  });
});
