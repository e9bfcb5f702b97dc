import type { ConsumedCapacity, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshalledBytes } from './marshalled-bytes.ts';
import { writeUnits } from '../../platform/event-store/item-size.ts';

/**
 * Counts what DynamoDB bills for the calls of a client, by what it reports (a transaction's units come doubled, from DynamoDB
 * Local 3.3 too). Two things are computed instead, each put by its size, an update as one unit: a write whose condition failed,
 * which is billed but not reported, and a transaction with several items of one table, for which DynamoDB Local reports one.
 */
export class ConsumedCapacityMeter {
  /** Tries over the network, the SDK's own included. */
  requests = 0;
  writeUnits = 0;
  readUnits = 0;

  constructor(client: DynamoDBClient) {
    client.middlewareStack.add(
      (next, context) => async (call) => {
        const command = String(context['commandName']);
        if (isCounted(command)) Object.assign(call.input, { ReturnConsumedCapacity: 'TOTAL' });
        try {
          const answer = await next(call);
          this.#count(command, Math.max(consumed(answer.output), transactionUnits(call.input)));
          return answer;
        } catch (error) {
          this.#countFailed(call.input, error);
          throw error;
        }
      },
      { step: 'initialize', name: 'consumedCapacity', priority: 'low' },
    );
    client.middlewareStack.add(
      (next) => (call) => {
        this.requests += 1;
        return next(call);
      },
      { step: 'finalizeRequest', priority: 'low', name: 'requestCount' },
    );
  }

  reset(): void {
    this.requests = 0;
    this.writeUnits = 0;
    this.readUnits = 0;
  }

  #count(command: string, units: number): void {
    if (isRead(command)) this.readUnits += units;
    else this.writeUnits += units;
  }

  #countFailed(input: object, error: unknown): void {
    const name = error instanceof Error ? error.name : '';
    if (name === 'ConditionalCheckFailedException') this.writeUnits += putUnits(input);
    if (name === 'TransactionCanceledException') this.writeUnits += transactionUnits(input);
  }
}

const writes = [
  'PutItemCommand',
  'UpdateItemCommand',
  'DeleteItemCommand',
  'BatchWriteItemCommand',
  'TransactWriteItemsCommand',
];

export function isRead(command: string): boolean {
  return ['GetItemCommand', 'BatchGetItemCommand', 'QueryCommand', 'ScanCommand'].includes(command);
}

export function isCounted(command: string): boolean {
  return isRead(command) || writes.includes(command);
}

export function consumed(output: object): number {
  if (!('ConsumedCapacity' in output)) return 0;
  const parts: readonly ConsumedCapacity[] = [output.ConsumedCapacity].flat().map(Object);
  return parts.reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
}

/** Twice the price of its parts; nothing for any other call. */
export function transactionUnits(input: object): number {
  if (!('TransactItems' in input)) return 0;
  let units = 0;
  for (const part of [input.TransactItems].flat()) units += 2 * putUnits(Object(part).Put ?? {});
  return units;
}

export function putUnits(put: object): number {
  return 'Item' in put ? writeUnits(marshalledBytes(Object(put.Item))) : 1;
}
