import { describe, expect, test } from 'vitest';
import type { OrderScript } from '../support/orders.ts';
import type { ViewBench } from './view-bench.ts';

export function positionContract(bench: ViewBench): void {
  /** An order that trades once, its report at `version` of the venue's stream, and is known at second `at`. */
  const traded = (
    account: string,
    lots: number,
    ticks: number,
    { version, at, id }: { readonly version: number; readonly at: number; readonly id?: string },
  ): OrderScript => {
    const order = bench.order({ account, startsAt: at - 1 });
    order.place({ side: lots < 0 ? 'sell' : 'buy', quantity: String(Math.abs(lots)), limitPrice: '100' });
    return order.fillAt(version, { lots: Math.abs(lots), ticks, id: id ?? `${order.id}-e` });
  };

  describe('a position', () => {
    test('is unknown before the first trade', async () => {
      const account = bench.account();
      await bench.show(bench.order({ account }).place());
      expect(await bench.position(account)).toBeUndefined();
    });

    test('averages what it bought and takes profit at that average', async () => {
      const account = bench.account();
      await bench.show(traded(account, 30, 1_000, { version: 1, at: 10 }));
      await bench.show(traded(account, 10, 2_000, { version: 2, at: 20 }));
      await bench.show(traded(account, -20, 1_500, { version: 3, at: 30 }));
      expect(await bench.position(account)).toMatchObject({
        quantity: '20',
        costBasis: '250',
        averageEntryPrice: '12.5',
        realizedProfit: '50',
        lastTrade: { side: 'sell', quantity: '20', price: '15' },
      });
    });

    test('a third is not lost to rounding: closed out, cost is zero and profit exact', async () => {
      const account = bench.account();
      await bench.show(traded(account, 3, 3_334, { version: 1, at: 10 }));
      await bench.show(traded(account, 4, 3_333, { version: 2, at: 20 }));
      await bench.show(traded(account, -1, 4_000, { version: 3, at: 30 }));
      await bench.show(traded(account, -6, 4_000, { version: 4, at: 40 }));
      const position = await bench.position(account);
      expect(position).toMatchObject({ quantity: '0', costBasis: '0', realizedProfit: '46.66' });
      expect(position).not.toHaveProperty('averageEntryPrice');
    });

    test('a trade that becomes known late counts where the venue had it', async () => {
      const account = bench.account();
      const late = traded(account, 10, 1_000, { version: 1, at: 90 });
      await bench.show(traded(account, 10, 2_000, { version: 2, at: 20 }));
      await bench.show(traded(account, -10, 3_000, { version: 3, at: 30 }));
      await bench.show(late);
      expect(await bench.position(account)).toMatchObject({ costBasis: '150', realizedProfit: '150' });
    });

    test('streams of different venues are ordered by time, whatever they are called', async () => {
      const account = bench.account();
      const order = bench.order({ account, venue: 'venue-z', startsAt: 0 });
      await bench.show(order.place({ quantity: '10' }).fill(10, 1_000));
      await bench.show(traded(account, -5, 3_000, { version: 1, at: 10 }));
      const again = bench.order({ account, venue: 'venue-b', startsAt: 20 });
      await bench.show(again.place({ quantity: '5' }).fill(5, 4_000));
      expect(await bench.position(account)).toMatchObject({ costBasis: '250', realizedProfit: '100' });
    });

    test('a bust leaves it as if the trade had never been, a correction as if it had always been so', async () => {
      const [account, clean] = [bench.account(), bench.account()];
      const wrong = traded(account, 10, 1_000, { version: 1, at: 10, id: 'wrong' });
      const busted = traded(account, 10, 9_000, { version: 2, at: 20, id: 'busted' });
      await bench.show(wrong, busted, traded(account, -5, 3_000, { version: 3, at: 30 }));
      await bench.show(wrong.correct('wrong', { id: 'right', lots: 8, ticks: 2_000 }), busted.bust('busted'));
      await bench.show(traded(clean, 8, 2_000, { version: 1, at: 10 }));
      await bench.show(traded(clean, -5, 3_000, { version: 3, at: 30 }));
      const { accountId: _, lastTrade, ...numbers } = (await bench.position(account)) ?? {};
      expect(await bench.position(clean)).toMatchObject(numbers);
      expect(lastTrade).toMatchObject({ side: 'sell', price: '30' });
    });

    test('a busted correction leaves nothing', async () => {
      const account = bench.account();
      const order = traded(account, 10, 1_000, { version: 1, at: 10, id: 'e1' });
      await bench.show(order.correct('e1', { id: 'e2', lots: 4, ticks: 2_000 }));
      await bench.show(order.bust('e2'));
      expect(await bench.position(account)).toMatchObject({ quantity: '0', realizedProfit: '0' });
    });

    test('of many trades in random order is that of the ordered ones', async () => {
      const [ordered, mixed] = [bench.account(), bench.account()];
      const trades = Array.from({ length: 24 }, (_, index) => ({
        lots: index % 3 === 2 ? -7 : 11,
        ticks: 1_000 + ((index * 37) % 100),
        place: { version: index + 1, at: 10 + index },
      }));
      const one = (account: string) => (trade: (typeof trades)[number]) =>
        traded(account, trade.lots, trade.ticks, trade.place);
      await bench.show(...trades.map(one(ordered)));
      const shuffled = trades.toSorted((a, b) => ((a.ticks * 7) % 13) - ((b.ticks * 7) % 13));
      await bench.show(...shuffled.map(one(mixed)));
      const { accountId: _, lastTrade, ...numbers } = (await bench.position(ordered)) ?? {};
      expect(lastTrade).toBeDefined();
      expect(await bench.position(mixed)).toMatchObject(numbers);
    });

    test('an account lists all of its own by symbol', async () => {
      const account = bench.account();
      const [zed, abc] = ['ZED', 'ABC'].map((symbol) =>
        bench.order({ account }).place({ symbol }).fill(1, 500),
      );
      if (!zed || !abc) throw new Error('two orders were made');
      await bench.show(zed, traded(account, 10, 1_000, { version: 1, at: 10 }), abc);
      const positions = await bench.views.positions(account, bench.deadline);
      expect(positions.map(({ symbol, quantity }) => [symbol, quantity])).toEqual([
        ['ABC', '1'],
        ['ACME', '10'],
        ['ZED', '1'],
      ]);
      expect(await bench.views.positions(bench.account(), bench.deadline)).toEqual([]);
    });
  });
}
