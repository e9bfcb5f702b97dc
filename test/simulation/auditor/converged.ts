import type { AccountFeed, FeedEntry } from '../../../platform/account-feed/port.ts';
import { formatQuantity } from '../../../domain/instrument/instrument.ts';
import type { OrderEvent } from '../../../domain/order/events.ts';
import { deadlineIn } from '../../../platform/deadline/deadline.ts';
import type { Activity } from '../../../platform/views/activity.ts';
import type { OrderRow } from '../../../platform/views/order-row.ts';
import { activitiesMax, ordersMax, type ViewReader } from '../../../platform/views/port.ts';
import type { MachineClock } from '../clock.ts';
import { demand } from '../law.ts';
import type { Log } from './log.ts';
import type { OrderModel } from './order-model.ts';

export interface Derived {
  readonly views: ViewReader;
  readonly feed: AccountFeed;
  readonly clock: MachineClock;
}

const law = 'every consumer has converged';
const pageMax = 500;

/** Once everything has come to rest: the lists and the feeds say what the log says, each thing once. */
export async function checkConverged(
  derived: Derived,
  log: Log,
  orders: ReadonlyMap<string, OrderModel>,
  accounts: readonly string[],
): Promise<void> {
  for (const account of accounts) {
    const mine = [...orders.values()].filter(({ placed }) => placed.accountId === account);
    const rows = await rowsOf(derived, account);
    for (const order of mine) checkRows(rows, order, log);
    await checkPositions(derived, account, mine);
    const happened = executionsIn(log, mine);
    await checkActivities(derived, account, happened);
    await checkFeed(derived, account, happened);
  }
}

function checkRows(all: readonly OrderRow[], order: OrderModel, log: Log): void {
  const id = order.placed.orderId;
  const rows = all.filter(({ orderId }) => orderId === id);
  const newest = Math.max(0, ...rows.map(({ version }) => version));
  demand(
    newest === log.head(`order-${id}`),
    law,
    () => `the list has ${id}@${newest}, the log ${log.head(`order-${id}`)}`,
  );
  // A stop loss that has taken over counts for itself from then on.
  if (order.placed.stopLeg && !order.stopTerms) return;
  const filled = formatQuantity(order.lots, order.placed.contract);
  const current = rows.filter(({ version }) => version === newest);
  demand(
    rows.some(({ isOpen }) => isOpen) === order.isOpen,
    law,
    () => `${id} is ${order.isOpen ? 'open' : 'closed'}, the list says otherwise`,
  );
  demand(
    current.some(({ filledQuantity }) => filledQuantity === filled),
    law,
    () => `${id} has ${filled}, the list ${current.map(({ filledQuantity }) => filledQuantity).join()}`,
  );
}

async function rowsOf({ views, clock }: Derived, accountId: string): Promise<readonly OrderRow[]> {
  const query = { accountId, status: 'all', direction: 'asc', limit: ordersMax } as const;
  const rows = await views.orders(query, deadlineIn(1_000, clock));
  demand(rows.length < ordersMax, 'the simulation', () => `${accountId} has more orders than one page`);
  return rows;
}

async function checkPositions(
  { views, clock }: Derived,
  account: string,
  orders: readonly OrderModel[],
): Promise<void> {
  const rows = await views.positions(account, deadlineIn(1_000, clock));
  const symbols = new Set([
    ...rows.map(({ symbol }) => symbol),
    ...orders.filter(({ lots }) => lots > 0).map(({ placed }) => placed.contract.symbol),
  ]);
  for (const symbol of symbols) {
    const mine = orders.filter(({ placed }) => placed.contract.symbol === symbol);
    const lots = mine.reduce((sum, one) => sum + (one.placed.side === 'buy' ? one.lots : -one.lots), 0);
    const contract = mine[0]?.placed.contract;
    const expected = contract ? formatQuantity(lots, contract) : '0';
    const found = rows.find((row) => row.symbol === symbol)?.quantity ?? '0';
    demand(
      Number(found) === Number(expected),
      law,
      () => `${account} has traded ${expected} ${symbol}, the list says ${found}`,
    );
  }
}

interface Happened {
  readonly key: string;
  readonly executionId: string;
}

const trading: readonly OrderEvent['type'][] = ['OrderExecuted', 'ExecutionBusted', 'ExecutionCorrected'];

function executionsIn(log: Log, orders: readonly OrderModel[]): readonly Happened[] {
  return orders.flatMap(({ placed }) => {
    const stream = `order-${placed.orderId}`;
    return (log.streams.get(stream) ?? []).flatMap(({ version, events }) =>
      (events as unknown as readonly OrderEvent[])
        .filter(({ type }) => trading.includes(type))
        .map((event) => ({
          key: `${stream}@${version} ${event.type}`,
          executionId: 'executionId' in event.data ? event.data.executionId : '',
        })),
    );
  });
}

async function checkActivities(
  { views, clock }: Derived,
  accountId: string,
  happened: readonly Happened[],
): Promise<void> {
  const found: Activity[] = [];
  for (let last: Activity | undefined; ; last = found.at(-1)) {
    const query = { accountId, types: ['FILL'], direction: 'asc', limit: activitiesMax } as const;
    const place = last ? { pageToken: last.id } : {};
    const page = await views.activities({ ...query, ...place }, deadlineIn(1_000, clock));
    found.push(...page);
    if (page.length < activitiesMax) break;
  }
  demandSame(
    `activities of ${accountId}`,
    found.map((one) => (one.type === 'FILL' ? one.executionId : '')),
    happened.map(({ executionId }) => executionId),
  );
}

async function checkFeed(
  { feed, clock }: Derived,
  account: string,
  happened: readonly Happened[],
): Promise<void> {
  const entries: FeedEntry[] = [];
  for (;;) {
    const page = await feed.entriesAfter(account, entries.length, pageMax, deadlineIn(1_000, clock));
    entries.push(...page);
    if (page.length < pageMax) break;
  }
  const applied = new Map<string, string>();
  for (const [index, entry] of entries.entries()) {
    const { number, stream, version } = entry;
    demand(number === index + 1, law, () => `the feed of ${account} has ${number} in place ${index + 1}`);
    const place = `${String(version).padStart(9, '0')}/${String(entry.index).padStart(3, '0')}`;
    const before = applied.get(stream) ?? '';
    demand(before < place, law, () => `the feed of ${account} tells ${stream} ${place} after ${before}`);
    applied.set(stream, place);
  }
  demandSame(
    `feed of ${account}`,
    entries.flatMap(({ execution }) => (execution ? [execution.executionId] : [])),
    happened.map(({ executionId }) => executionId),
  );
}

function demandSame(what: string, found: readonly string[], expected: readonly string[]): void {
  const [left, right] = [found.toSorted(), expected.toSorted()];
  const odd = right.find((id, index) => left[index] !== id) ?? left[right.length];
  demand(
    left.join() === right.join(),
    law,
    () => `${what}: ${left.length} executions, not ${right.length}; the first that differs is ${odd}`,
  );
}
