import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { Written } from '../consumer/port.ts';
import type { Deadline } from '../deadline/deadline.ts';
import { type Attributes, attribute, flat } from '../event-store/dynamodb-attributes.ts';
import type { Random } from '../random/random.ts';
import { guardedPut, sendAdvance } from '../views/dynamodb-cursors.ts';
import { type Key, keyAttributes } from '../views/dynamodb-items.ts';
import { ViewsTable, type ViewsTableOptions } from '../views/dynamodb-table.ts';
import { viewsKey } from '../views/tables.ts';
import * as items from './dynamodb-items.ts';
import type { DeliveryLine } from './line.ts';
import type { DeliveryRecord, DeliveryStore, RecordsQuery } from './port.ts';
import { forgottenUpTo, isPruned } from './retention.ts';
import { storedLine, storedRecord } from './stored-delivery.ts';

/** A part of a partition, by sort keys, both included. */
interface Range {
  readonly pk: string;
  readonly from: string;
  readonly to: string;
}

/** Deliveries in the views' table. */
export class DynamoDbDeliveryStore implements DeliveryStore {
  readonly #table: ViewsTable;
  readonly #random: Random;

  constructor(options: ViewsTableOptions) {
    this.#table = new ViewsTable(options);
    this.#random = options.random;
  }

  async line(webhookId: string, deadline: Deadline): Promise<DeliveryLine | undefined> {
    const item = await this.#table.get(items.lineKey(webhookId), deadline);
    return item && storedLine(flat(item)['body']);
  }

  async advance(
    line: DeliveryLine,
    records: readonly DeliveryRecord[],
    deadline: Deadline,
  ): Promise<Written> {
    const { revision } = line;
    const item = items.lineItem({ ...line, revision: revision + 1 });
    const guard = guardedPut(this.#table.name, item, { counter: 'revision', before: revision });
    const parts = [guard, ...records.flatMap((record) => this.#parts(record))];
    const written = await sendAdvance(this.#table, this.#random, parts, deadline);
    if (written !== 'written') return 'conflict';
    if (isPruned(line)) await this.#prune(line, deadline);
    return 'written';
  }

  async record(webhookId: string, number: number, deadline: Deadline): Promise<DeliveryRecord | undefined> {
    const item = await this.#table.get(items.recordKey(webhookId, number), deadline);
    return item && recordFrom(item);
  }

  async records(
    webhookId: string,
    { status, before = Number.MAX_SAFE_INTEGER, limit }: RecordsQuery,
    deadline: Deadline,
  ): Promise<readonly DeliveryRecord[]> {
    const keyOf = status === 'parked' ? items.parkedKey : items.recordKey;
    const records: DeliveryRecord[] = [];
    for await (const page of this.#range(rangeOf(keyOf, webhookId, before - 1), deadline, limit)) {
      const found = page.map(recordFrom);
      records.push(...found.filter((one) => status === undefined || one.status === status));
      if (records.length >= limit) break;
    }
    return records.slice(0, limit);
  }

  async parked(limit: number, deadline: Deadline): Promise<readonly DeliveryRecord[]> {
    const records: DeliveryRecord[] = [];
    for await (const item of this.#table.partition(items.allParked, deadline)) {
      if (records.length >= limit) break;
      records.push(recordFrom(item));
    }
    return records;
  }

  async forget(webhookId: string, deadline: Deadline): Promise<void> {
    for (const keyOf of [items.recordKey, items.parkedKey])
      await this.#delete(rangeOf(keyOf, webhookId, Number.MAX_SAFE_INTEGER), deadline);
    await this.#table.deleteAll([keyAttributes(items.lineKey(webhookId))], deadline);
  }

  /** Whatever was parked is being retried before it is anything else: only then there is something to take out. */
  #parts(record: DeliveryRecord): TransactWriteItem[] {
    const { name: TableName } = this.#table;
    const put = { Put: { TableName, Item: items.recordItem(record) } };
    if (record.status === 'delivered') return [put];
    if (record.status === 'parked') return [put, { Put: { TableName, Item: items.parkedItem(record) } }];
    const Key = keyAttributes(items.parkedKey(record.webhookId, record.number));
    return [put, { Delete: { TableName, Key } }];
  }

  async #prune(line: DeliveryLine, deadline: Deadline): Promise<void> {
    const { others, parked } = forgottenUpTo(line);
    const { webhookId } = line;
    await this.#delete(
      rangeOf(items.recordKey, webhookId, others),
      deadline,
      ({ status }) => status === 'delivered',
    );
    for (const keyOf of [items.recordKey, items.parkedKey])
      await this.#delete(rangeOf(keyOf, webhookId, parked), deadline, ({ status }) => status === 'parked');
  }

  async #delete(
    range: Range,
    deadline: Deadline,
    which: (record: DeliveryRecord) => boolean = () => true,
  ): Promise<void> {
    for await (const page of this.#range(range, deadline)) {
      const gone = page.filter((item) => which(recordFrom(item)));
      await this.#table.deleteAll(gone.map(keyOfItem), deadline);
    }
  }

  /** The last first. */
  #range(
    { pk, from, to }: Range,
    deadline: Deadline,
    pageMax?: number,
  ): AsyncGenerator<readonly Attributes[]> {
    const query = {
      KeyConditionExpression: '#pk = :pk AND #sk BETWEEN :from AND :to',
      ExpressionAttributeNames: { '#pk': viewsKey.partition, '#sk': viewsKey.sort },
      ExpressionAttributeValues: { ':pk': attribute(pk), ':from': attribute(from), ':to': attribute(to) },
      ScanIndexForward: false,
      ...(pageMax !== undefined && { Limit: pageMax }),
    };
    return this.#table.pages(query, deadline);
  }
}

function rangeOf(keyOf: (webhookId: string, number: number) => Key, webhookId: string, upTo: number): Range {
  const { pk, sk: from } = keyOf(webhookId, 0);
  return { pk, from, to: keyOf(webhookId, upTo).sk };
}

function recordFrom(item: Attributes): DeliveryRecord {
  return storedRecord(flat(item)['body']);
}

function keyOfItem({ [viewsKey.partition]: pk, [viewsKey.sort]: sk }: Attributes): Attributes {
  return { ...(pk && { [viewsKey.partition]: pk }), ...(sk && { [viewsKey.sort]: sk }) };
}
