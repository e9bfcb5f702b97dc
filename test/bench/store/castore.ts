import type { DynamoDB } from '@aws-sdk/client-dynamodb';
import { Command, EventStore, EventType, tuple } from '@castore/core';
import { DynamoDBSingleTableEventStorageAdapter } from '@castore/event-storage-adapter-dynamodb';
import { ConsumedCapacityMeter } from '../../support/consumed-capacity.ts';
import type { Contestant, Process } from './contestant.ts';
import { type Note, noted, type NoteCommand, type NoteState, noteType, nothingNoted } from './notes.ts';

interface Order extends NoteState {
  readonly aggregateId: string;
  readonly version: number;
}

type Store = ReturnType<typeof storeOn>;

/** As its documentation says: a command reads the aggregate, which is all its events, and pushes. It has no cache. */
export async function castore(client: DynamoDB): Promise<Contestant> {
  const tableName = `castore-${crypto.randomUUID()}`;
  await createTable(client, tableName);
  const store = storeOn(new DynamoDBSingleTableEventStorageAdapter({ tableName, dynamoDBClient: client }));
  return {
    name: 'castore',
    client,
    meter: new ConsumedCapacityMeter(client),
    process: () => processOn(store),
    recorded: async (stream) => (await store.getEvents(stream)).events.map(({ payload }) => payload),
    grow: async (stream, commands) => {
      const { aggregate } = await store.getAggregate(stream);
      let version = aggregate?.version ?? 0;
      for (const { events } of commands) {
        for (const payload of events) {
          version += 1;
          await store.pushEvent({ aggregateId: stream, version, type: noteType, payload });
        }
      }
    },
  };
}

function storeOn(eventStorageAdapter: DynamoDBSingleTableEventStorageAdapter) {
  return new EventStore({
    eventStoreId: 'orders',
    eventTypes: [new EventType<typeof noteType, Note>({ type: noteType })],
    eventStorageAdapter,
    reducer: (order: Order, { aggregateId, version, payload }): Order => ({
      ...nothingNoted,
      ...order,
      ...noted(version === 1 ? nothingNoted : order, payload),
      aggregateId,
      version,
    }),
  });
}

function processOn(store: Store): Process {
  const command = new Command({
    commandId: 'note',
    requiredEventStores: tuple(store),
    handler: async ({ stream, events }: NoteCommand & { readonly stream: string }, [orders]) =>
      push(orders, stream, events),
  });
  return {
    handle: async (stream, input) => command.handler({ ...input, stream }, [store]),
    load: async (stream) => (await store.getAggregate(stream)).aggregate?.count ?? 0,
  };
}

/** Two events of one command are only safe as a group, which is a transaction. */
async function push(store: Store, stream: string, notes: readonly Note[]): Promise<void> {
  const { aggregate } = await store.getAggregate(stream);
  const before = aggregate?.version ?? 0;
  const [first, second] = notes.map((payload, index) => ({
    aggregateId: stream,
    version: before + index + 1,
    type: noteType,
    payload,
  }));
  if (first && second) await EventStore.pushEventGroup(store.groupEvent(first), store.groupEvent(second));
  else if (first) await store.pushEvent(first);
}

async function createTable(client: DynamoDB, tableName: string): Promise<void> {
  await client.createTable({
    TableName: tableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: 'aggregateId', AttributeType: 'S' },
      { AttributeName: 'version', AttributeType: 'N' },
      { AttributeName: 'eventStoreId', AttributeType: 'S' },
      { AttributeName: 'timestamp', AttributeType: 'S' },
    ],
    KeySchema: [
      { AttributeName: 'aggregateId', KeyType: 'HASH' },
      { AttributeName: 'version', KeyType: 'RANGE' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'initialEvents',
        KeySchema: [
          { AttributeName: 'eventStoreId', KeyType: 'HASH' },
          { AttributeName: 'timestamp', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ],
  });
}
