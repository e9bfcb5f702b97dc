import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { orderStream } from '../../../domain/order/effects.ts';
import { isOpen, leavesQuantity } from '../../../domain/order/state.ts';
import { reconcile } from '../../../platform/ledger/reconcile.ts';
import { digestOf } from '../../../platform/venue/book-snapshots.ts';
import { History, steps } from './random-history.ts';

/** Whatever happened, also in the middle of it: the books of accounts are right, and nothing is disputed or given up. */
async function checkLedger({ store, market, orderIds }: History): Promise<void> {
  expect(market.desk.quarantined).toEqual([]);
  expect(market.unreadable).toEqual([]);
  const { findings } = await reconcile(store);
  expect(findings).toEqual([]);
  for (const orderId of orderIds)
    expect(await market.desk.types(orderStream(orderId))).not.toContain('ReportDisputed');
}

/** Once everything was heard: orders and book agree, order for order and lot for lot. */
async function checkAgreement({ market, orderIds }: History): Promise<void> {
  const { venue, desk, log } = market;
  const book = venue.book('ACME');
  if (!book) return;
  const numbers = new Map([...book.registered()].map(({ number, orderId }) => [number, orderId]));
  const working = new Map(
    [...book.workingOrders()].map((order) => [String(numbers.get(order.orderId)), order.leavesQuantity]),
  );
  for (const orderId of orderIds) {
    const { state } = await desk.orders.load(orderStream(orderId), desk.deadline);
    const leaves = state.kind === 'order' && isOpen(state) ? leavesQuantity(state) : undefined;
    expect([orderId, working.get(orderId)]).toEqual([orderId, leaves]);
  }
  const read = await log.load('book-ACME', desk.deadline);
  expect(read.book && digestOf(read.book)).toBe(digestOf(book));
  expect(read.owed).toEqual([]);
}

async function live(history: History, list: Parameters<History['take']>[0][]): Promise<void> {
  await history.begin();
  for (const step of list) {
    await history.take(step);
    await checkLedger(history);
  }
  await history.market.pump();
  await checkLedger(history);
  await checkAgreement(history);
}

/** `HISTORIES=10000 npm run histories` lives through as many as that; each is 5 to 30 steps. */
const histories = Number(process.env['HISTORIES'] ?? 200);
const perHistoryMs = 300;

test(
  'after every step of a random history the ledger is right, and at its end orders and book agree',
  async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (list) => {
        await live(new History(), [...list]);
      }),
      { numRuns: histories },
    );
  },
  Math.max(60_000, histories * perHistoryMs),
);
