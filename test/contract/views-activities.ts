import { describe, expect, test } from 'vitest';
import { second } from '../support/orders.ts';
import { aTransfer, cash, shares } from '../support/transfers.ts';
import type { ViewBench } from './view-bench.ts';

export function activityContract(bench: ViewBench): void {
  describe('activities', () => {
    test('list what was executed, and what became of it, as it was then', async () => {
      const account = bench.account();
      const order = bench.order({ account }).place({ quantity: '10', side: 'sell' });
      order.fill(4, 1_050, 'e1').fill(6, 1_060, 'e2').correct('e2', { id: 'e3', lots: 5, ticks: 1_000 });
      await bench.show(order.bust('e1'));
      const fill = { type: 'FILL', accountId: account, orderId: order.id, symbol: 'ACME', side: 'sell' };
      const previous = { executionId: 'e2', quantity: '6', price: '10.6' };
      expect(await bench.activities(account)).toMatchObject([
        {
          ...fill,
          change: 'partial_fill',
          executionId: 'e1',
          quantity: '4',
          price: '10.5',
          leavesQuantity: '6',
        },
        { ...fill, change: 'fill', executionId: 'e2', cumulativeQuantity: '10', orderStatus: 'filled' },
        { ...fill, change: 'trade_correct', executionId: 'e3', quantity: '5', price: '10', previous },
        { ...fill, change: 'trade_bust', executionId: 'e1', quantity: '4', cumulativeQuantity: '5' },
      ]);
    });

    test('list cash and shares that came and went, signed', async () => {
      const account = bench.account();
      await bench.write(
        aTransfer(account, cash(1_250), { at: 1 }),
        aTransfer(account, cash(200), { at: 2, direction: 'out' }),
        aTransfer(account, shares(30), { at: 3 }),
        aTransfer(account, shares(10), { at: 4, direction: 'out' }),
      );
      expect(await bench.activities(account)).toMatchObject([
        { type: 'CSD', netAmount: '12.50', currency: 'USD', at: second(1) },
        { type: 'CSW', netAmount: '-2.00', currency: 'USD' },
        { type: 'JNLS', symbol: 'ACME', quantity: '30' },
        { type: 'JNLS', symbol: 'ACME', quantity: '-10' },
      ]);
      expect(await bench.activities(bench.account())).toEqual([]);
    });

    test('page by id in both directions, none left out and none twice', async () => {
      const account = bench.account();
      // Several at the very same moment.
      const transfers = [3, 1, 2, 2, 1, 3, 2].map((at) => aTransfer(account, cash(at), { at }));
      await bench.write(...transfers);
      const all = await bench.activities(account);
      expect(all.map(({ at }) => at)).toEqual([1, 1, 2, 2, 2, 3, 3].map(second));
      for (const direction of ['asc', 'desc'] as const) {
        const paged: unknown[] = [];
        let pageToken: string | undefined;
        do {
          const from = pageToken === undefined ? {} : { pageToken };
          const page = await bench.activities(account, { direction, limit: 2, ...from });
          paged.push(...page);
          pageToken = page.at(-1)?.id;
        } while (pageToken !== undefined);
        expect(paged).toEqual(direction === 'asc' ? all : all.toReversed());
      }
    });

    test('keep within their bounds of time, both exclusive, and the types asked for', async () => {
      const account = bench.account();
      await bench.write(
        ...[1, 2, 3].map((at) => aTransfer(account, cash(at), { at })),
        aTransfer(account, shares(5), { at: 2 }),
      );
      const between = { after: second(1), until: second(3) };
      expect(await bench.activities(account, between)).toHaveLength(2);
      expect(await bench.activities(account, { ...between, types: ['JNLS', 'FILL'] })).toMatchObject([
        { type: 'JNLS' },
      ]);
      expect(await bench.activities(account, { types: ['CSD'], limit: 2, direction: 'desc' })).toMatchObject([
        { netAmount: '0.03' },
        { netAmount: '0.02' },
      ]);
      expect(await bench.activities(account, { types: [] })).toEqual([]);
      expect(await bench.activities(account, { after: second(3), until: second(1) })).toEqual([]);
    });

    test('have ids that begin with their time, and any text is a place to go on from', async () => {
      const account = bench.account();
      await bench.show(bench.order({ account }).place().fill(1, 1_000));
      const [only] = await bench.activities(account);
      expect(only?.id).toMatch(/^\d{20}::[0-9a-f-]{36}$/);
      expect(await bench.activities(account, { pageToken: 'z'.repeat(5_000) })).toEqual([]);
      expect(await bench.activities(account, { pageToken: '' })).toEqual([only]);
    });
  });
}
