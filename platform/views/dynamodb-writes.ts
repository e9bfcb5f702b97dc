import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { ConsumerContended } from '../consumer/errors.ts';
import type { Advance, Written } from '../consumer/port.ts';
import type { Deadline } from '../deadline/deadline.ts';
import { attribute, flat } from '../event-store/dynamodb-attributes.ts';
import type { Random } from '../random/random.ts';
import { guardedPut, putCursor, sendAdvance } from './dynamodb-cursors.ts';
import * as items from './dynamodb-items.ts';
import type { ViewsTable } from './dynamodb-table.ts';
import {
  emptyPosition,
  isBehindOneOf,
  madeTrade,
  type Position,
  type PositionChange,
  putOff,
  recomputed,
  withTrades,
} from './position.ts';
import type { ViewEffect } from './projection.ts';
import { storedPosition, storedTrade } from './stored-json.ts';
import { viewsKey } from './tables.ts';
import type { Trade, TradeChange } from './trade.ts';

/** Other orders of the account may trade the same position meanwhile. */
const attemptsMax = 16;

/**
 * Rows, trades, the position and the cursor as one transaction: the cursor under the condition that nobody applied the stream
 * further, the position under the condition that no other order changed it since it was read.
 */
export async function writeAdvance(
  table: ViewsTable,
  random: Random,
  advance: Advance<ViewEffect>,
  deadline: Deadline,
): Promise<Written> {
  const changes = advance.effects.flatMap(({ trades }) => trades);
  const rows = new Map(advance.effects.flatMap((effect) => effect.rows.map((row) => [row.id, row])));
  const ahead = [
    putCursor(table.name, items.cursorKey(advance.stream), advance),
    ...[...rows.values()].map((row) => ({ Put: { TableName: table.name, Item: items.orderItem(row) } })),
    ...advance.effects
      .flatMap(({ activities }) => activities)
      .map((one) => ({ Put: { TableName: table.name, Item: items.activityItem(one) } })),
  ];
  for (let attempt = 1; attempt <= attemptsMax; attempt++) {
    const change = await positionChange(table, changes, deadline);
    const parts = [...ahead, ...(change ? tradeParts(table.name, change) : [])];
    const result = await sendAdvance(table, random, parts, deadline);
    if (result !== 'moved') return result;
  }
  throw new ConsumerContended(`${advance.stream}: its position kept changing`);
}

function tradeParts(table: string, { position, puts, deletes }: PositionChange): TransactWriteItem[] {
  return [
    ...deletes.map((trade) => ({
      Delete: { TableName: table, Key: items.keyAttributes(items.tradeKey(position, trade)) },
    })),
    ...puts.map((trade) => ({ Put: { TableName: table, Item: items.tradeItem(position, trade) } })),
    ...(position.isStale ? [{ Put: { TableName: table, Item: items.staleItem(position) } }] : []),
    putPosition(table, position),
  ];
}

function putPosition(table: string, position: Position): TransactWriteItem {
  const before = position.revision - 1;
  return guardedPut(table, items.positionItem(position), { counter: 'revision', before });
}

/** Works a position out anew from all its trades. */
export async function settlePosition(
  table: ViewsTable,
  random: Random,
  whose: Pick<Position, 'accountId' | 'symbol'>,
  deadline: Deadline,
): Promise<void> {
  for (let attempt = 1; attempt <= attemptsMax; attempt++) {
    const item = await table.get(items.positionKey(whose), deadline);
    if (!item) return;
    const before = storedPosition(flat(item)['body']);
    const { position } = recomputed(before, await allTrades(table, before, deadline), []);
    const unmark = { Delete: { TableName: table.name, Key: items.keyAttributes(items.staleKey(whose)) } };
    const result = await sendAdvance(table, random, [unmark, putPosition(table.name, position)], deadline);
    if (result === 'written') return;
  }
  throw new ConsumerContended(`the position ${whose.symbol} of ${whose.accountId} kept changing`);
}

/** One order trades one symbol for one account, so one position. */
async function positionChange(
  table: ViewsTable,
  changes: readonly TradeChange[],
  deadline: Deadline,
): Promise<PositionChange | undefined> {
  const [first] = changes;
  if (!first) return undefined;
  const item = await table.get(items.positionKey(first), deadline);
  const before = item ? storedPosition(flat(item)['body']) : emptyPosition(first);
  const late = await firstLate(table, before, changes, deadline);
  const change = late ? undefined : withTrades(before, changes, () => false);
  const quick = change ?? putOff(before, changes);
  return quick ?? recomputed(before, await allTrades(table, before, deadline), changes);
}

/** A trade made now that comes before one stored already, in the same venue stream. */
async function firstLate(
  table: ViewsTable,
  before: Position,
  changes: readonly TradeChange[],
  deadline: Deadline,
): Promise<Trade | undefined> {
  for (const change of changes) {
    const trade = madeTrade(change);
    if (!trade || isBehindOneOf(before.recent, trade)) continue;
    const { from, to } = items.laterRange(before, trade);
    const query = {
      KeyConditionExpression: '#pk = :pk AND #sk BETWEEN :from AND :to',
      ExpressionAttributeNames: { '#pk': viewsKey.partition, '#sk': viewsKey.sort },
      ExpressionAttributeValues: {
        ':pk': attribute(items.tradesOf(before)),
        ':from': attribute(from),
        ':to': attribute(to),
      },
      Limit: 1,
    };
    for await (const page of table.pages(query, deadline)) if (page.length > 0) return trade;
  }
  return undefined;
}

async function allTrades(
  table: ViewsTable,
  position: Position,
  deadline: Deadline,
): Promise<readonly Trade[]> {
  const trades: Trade[] = [];
  for await (const item of table.partition(items.tradesOf(position), deadline))
    trades.push(storedTrade(flat(item)['body']));
  return trades;
}
