import { timestamp } from '../../domain/values/time.ts';
import type { Parked } from '../consumer/port.ts';
import { type Attributes, attributes, flat } from '../event-store/dynamodb-attributes.ts';
import { viewsName, viewsVersion } from './version.ts';
import type { Activity } from './activity.ts';
import type { OrderRow } from './order-row.ts';
import type { Position } from './position.ts';
import { isTimed } from './row.ts';
import { armedIndex, openIndex, timedIndex, viewsKey } from './tables.ts';
import type { Trade } from './trade.ts';

/**
 * One table, by partition and sort key (every part percent-encoded, numbers padded so that they sort):
 *
 * | item      | partition                        | sort                             |
 * |-----------|----------------------------------|----------------------------------|
 * | cursor    | `v5#stream#<stream>`             | `<consumer>`                     |
 * | order     | `v5#orders#<account>`            | `<submittedAt>#<id>`             |
 * | position  | `v5#positions#<account>`         | `<symbol>`                       |
 * | trade     | `v5#trades#<account>#<symbol>`   | `<venue>#<version>#<index>#<order>` |
 * | activity  | `v5#activities#<account>`        | `<id>`                           |
 * | stale     | `v5#stale`                       | `<account>#<symbol>`             |
 * | the numbered feeds | `feed#...`, see `account-feed/dynamodb-items.ts` | |
 * | surveillance | `surveillance#...`, see `surveillance/dynamodb-items.ts` | |
 * | parked    | `parked#<consumer>`              | `<stream>`                       |
 *
 * The views' version is part of the key: another release finds nothing and builds its own beside. Open orders are also in the
 * index `open` by account.
 */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

const version = `v${viewsVersion}`;
const part = encodeURIComponent;
const padded = (value: number): string => String(value).padStart(16, '0');

export const cursorKey = (stream: string): Key => ({
  pk: `${version}#stream#${part(stream)}`,
  sk: viewsName,
});
export const ordersOf = (account: string): string => `${version}#orders#${part(account)}`;
/** Whose orders a partition holds; undefined: another release's, or no orders at all. */
export function accountOfOrders(partition: string): string | undefined {
  const prefix = ordersOf('');
  return partition.startsWith(prefix) ? decodeURIComponent(partition.slice(prefix.length)) : undefined;
}
export const armedIn = (symbol: string): string => `${version}#armed#${part(symbol)}`;
/** What every open order of this release's views begins with in its index. */
export const allOrders = `${version}#orders#`;
export const positionsOf = (account: string): string => `${version}#positions#${part(account)}`;
export const tradesOf = ({ accountId, symbol }: Pick<Position, 'accountId' | 'symbol'>): string =>
  `${version}#trades#${part(accountId)}#${part(symbol)}`;
/** Names a position that is to be worked out anew. */
export const stalePartition = `${version}#stale`;
export const staleKey = ({ accountId, symbol }: Pick<Position, 'accountId' | 'symbol'>): Key => ({
  pk: stalePartition,
  sk: `${part(accountId)}#${part(symbol)}`,
});

export function staleItem(position: Position): Attributes {
  const { accountId, symbol } = position;
  return attributes({ ...named(staleKey(position)), account: accountId, symbol });
}

const parkedPrefix = 'parked#';
/** What other consumers keep in the table begins so. */
export const accountFeedPrefix = 'feed#';
export const surveillancePrefix = 'surveillance#';
export const webhookPrefix = 'webhook#';
/**
 * What cannot be built from the log again: what is parked, the numbers that were handed out and who was told of them, and what was
 * done about breaches.
 */
export const keptPrefixes = [parkedPrefix, accountFeedPrefix, surveillancePrefix, webhookPrefix] as const;
export const parkedOf = (consumer: string): string => `${parkedPrefix}${part(consumer)}`;

/** The bounds of sort keys for orders submitted after and before, both exclusive. */
export function submissionRange(after: number | undefined, until: number | undefined) {
  return {
    from: padded((after ?? -1) + 1),
    // What was submitted at that very moment has its id behind the number, and sorts after it.
    to: padded(until ?? Number.MAX_SAFE_INTEGER),
  };
}

export function keyAttributes({ pk, sk }: Key): Attributes {
  return attributes({ [viewsKey.partition]: pk, [viewsKey.sort]: sk });
}

export function orderItem(row: OrderRow): Attributes {
  const { id, accountId, submittedAt, symbol, side, isOpen, isArmed } = row;
  return attributes({
    ...named({ pk: ordersOf(accountId), sk: `${padded(submittedAt)}#${part(id)}` }),
    symbol,
    side,
    ...(isOpen && { [openIndex.partition]: ordersOf(accountId) }),
    ...(isTimed(row) && { [timedIndex.partition]: ordersOf(accountId) }),
    ...(isArmed && { [armedIndex.partition]: armedIn(symbol) }),
    body: JSON.stringify(row),
  });
}

export const positionKey = ({ accountId, symbol }: Pick<Position, 'accountId' | 'symbol'>): Key => ({
  pk: positionsOf(accountId),
  sk: part(symbol),
});

export function positionItem(position: Position): Attributes {
  const { revision } = position;
  return attributes({ ...named(positionKey(position)), revision, body: JSON.stringify(position) });
}

export function tradeKey(position: Pick<Position, 'accountId' | 'symbol'>, { place, orderId }: Trade): Key {
  const { stream, version: placed, index } = place;
  const sk = `${part(stream)}#${padded(placed)}#${padded(index)}#${part(orderId)}`;
  return { pk: tradesOf(position), sk };
}

/** Bounds of the sort keys of all trades later in the same venue stream: no key has a character below `!`, nor one above `~`. */
export function laterRange(position: Position, trade: Trade): { readonly from: string; readonly to: string } {
  return { from: `${tradeKey(position, trade).sk}!`, to: `${part(trade.place.stream)}#~` };
}

export function tradeItem(position: Position, trade: Trade): Attributes {
  return attributes({ ...named(tradeKey(position, trade)), body: JSON.stringify(trade) });
}

export const activitiesOf = (account: string): string => `${version}#activities#${part(account)}`;

/** Ids hold no character that would have to be encoded, and sort as they are. */
export function activityItem(activity: Activity): Attributes {
  const { accountId, id, type } = activity;
  return attributes({
    ...named({ pk: activitiesOf(accountId), sk: id }),
    type,
    body: JSON.stringify(activity),
  });
}

export function parkedItem(consumer: string, parked: Parked): Attributes {
  return attributes({ ...named({ pk: parkedOf(consumer), sk: part(parked.stream) }), ...parked });
}

export function parkedFrom(found: Attributes): Parked {
  const { stream, version: at, error, at: moment } = flat(found);
  return {
    stream: String(stream),
    version: Number(at),
    error: String(error),
    at: timestamp(Number(moment)),
  };
}

function named({ pk, sk }: Key): Record<string, string> {
  return { [viewsKey.partition]: pk, [viewsKey.sort]: sk };
}
