import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { defaultCallMs, deadlineIn } from '../deadline/deadline.ts';
import type { Places } from '../consumer/sweeper.ts';
import type { Clock } from '../clock/clock.ts';
import { attributes, flat } from '../event-store/dynamodb-attributes.ts';
import { keyAttributes } from './dynamodb-items.ts';
import { ViewsTable, type ViewsTableOptions } from './dynamodb-table.ts';

const partition = 'place';

/** Where sweeps go on, among the views. Deleted with them: then a sweep begins again, which does no harm. */
export class DynamoDbPlaces implements Places {
  readonly #table: ViewsTable;
  readonly #clock: Clock;

  constructor(options: ViewsTableOptions) {
    this.#table = new ViewsTable(options);
    this.#clock = options.clock;
  }

  async cursor(name: string): Promise<string | undefined> {
    const found = await this.#table.get({ pk: partition, sk: name }, deadlineIn(defaultCallMs, this.#clock));
    const { place } = found ? flat(found) : {};
    return place === undefined ? undefined : String(place);
  }

  async saveCursor(name: string, place: string): Promise<void> {
    const command = new PutItemCommand({
      TableName: this.#table.name,
      Item: { ...keyAttributes({ pk: partition, sk: name }), ...attributes({ place }) },
    });
    await this.#table.call(deadlineIn(defaultCallMs, this.#clock), (options) =>
      this.#table.client.send(command, options),
    );
  }
}
