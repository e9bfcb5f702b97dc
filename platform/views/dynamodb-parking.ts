import { ConditionalCheckFailedException, DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Parked, Parking } from '../consumer/port.ts';
import type { Deadline } from '../deadline/deadline.ts';
import { attribute } from '../event-store/dynamodb-attributes.ts';
import * as items from './dynamodb-items.ts';
import type { ViewsTable } from './dynamodb-table.ts';
import { viewsKey } from './tables.ts';

/** What could not be processed, in the views' table: of every consumer. */
export class DynamoDbParking implements Parking {
  readonly #table: ViewsTable;

  constructor(table: ViewsTable) {
    this.#table = table;
  }

  async park(consumer: string, parked: Parked, deadline: Deadline): Promise<'parked' | 'known'> {
    const command = new PutItemCommand({
      TableName: this.#table.name,
      Item: items.parkedItem(consumer, parked),
      ConditionExpression: 'attribute_not_exists(#pk) OR #version <> :version',
      ExpressionAttributeNames: { '#pk': viewsKey.partition, '#version': 'version' },
      ExpressionAttributeValues: { ':version': attribute(parked.version) },
    });
    return this.#table.call(deadline, async (options) => {
      try {
        await this.#table.client.send(command, options);
        return 'parked';
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return 'known';
        throw error;
      }
    });
  }

  async parked(consumer: string, deadline: Deadline): Promise<readonly Parked[]> {
    const entries: Parked[] = [];
    for await (const item of this.#table.partition(items.parkedOf(consumer), deadline))
      entries.push(items.parkedFrom(item));
    return entries;
  }

  async unpark(consumer: string, stream: string, deadline: Deadline): Promise<void> {
    const command = new DeleteItemCommand({
      TableName: this.#table.name,
      Key: items.keyAttributes({ pk: items.parkedOf(consumer), sk: encodeURIComponent(stream) }),
    });
    await this.#table.call(deadline, (options) => this.#table.client.send(command, options));
  }
}
