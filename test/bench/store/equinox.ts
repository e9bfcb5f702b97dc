import type { DynamoDB } from '@aws-sdk/client-dynamodb';
import { CachingStrategy, Codec, Decider, LoadOption, MemoryCache, StreamId } from '@equinox-js/core';
import {
  AccessStrategy,
  DynamoStoreCategory,
  DynamoStoreClient,
  DynamoStoreContext,
  EventsContext,
  QueryOptions,
  TipOptions,
} from '@equinox-js/dynamo-store';
import { StreamName } from '@equinox-js/core';
import { ConsumedCapacityMeter } from '../../support/consumed-capacity.ts';
import type { Contestant, Process } from './contestant.ts';
import { type Note, noted, type NoteState, noteType, nothingNoted } from './notes.ts';

type Event =
  | { readonly type: typeof noteType; readonly data: Note }
  | { readonly type: 'Snapshotted'; readonly data: NoteState };

const category = 'Order';
const codec = Codec.compress(Codec.json<Event>());
const access = AccessStrategy.Snapshot<Event, NoteState>(
  (event) => event.type === 'Snapshotted',
  (data) => ({ type: 'Snapshotted', data }),
);

function fold(state: NoteState, events: readonly Event[]): NoteState {
  return events.reduce(
    (folded, event) => (event.type === noteType ? noted(folded, event.data) : event.data),
    state,
  );
}

/**
 * With its cache, a snapshot in the tip, and default limits. `stale`: decides on what the cache holds without asking the store,
 * which its documentation offers for streams with one writer; otherwise every command revalidates, its default.
 */
export async function equinox(client: DynamoDB, { stale }: { readonly stale: boolean }): Promise<Contestant> {
  const tableName = `equinox-${crypto.randomUUID()}`;
  await createTable(client, tableName);
  const context = DynamoStoreContext.create({
    client: new DynamoStoreClient(client),
    tableName,
    tip: TipOptions.create({}),
    query: QueryOptions.create({}),
  });
  return {
    name: stale ? 'equinox, any cached value' : 'equinox',
    client,
    meter: new ConsumedCapacityMeter(client),
    process: () => processOn(context, stale ? LoadOption.AnyCachedValue : undefined),
    recorded: async (stream) => {
      const name = StreamName.create(category, StreamId.create(stream));
      const events = await new EventsContext(context).read(name);
      return events.flatMap((event) => notesIn(codec.decode(event)));
    },
  };
}

function notesIn(event: Event | undefined): readonly Note[] {
  return event?.type === noteType ? [event.data] : [];
}

function processOn(context: DynamoStoreContext, load: LoadOption | undefined): Process {
  const orders = DynamoStoreCategory.create(
    context,
    category,
    codec,
    fold,
    nothingNoted,
    CachingStrategy.Cache(new MemoryCache()),
    access,
  );
  const decider = (stream: string): Decider<Event, NoteState> =>
    Decider.forStream(orders, StreamId.create(stream), undefined);
  return {
    handle: async (stream, { events, isFirst }) =>
      decider(stream).transact(
        () => events.map((data) => ({ type: noteType, data })),
        isFirst ? LoadOption.AssumeEmpty : load,
      ),
    load: async (stream) => decider(stream).query(({ count }) => count),
  };
}

async function createTable(client: DynamoDB, tableName: string): Promise<void> {
  await client.createTable({
    TableName: tableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: 'p', AttributeType: 'S' },
      { AttributeName: 'i', AttributeType: 'N' },
    ],
    KeySchema: [
      { AttributeName: 'p', KeyType: 'HASH' },
      { AttributeName: 'i', KeyType: 'RANGE' },
    ],
  });
}
