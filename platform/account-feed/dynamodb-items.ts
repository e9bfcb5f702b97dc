import { type Attributes, attributes, flat } from '../event-store/dynamodb-attributes.ts';
import { accountFeedPrefix, type Key } from '../views/dynamodb-items.ts';
import { viewsKey } from '../views/tables.ts';
import { emptyHead, type FeedHead } from './numbering.ts';
import type { FeedEntry } from './port.ts';
import { entriesPrefix, feedName } from './names.ts';
import { storedEntry } from './stored-entry.ts';

/**
 * In the views' table, but not thrown away with them:
 *
 * | item    | partition                    | sort           |
 * |---------|------------------------------|----------------|
 * | cursor  | `feed#stream#<stream>`       | `<consumer>`   |
 * | head    | `feed#head#<account>`        | `head`         |
 * | holding | `feed#holdings#<account>`    | `<symbol>`     |
 * | entry   | `feed#entries#<account>`     | `<number>`     |
 */
const part = encodeURIComponent;
const padded = (value: number): string => String(value).padStart(16, '0');

export const cursorKey = (stream: string): Key => ({
  pk: `${accountFeedPrefix}stream#${part(stream)}`,
  sk: feedName,
});
export const headKey = (account: string): Key => ({
  pk: `${accountFeedPrefix}head#${part(account)}`,
  sk: 'head',
});
export const holdingKey = (account: string, symbol: string): Key => ({
  pk: `${accountFeedPrefix}holdings#${part(account)}`,
  sk: part(symbol),
});
export const entriesOf = (account: string): string => `${entriesPrefix}${part(account)}`;
export const entryKey = (account: string, number: number): Key => ({
  pk: entriesOf(account),
  sk: padded(number),
});

function named({ pk, sk }: Key): Record<string, string> {
  return { [viewsKey.partition]: pk, [viewsKey.sort]: sk };
}

export function headItem({ accountId, revision, latest, time }: FeedHead): Attributes {
  return attributes({ ...named(headKey(accountId)), revision, latest, time });
}

export function headFrom(accountId: string, item: Attributes | undefined): FeedHead {
  if (!item) return emptyHead(accountId);
  const { revision, latest, time } = flat(item);
  return { accountId, revision: Number(revision), latest: Number(latest), time: Number(time) };
}

export function holdingItem(account: string, symbol: string, quantity: string): Attributes {
  return attributes({ ...named(holdingKey(account, symbol)), symbol, quantity });
}

export function entryItem(entry: FeedEntry): Attributes {
  const { accountId, number, time } = entry;
  return attributes({ ...named(entryKey(accountId, number)), time, body: JSON.stringify(entry) });
}

export function entryFrom(item: Attributes): FeedEntry {
  return storedEntry(flat(item)['body']);
}
