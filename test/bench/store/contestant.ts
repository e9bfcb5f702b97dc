import type { ConsumedCapacityMeter } from '../../support/consumed-capacity.ts';
import type { DynamoDB } from '@aws-sdk/client-dynamodb';
import type { Note, NoteCommand } from './notes.ts';

/** What a number of commands cost: tries over the network, and what DynamoDB bills. */
export interface Bill {
  readonly requests: number;
  readonly writeUnits: number;
  readonly readUnits: number;
}

/** One process of an event store's user: whatever the library remembers between commands is remembered here. */
export interface Process {
  /** Reads what the library reads, appends the command's events. Resolves once they are durable. */
  handle(stream: string, command: NoteCommand): Promise<void>;
  /** The state of the stream as it is now. */
  load(stream: string): Promise<number>;
}

/** One event store, used as its documentation says, with tables and a client of its own. */
export interface Contestant {
  readonly name: string;
  readonly client: DynamoDB;
  readonly meter: ConsumedCapacityMeter;
  /** A process that has just started: it remembers nothing. */
  process(): Process;
  /** Every event of the stream. */
  recorded(stream: string): Promise<readonly Note[]>;
  /** Grows a stream in the cheapest way the library has. Absent: as `handle` of one process does. */
  grow?(stream: string, commands: readonly NoteCommand[]): Promise<void>;
}

export async function billOf(meter: ConsumedCapacityMeter, work: () => Promise<unknown>): Promise<Bill> {
  meter.reset();
  await work();
  const { requests, writeUnits, readUnits } = meter;
  return { requests, writeUnits, readUnits };
}

export function each(bill: Bill, times: number): Bill {
  return {
    requests: bill.requests / times,
    writeUnits: bill.writeUnits / times,
    readUnits: bill.readUnits / times,
  };
}
