import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  emptyFold,
  foldRows,
  type OrderFold,
  type OrderRow,
  rowFromState,
  rowsOf,
} from '../../../platform/views/order-row.ts';
import { OrderScript, second } from '../../support/orders.ts';

describe('the rows of an order', () => {
  test('an order placed is one row with its terms as exact decimals', () => {
    const order = new OrderScript('a').place({ quantity: '10', limitPrice: '100.10' });
    expect(rowsOf(order.commits)).toEqual([
      {
        id: 'a',
        orderId: 'a',
        accountId: 'account-1',
        clientOrderId: 'client-a',
        symbol: 'ACME',
        side: 'buy',
        orderType: 'limit',
        timeInForce: 'day',
        quantity: '10',
        limitPrice: '100.1',
        status: 'pending_new',
        isOpen: true,
        filledQuantity: '0',
        leavesQuantity: '10',
        submittedAt: second(0),
        updatedAt: second(0),
        version: 1,
      },
    ]);
  });

  test('fills move the quantities, the average price and the status', () => {
    const order = new OrderScript('a').place({ quantity: '3' }).fill(1, 10_000).fill(1, 10_001);
    expect(rowsOf(order.commits)).toMatchObject([
      { status: 'partially_filled', filledQuantity: '2', leavesQuantity: '1', filledAveragePrice: '100.005' },
    ]);
    order.fill(1, 10_000);
    expect(rowsOf(order.commits)).toMatchObject([
      { status: 'filled', isOpen: false, leavesQuantity: '0', filledAt: second(3), version: 4 },
    ]);
  });

  test('a denied order is rejected, with the reason and what was asked for', () => {
    const order = new OrderScript('a').place({ symbol: 'NONE', quantity: '7' });
    expect(rowsOf(order.commits)).toMatchObject([
      {
        status: 'rejected',
        isOpen: false,
        symbol: 'NONE',
        quantity: '7',
        refusal: { reason: 'instrument_unknown', observed: 'NONE' },
        failedAt: second(0),
      },
    ]);
  });

  test('an order the venue rejects says why', () => {
    const order = new OrderScript('a').place().report({ report: 'reject', text: 'no such thing' });
    expect(rowsOf(order.commits)).toMatchObject([
      {
        status: 'rejected',
        refusal: { reason: 'venue_refused', text: 'no such thing' },
        failedAt: second(1),
      },
    ]);
  });
});

describe('the rows of a replaced order', () => {
  const asked = () =>
    new OrderScript('a')
      .place({ quantity: '10' })
      .fill(2, 10_000)
      .replace({ quantity: '20', limitPrice: '101' });

  test('the id asked for is open beside the one in force until the venue answers', () => {
    expect(rowsOf(asked().commits)).toMatchObject([
      { id: 'a', status: 'pending_replace', quantity: '10', filledQuantity: '2' },
      { id: 'a-r1', status: 'pending_new', isOpen: true, replaces: 'a', quantity: '20', filledQuantity: '0' },
    ]);
  });

  test('the old id keeps the terms and fills of its day, the new one takes over', () => {
    const order = asked().report({ report: 'confirm-replace' }).fill(1, 10_100);
    expect(rowsOf(order.commits)).toMatchObject([
      {
        id: 'a',
        status: 'replaced',
        isOpen: false,
        replacedBy: 'a-r1',
        replacedAt: second(3),
        quantity: '10',
        limitPrice: '100',
        filledQuantity: '2',
        version: 4,
      },
      {
        id: 'a-r1',
        status: 'partially_filled',
        replaces: 'a',
        quantity: '20',
        limitPrice: '101',
        filledQuantity: '3',
        submittedAt: second(2),
        version: 5,
      },
    ]);
    expect(rowsOf(order.commits)[1]).not.toHaveProperty('replacedAt');
  });

  test('a replacement the venue refuses is rejected, and the old id goes on', () => {
    const order = asked().report({ report: 'reject-replace', text: 'too fast' });
    expect(rowsOf(order.commits)).toMatchObject([
      { id: 'a', status: 'partially_filled', isOpen: true },
      {
        id: 'a-r1',
        status: 'rejected',
        isOpen: false,
        refusal: { reason: 'venue_refused', text: 'too fast' },
        submittedAt: second(2),
        failedAt: second(3),
      },
    ]);
  });

  test('a replacement of an order that closes meanwhile came too late', () => {
    const order = asked().report({ report: 'expire', reason: 'day' });
    expect(rowsOf(order.commits)).toMatchObject([
      { id: 'a', status: 'expired' },
      { id: 'a-r1', status: 'rejected', refusal: { reason: 'too_late' } },
    ]);
  });

  test('replaced twice it has three rows, each linked to its neighbours', () => {
    const order = asked()
      .report({ report: 'confirm-replace' })
      .replace({ quantity: '30' })
      .report({ report: 'confirm-replace' });
    const links = rowsOf(order.commits).map(({ id, replaces, replacedBy }) => [id, replaces, replacedBy]);
    expect(links).toEqual([
      ['a', undefined, 'a-r1'],
      ['a-r1', 'a', 'a-r2'],
      ['a-r2', 'a-r1', undefined],
    ]);
  });

  test('an order not sent yet is replaced in the same commit', () => {
    const order = new OrderScript('a').place({ timeInForce: 'opg' }).replace({ limitPrice: '99' });
    expect(order.commits).toHaveLength(2);
    expect(rowsOf(order.commits)).toMatchObject([
      { id: 'a', status: 'replaced', replacedBy: 'a-r1' },
      { id: 'a-r1', status: 'accepted', limitPrice: '99', submittedAt: second(1) },
    ]);
  });
});

