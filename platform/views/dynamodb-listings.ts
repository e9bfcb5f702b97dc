import type { QueryCommandInput, ScanCommandInput } from '@aws-sdk/client-dynamodb';
import { type Attributes, attribute } from '../event-store/dynamodb-attributes.ts';
import { activityRange } from './activity-query.ts';
import * as items from './dynamodb-items.ts';
import type { ActivityQuery, OpenOrdersQuery, OrderQuery } from './port.ts';
import { armedIndex, openIndex, timedIndex, viewsKey } from './tables.ts';

/**
 * Open orders come from their index, which follows within moments. Symbols, sides and closed ones are picked out of what is
 * read: bounded by the caller's deadline, and paid for by what is read.
 */
export function listing(query: OrderQuery): Omit<QueryCommandInput, 'TableName'> {
  const { accountId, status, symbols, side, after, until, direction, limit } = query;
  const isOpen = status === 'open';
  const { from, to } = items.submissionRange(after, until);
  const filters: string[] = [];
  const names: Record<string, string> = { '#pk': isOpen ? openIndex.partition : viewsKey.partition };
  const values: Attributes = { ':pk': attribute(items.ordersOf(accountId)) };
  Object.assign(names, { '#sk': viewsKey.sort });
  Object.assign(values, { ':from': attribute(from), ':to': attribute(to) });
  if (status === 'closed') {
    filters.push('attribute_not_exists(#open)');
    names['#open'] = openIndex.partition;
  }
  if (side !== undefined) {
    filters.push('#side = :side');
    names['#side'] = 'side';
    values[':side'] = attribute(side);
  }
  if (symbols) {
    filters.push(`#symbol IN (${symbols.map((_, index) => `:symbol${index}`).join(', ')})`);
    names['#symbol'] = 'symbol';
    for (const [index, symbol] of symbols.entries()) values[`:symbol${index}`] = attribute(symbol);
  }
  return {
    ...(isOpen && { IndexName: openIndex.name }),
    KeyConditionExpression: '#pk = :pk AND #sk BETWEEN :from AND :to',
    ...(filters.length > 0 ? { FilterExpression: filters.join(' AND ') } : { Limit: limit }),
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: values,
    ScanIndexForward: direction === 'asc',
  };
}

/** Types are picked out of what is read. BETWEEN includes its bounds: the lower one moves on, the upper one is left out by the caller. */
export function activityListing(query: ActivityQuery): Omit<QueryCommandInput, 'TableName'> {
  const { accountId, types, direction, limit } = query;
  const { from, to } = activityRange(query);
  const values: Attributes = {
    ':pk': attribute(items.activitiesOf(accountId)),
    ':from': attribute(`${from}\u0000`),
    ':to': attribute(to),
  };
  const names: Record<string, string> = { '#pk': viewsKey.partition, '#sk': viewsKey.sort };
  for (const [index, type] of (types ?? []).entries()) values[`:type${index}`] = attribute(type);
  if (types) names['#type'] = 'type';
  return {
    KeyConditionExpression: '#pk = :pk AND #sk BETWEEN :from AND :to',
    ...(types
      ? { FilterExpression: `#type IN (${types.map((_, index) => `:type${index}`).join(', ')})` }
      : { Limit: limit + 1 }),
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: values,
    ScanIndexForward: direction === 'asc',
  };
}

/** Two indexes hold nothing but open orders, or those of them that the clock may move, of every account; the third is asked by symbol. */
export type OpenListing =
  | { readonly scan: Pick<ScanCommandInput, Listed> }
  | { readonly query: Pick<QueryCommandInput, Listed | 'KeyConditionExpression'> };
type Listed =
  | 'IndexName'
  | 'Limit'
  | 'FilterExpression'
  | 'ExpressionAttributeNames'
  | 'ExpressionAttributeValues';

export function openListing({ armedIn, timed, limit }: OpenOrdersQuery): OpenListing {
  if (armedIn === undefined) {
    const { name, partition } = timed === true ? timedIndex : openIndex;
    return {
      scan: {
        IndexName: name,
        Limit: limit,
        FilterExpression: 'begins_with(#open, :ours)',
        ExpressionAttributeNames: { '#open': partition },
        ExpressionAttributeValues: { ':ours': attribute(items.allOrders) },
      },
    };
  }
  return {
    query: {
      IndexName: armedIndex.name,
      Limit: limit,
      KeyConditionExpression: '#armed = :armed',
      ExpressionAttributeNames: { '#armed': armedIndex.partition },
      ExpressionAttributeValues: { ':armed': attribute(items.armedIn(armedIn)) },
    },
  };
}
