import { randomUUID } from 'node:crypto';
import { accountItem, positionItem } from '../../../domain/account/holdings.ts';
import type { VenueReport } from '../../../domain/order/commands.ts';
import { orderStream } from '../../../domain/order/effects.ts';
import { assert } from '../../../domain/values/assert.ts';
import { type AccountId, executionId, type OrderId } from '../../../domain/values/ids.ts';
import { price } from '../../../domain/values/price.ts';
import { quantity } from '../../../domain/values/quantity.ts';
import { systemClock } from '../../../platform/clock/clock.ts';
import { deadlineIn } from '../../../platform/deadline/deadline.ts';
import { encodeCommit } from '../../../platform/event-store/codec.ts';
import { commitBytes, flatBytes } from '../../../platform/event-store/item-size.ts';
import type { Commit } from '../../../platform/event-store/port.ts';
import type { ConsumedCapacityMeter } from '../../support/consumed-capacity.ts';
import { short, table } from '../table.ts';
import { type Bill, billOf, each } from './contestant.ts';
import type { Costs } from './expectations.ts';
import { buy, connector, contextFor, openAccount, client, type Trading } from './trading.ts';

/** Six intervals between due snapshots. */
const window = 96;
const lotsEach = 100;

interface Working {
  readonly trading: Trading;
  readonly accountId: AccountId;
  readonly orderId: OrderId;
}

/** Applies fill number n (from 1) of an order. */
type Fill = (working: Working, number: number) => Promise<void>;

/** The domain's own order with so many fills, account and position item included, counted at the double price of transactions. */
export async function ownOrder(
  trading: Trading,
  meter: ConsumedCapacityMeter,
  fills: number,
): Promise<{ readonly text: string; readonly costs: Costs }> {
  const ways = { 'from a book (position known)': fromBook, 'reported by a connector': fromConnector };
  const rows: string[][] = [];
  const costs: Record<string, Bill> = {};
  const sizes: string[] = [];
  for (const [name, fill] of Object.entries(ways)) {
    const working = await place(trading, fills);
    for (const [part, from] of [
      ['first', 1],
      ['middle', Math.floor((fills - window) / 2) + 1],
      ['last', fills - window + 1],
    ] as const) {
      await fillUp(working, fill, from);
      const bill = await billOf(meter, async () => {
        for (let number = from; number < from + window; number += 1) await fill(working, number);
      });
      const cost = each(bill, window);
      rows.push([name, part, ...[cost.requests, cost.writeUnits, cost.readUnits].map(short)]);
      costs[`fill ${name}, ${part}`] = cost;
    }
    sizes.push(await sizesOf(working, name));
  }
  const title = `Our own order with ${fills} fills, per fill: the first, middle and last ${window}`;
  const columns = ['fill', '', 'requests', 'write units', 'read units'];
  return { text: [table(title, columns, rows), ...sizes].join('\n'), costs };
}

async function place(trading: Trading, fills: number): Promise<Working> {
  const accountId = await openAccount(trading, 1_000_000_000_000);
  const command = buy(accountId, fills * lotsEach);
  const context = { ...contextFor(client, command.clientOrderId), expectNew: true };
  const placed = await trading.orders.handle(orderStream(command.orderId), command, context);
  assert(placed.outcome === 'committed' && placed.state.kind === 'order', 'the order is placed');
  return { trading, accountId, orderId: command.orderId };
}

const filled = new WeakMap<Working, number>();

/** The fills before number `next` that were not measured. */
async function fillUp(working: Working, fill: Fill, next: number): Promise<void> {
  for (let number = (filled.get(working) ?? 0) + 1; number < next; number += 1) await fill(working, number);
  filled.set(working, next + window - 1);
}

/** Prices that differ by a tick, so that nothing is rounder than in life. */
function execution(number: number): VenueReport {
  return {
    report: 'execute',
    executionId: executionId(randomUUID()),
    lastQuantity: quantity(lotsEach),
    lastPrice: price(9_900 + (number % 97)),
    liquidity: number % 2 === 0 ? 'added' : 'removed',
  };
}

async function fromBook({ trading, orderId }: Working, number: number): Promise<void> {
  const position = { stream: 'book-ACME', version: 1_000_000 + 3 * number, index: number % 4 };
  const command = { do: 'apply-report', position, report: execution(number) } as const;
  const context = { ...contextFor({ kind: 'venue', id: 'XSIM' }), causationId: 'Mc8eGi0kOqSuWyAbCdEfGh' };
  const { outcome } = await trading.orders.handle(orderStream(orderId), command, context);
  assert(outcome === 'committed', 'a fill counts');
}

async function fromConnector({ trading, orderId }: Working, number: number): Promise<void> {
  const context = contextFor(connector, randomUUID());
  const { outcome } = await trading.reporting.report('XSIM', orderId, execution(number), context);
  assert(outcome === 'applied', 'a fill counts');
}

async function sizesOf({ trading, accountId, orderId }: Working, name: string): Promise<string> {
  const deadline = deadlineIn(15_000, systemClock);
  const commits = await trading.store.read(orderStream(orderId), 1, deadline);
  const last = commits.findLast(({ snapshot }) => snapshot === undefined);
  const due = commits.findLast(({ snapshot }) => snapshot !== undefined);
  assert(last !== undefined && due !== undefined, 'an order with fills has both kinds of commits');
  const account = await trading.store.readItem(accountItem(accountId), deadline);
  const position = await trading.store.readItem(positionItem(accountId, 'ACME'), deadline);
  const items = { 'account item': account, 'position item': position };
  const rows: (readonly string[])[] = [
    ['commit of a fill', bytesOf(last)],
    ...largest(last).map(([attribute, bytes]) => [`  ${attribute}`, bytes]),
    ['commit of every 16th fill, with its snapshot', bytesOf(due)],
    ...Object.entries(items).map(([item, attributes]) => [item, String(flatBytes(attributes ?? {}))]),
  ];
  return table(
    `Bytes of what a fill writes, ${name} (1,024 are one write unit, two in a transaction)`,
    ['', 'bytes'],
    rows,
  );
}

function bytesOf(commit: Commit): string {
  return String(commitBytes(encodeCommit(commit)));
}

function largest(commit: Commit): readonly (readonly [string, string])[] {
  return Object.entries(encodeCommit(commit))
    .map(([name, value]) => [name, flatBytes({ [name]: value })] as const)
    .sort(([, one], [, other]) => other - one)
    .slice(0, 6)
    .map(([name, bytes]) => [name, String(bytes)] as const);
}
