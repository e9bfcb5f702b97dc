import type { DynamoDB } from '@aws-sdk/client-dynamodb';
import type { DomainEvent } from '../../../domain/decider.ts';
import { systemClock } from '../../../platform/clock/clock.ts';
import type { Aggregate } from '../../../platform/command-handler/aggregate.ts';
import { CommandHandler } from '../../../platform/command-handler/command-handler.ts';
import type { CommandContext } from '../../../platform/command-handler/context.ts';
import { requestHashOf } from '../../../platform/command-handler/request-hash.ts';
import { deadlineIn, defaultCallMs } from '../../../platform/deadline/deadline.ts';
import { createTables } from '../../../platform/event-store/dynamodb-create-tables.ts';
import { DynamoDbEventStore } from '../../../platform/event-store/dynamodb.ts';
import type { EventStore } from '../../../platform/event-store/port.ts';
import { systemRandom } from '../../../platform/random/random.ts';
import { fullEnvelope } from '../../support/commits.ts';
import { ConsumedCapacityMeter } from '../../support/consumed-capacity.ts';
import type { Contestant, Process } from './contestant.ts';
import { type Note, noted, type NoteCommand, type NoteState, noteType, nothingNoted } from './notes.ts';

type Noted = DomainEvent<string, Note>;

const aggregate: Aggregate<NoteCommand, NoteState, Noted> = {
  kind: 'order',
  fingerprint: 'note-1',
  initial: nothingNoted,
  decide: ({ events }) => events.map((data) => ({ type: noteType, schema: 1, data })),
  evolve: (state, { data }) => noted(state, data),
  upcast: ({ type, schema, data }) => ({ type, schema, data: noteIn(data) }),
};

function noteIn({ command, note }: Readonly<Record<string, unknown>>): Note {
  return { command: String(command), note: String(note) };
}

export interface OrdercellOptions {
  /** Which commands carry an idempotency key: those of clients, as in practice, or every one. */
  readonly keyed: 'clients' | 'every';
}

/** Our own store and command handler. Every commit carries the whole envelope: actor, key, trace, config, previous hash. */
export async function ordercell(client: DynamoDB, options: OrdercellOptions): Promise<Contestant> {
  const tables = { log: `log-${crypto.randomUUID()}`, items: `items-${crypto.randomUUID()}` };
  await createTables(client, tables);
  const store = new DynamoDbEventStore({ client, tables, clock: systemClock, random: systemRandom });
  return {
    name: options.keyed === 'clients' ? 'ordercell' : 'ordercell, every command keyed',
    client,
    meter: new ConsumedCapacityMeter(client),
    process: () => processOn(store, options),
    recorded: async (stream) => {
      const commits = await store.read(stream, 1, deadlineIn(15_000, systemClock));
      return commits.flatMap(({ events }) => events.map(({ data }) => noteIn(data)));
    },
  };
}

function processOn(store: EventStore, { keyed }: OrdercellOptions): Process {
  const handler = new CommandHandler({
    aggregate,
    store,
    clock: systemClock,
    random: systemRandom,
    cell: 'ap-southeast-1',
    onQuarantine: (stream, error) => console.error(`${stream} went into quarantine`, error),
  });
  return {
    async handle(stream, command) {
      await handler.handle(stream, command, contextOf(command, keyed));
    },
    async load(stream) {
      return (await handler.load(stream, deadlineIn(defaultCallMs, systemClock))).state.count;
    },
  };
}

function contextOf(
  { id, isFirst, fromClient }: NoteCommand,
  keyed: OrdercellOptions['keyed'],
): CommandContext {
  const { actor, correlationId, causationId, traceparent, config } = fullEnvelope();
  const key = { commandId: id.padEnd(22, '-'), requestHash: requestHashOf({ id }) };
  return {
    actor,
    deadline: deadlineIn(defaultCallMs, systemClock),
    ...((fromClient || keyed === 'every') && { key }),
    ...(correlationId !== undefined && { correlationId }),
    ...(causationId !== undefined && { causationId }),
    ...(traceparent !== undefined && { traceparent }),
    ...(config !== undefined && { config }),
    ...(isFirst && { expectNew: true }),
  };
}
