import { type Attributes, attributes } from '../event-store/dynamodb-attributes.ts';
import { type Key, webhookPrefix } from '../views/dynamodb-items.ts';
import { viewsKey } from '../views/tables.ts';
import type { DeliveryLine } from './line.ts';
import type { DeliveryRecord } from './port.ts';

/**
 * In the views' table, but not thrown away with them:
 *
 * | item   | partition                   | sort                  |
 * |--------|-----------------------------|-----------------------|
 * | line   | `webhook#line#<webhook>`    | `line`                |
 * | record | `webhook#records#<webhook>` | `<number>`            |
 * | parked | `webhook#parked`            | `<webhook>#<number>`  |
 *
 * What is parked is there twice, so that all of it is found without a look at every webhook.
 */
const padded = (value: number): string => String(Math.max(0, value)).padStart(16, '0');

export const lineKey = (webhookId: string): Key => ({ pk: `${webhookPrefix}line#${webhookId}`, sk: 'line' });
export const recordsOf = (webhookId: string): string => `${webhookPrefix}records#${webhookId}`;
export const recordKey = (webhookId: string, number: number): Key => ({
  pk: recordsOf(webhookId),
  sk: padded(number),
});
export const allParked = `${webhookPrefix}parked`;
export const parkedKey = (webhookId: string, number: number): Key => ({
  pk: allParked,
  sk: `${webhookId}#${padded(number)}`,
});

function named({ pk, sk }: Key): Record<string, string> {
  return { [viewsKey.partition]: pk, [viewsKey.sort]: sk };
}

export function lineItem(line: DeliveryLine): Attributes {
  return attributes({
    ...named(lineKey(line.webhookId)),
    revision: line.revision,
    body: JSON.stringify(line),
  });
}

export function recordItem(record: DeliveryRecord): Attributes {
  return bodied(recordKey(record.webhookId, record.number), record);
}

export function parkedItem(record: DeliveryRecord): Attributes {
  return bodied(parkedKey(record.webhookId, record.number), record);
}

function bodied(key: Key, record: DeliveryRecord): Attributes {
  return attributes({ ...named(key), body: JSON.stringify(record) });
}
