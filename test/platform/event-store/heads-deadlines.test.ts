import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import { deadlineIn } from '../../../platform/deadline/deadline.ts';
import { DynamoDbEventStore } from '../../../platform/event-store/dynamodb.ts';
import { attributes } from '../../../platform/event-store/dynamodb-attributes.ts';
import { SeededRandom } from '../command-handler/seeded-random.ts';
import { VirtualClock } from '../command-handler/virtual-clock.ts';

/** A table of so many pages, each of which takes eight seconds of the test's clock. */
class SlowPages extends DynamoDBClient {
  readonly #clock: VirtualClock;
  #left: number;

  constructor(pages: number, clock: VirtualClock) {
    super({ region: 'local', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } });
    this.#left = pages;
    this.#clock = clock;
    this.middlewareStack.add(() => async (call) => ({ response: {}, output: this.#page(call.input) }), {
      step: 'initialize',
      name: 'pages',
    });
  }

  #page(input: object) {
    if (!('TableName' in input)) throw new TypeError(`only ${ScanCommand.name} is known here`);
    this.#clock.advance(8_000);
    this.#left -= 1;
    const place = attributes({ stream: `order-${this.#left}`, version: 1 });
    return { $metadata: {}, Items: [place], ...(this.#left > 0 && { LastEvaluatedKey: place }) };
  }
}

test('a log of many pages is read to its end, although no page may take more than one call', async () => {
  const clock = new VirtualClock();
  const client = new SlowPages(10, clock);
  const tables = { log: 'log', items: 'items' };
  const store = new DynamoDbEventStore({ client, tables, clock, random: new SeededRandom('heads') });
  const streams: string[] = [];
  for await (const { stream } of store.heads(() => deadlineIn(15_000, clock))) streams.push(stream);
  expect(streams).toHaveLength(10);
});