type Step = (order: OrderScript) => unknown;
const steps: readonly Step[] = [
  (order) => order.fill(3, 10_000),
  (order) => order.fill(40, 9_990),
  (order) => order.replace({ quantity: '60' }),
  (order) => order.replace({ limitPrice: '101' }),
  (order) => order.cancel(),
  (order) => order.report({ report: 'accept', venueOrderId: 'v' }),
  (order) => order.report({ report: 'confirm-replace' }),
  (order) => order.report({ report: 'reject-replace' }),
  (order) => order.report({ report: 'confirm-cancel' }),
  (order) => order.report({ report: 'reject-cancel' }),
  (order) => order.report({ report: 'reject', text: 'no' }),
  (order) => order.report({ report: 'expire', reason: 'day' }),
  (order) => order.bust(`${order.id}-e2`),
];
const histories = fc
  .tuple(fc.boolean(), fc.array(fc.nat(steps.length - 1), { maxLength: 25 }))
  .map(([isQueued, chosen]) => {
    const order = new OrderScript('a').place(isQueued ? { timeInForce: 'opg' } : {});
    for (const step of chosen) steps[step]?.(order);
    return order;
  });

describe('whatever happens to an order', () => {
  test('the state alone gives the same row of the id in force, wherever it claims to', () => {
    fc.assert(
      fc.property(histories, (order) => {
        const row = rowFromState(order.state, order.commits.length);
        if (row) expect(rowsOf(order.commits)).toContainEqual(row);
      }),
    );
  });

  test('rows form a chain, at most two are open, and every id keeps its time', () => {
    fc.assert(
      fc.property(histories, (order) => {
        const submitted = new Map<string, number>();
        const kept = new Map<string, OrderRow>();
        let fold: OrderFold = emptyFold;
        for (const commit of order.commits) {
          const next = foldRows(fold, commit);
          // What a fold keeps survives being stored.
          fold = JSON.parse(JSON.stringify(next.fold));
          for (const [id, row] of next.rows) {
            expect(submitted.get(id) ?? row.submittedAt).toBe(row.submittedAt);
            submitted.set(id, row.submittedAt);
            kept.set(id, row);
          }
        }
        const rows = rowsOf(order.commits);
        expect([...kept.values()]).toEqual(rows);
        expect(rows.filter(({ isOpen }) => isOpen).length).toBeLessThanOrEqual(2);
        for (const { replacedBy } of rows)
          if (replacedBy) expect(rows.map(({ id }) => id)).toContain(replacedBy);
      }),
    );
  });
});
