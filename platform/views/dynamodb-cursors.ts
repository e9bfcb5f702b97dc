import {
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import type { Advance, Progress, Written } from '../consumer/port.ts';
import type { Deadline } from '../deadline/deadline.ts';
import { type Attributes, attribute, attributes, flat } from '../event-store/dynamodb-attributes.ts';
import { isTokenDisowned } from '../event-store/dynamodb-errors.ts';
import { CorruptCommit } from '../event-store/errors.ts';
import { storedJson } from '../event-store/stored-text.ts';
import type { Random } from '../random/random.ts';
import type { Key } from './dynamodb-items.ts';
import type { ViewsTable } from './dynamodb-table.ts';
import { viewsKey } from './tables.ts';

/** How far streams are applied by the consumer that `keyOf` gives the cursors of. */
export async function storedProgress(
  table: ViewsTable,
  streams: readonly string[],
  keyOf: (stream: string) => Key,
  deadline: Deadline,
): Promise<ReadonlyMap<string, Progress>> {
  const byKey = new Map(streams.map((stream) => [keyOf(stream).pk, stream]));
  const found = await table.getAll(streams.map(keyOf), deadline);
  return new Map(
    found.map((item) => {
      const { [viewsKey.partition]: pk, applied, memory } = flat(item);
      const stream = byKey.get(String(pk));
      if (stream === undefined || typeof applied !== 'number' || typeof memory !== 'string')
        throw new CorruptCommit(`the cursor ${String(pk)} is not what was written`);
      return [stream, { applied, memory: storedJson(memory, `the cursor ${String(pk)}`) }];
    }),
  );
}

/** The cursor's move, under the condition that nobody applied the stream further. */
export function putCursor(
  table: string,
  key: Key,
  { from, to, memory }: Advance<unknown>,
): TransactWriteItem {
  const { pk, sk } = key;
  const item = { [viewsKey.partition]: pk, [viewsKey.sort]: sk, applied: to, memory: JSON.stringify(memory) };
  return guardedPut(table, attributes(item), { counter: 'applied', before: from });
}

/** Under the condition that the item's counter is still at `before`; 0: that there is no such item. */
export function guardedPut(
  table: string,
  item: Attributes,
  { counter, before }: { readonly counter: string; readonly before: number },
): TransactWriteItem {
  const isFirst = before === 0;
  return {
    Put: {
      TableName: table,
      Item: item,
      ConditionExpression: isFirst ? 'attribute_not_exists(#name)' : '#name = :before',
      ExpressionAttributeNames: { '#name': isFirst ? viewsKey.partition : counter },
      ...(!isFirst && { ExpressionAttributeValues: { ':before': attribute(before) } }),
    },
  };
}

/**
 * Writes effects and cursor as one. A condition of the first part is the cursor's (`conflict`), any other that of what several
 * streams share (`moved`: read it again).
 */
export async function sendAdvance(
  table: ViewsTable,
  random: Random,
  parts: TransactWriteItem[],
  deadline: Deadline,
): Promise<Written | 'moved'> {
  let token = random.id();
  return table.call(deadline, async (options) => {
    try {
      const input = { TransactItems: parts, ClientRequestToken: token };
      await table.client.send(new TransactWriteItemsCommand(input), options);
      return 'written';
    } catch (error) {
      if (isTokenDisowned(error)) token = random.id();
      if (!(error instanceof TransactionCanceledException)) throw error;
      const failed = error.CancellationReasons?.map(({ Code }) => Code === 'ConditionalCheckFailed') ?? [];
      // Also when it was our own try whose answer was lost: reading the cursor again will tell.
      if (failed[0] === true) return 'conflict';
      if (failed.includes(true)) return 'moved';
      throw error;
    }
  });
}
