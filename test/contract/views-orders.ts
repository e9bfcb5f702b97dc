import { describe, expect, test } from 'vitest';
import { orderStream } from '../../domain/order/effects.ts';
import { clientOrderId, orderId } from '../../domain/values/ids.ts';
import { rowsOf } from '../../platform/views/order-row.ts';
import { aCommit, anId } from '../support/commits.ts';
import { second } from '../support/orders.ts';
import type { ViewBench } from './view-bench.ts';

export function orderListContract(bench: ViewBench): void {
  describe('the list of orders', () => {
    test('holds the rows that the order itself gives', async () => {
      const account = bench.account();
      const order = bench
        .order({ account })
        .place({ quantity: '10' })
        .fill(2, 10_000)
        .replace({ quantity: '20' })
        .report({ report: 'confirm-replace' })
        .fill(3, 9_999);
      await bench.show(order);
      expect(await bench.list(account, { direction: 'asc' })).toEqual(rowsOf(order.commits));
    });

    test('shows a denied order as rejected, with its reason', async () => {
      const account = bench.account();
      await bench.show(bench.order({ account }).place({ symbol: 'NONE' }));
      expect(await bench.list(account, { status: 'closed' })).toMatchObject([
        { status: 'rejected', symbol: 'NONE', refusal: { reason: 'instrument_unknown' } },
      ]);
    });

    test('is empty for an account without orders, and holds nobody else’s', async () => {
      await bench.show(bench.order({ account: bench.account() }).place());
      expect(await bench.list(bench.account())).toEqual([]);
    });

    test('names every account with an open order, once', async () => {
      const [busy, quiet, unused] = [bench.account(), bench.account(), bench.account()];
      for (const startsAt of [1, 5]) await bench.show(bench.order({ account: busy, startsAt }).place());
      const filled = bench.order({ account: quiet });
      filled.place({ quantity: '1' }).fill(1, 10_000);
      await bench.show(filled);
      const accounts = await bench.views.openAccounts(bench.deadline);
      const mine = [busy, quiet, unused];
      expect(accounts.filter((account) => mine.includes(account))).toEqual([busy]);
    });

    test('tells open from closed, also after an order changed sides', async () => {
      const account = bench.account();
      const [working, filled] = [bench.order({ account }), bench.order({ account, startsAt: 5 })];
      working.place();
      filled.place({ quantity: '1' });
      await bench.show(working, filled);
      expect(await bench.ids(account, { status: 'open' })).toEqual([filled.id, working.id]);
      filled.fill(1, 10_000, 'e1');
      await bench.show(filled);
      expect(await bench.ids(account, { status: 'open' })).toEqual([working.id]);
      expect(await bench.ids(account, { status: 'closed' })).toEqual([filled.id]);
      filled.bust('e1');
      await bench.show(filled);
      expect(await bench.ids(account, { status: 'open' })).toEqual([filled.id, working.id]);
      expect(await bench.ids(account, { status: 'all' })).toEqual([filled.id, working.id]);
    });

    test('is in the order of submission, then of ids, both ways', async () => {
      const account = bench.account();
      const orders = [3, 1, 2, 1].map((startsAt) => bench.order({ account, startsAt }).place());
      await bench.show(...orders);
      const ids = orders.map(({ id }) => id);
      const [third, first, second_, tie] = ids;
      expect(await bench.ids(account, { direction: 'asc' })).toEqual([first, tie, second_, third]);
      expect(await bench.ids(account, { direction: 'desc' })).toEqual([third, second_, tie, first]);
    });

    test('keeps within its bounds of time, both exclusive, and its limit', async () => {
      const account = bench.account();
      const orders = [0, 1, 2, 3, 4].map((startsAt) => bench.order({ account, startsAt }).place());
      await bench.show(...orders);
      const [, one, two, three] = orders.map(({ id }) => id);
      const between = { after: second(0), until: second(4) };
      expect(await bench.ids(account, between)).toEqual([three, two, one]);
      expect(await bench.ids(account, { ...between, limit: 2 })).toEqual([three, two]);
      expect(await bench.ids(account, { ...between, limit: 2, direction: 'asc' })).toEqual([one, two]);
    });

    test('filters by symbol and side', async () => {
      const account = bench.account();
      const buy = bench.order({ account }).place();
      const sell = bench.order({ account, startsAt: 1 }).place({ side: 'sell' });
      const other = bench.order({ account, startsAt: 2 }).place({ symbol: 'OTHER' });
      await bench.show(buy, sell, other);
      expect(await bench.ids(account, { side: 'sell' })).toEqual([sell.id]);
      expect(await bench.ids(account, { symbols: ['ACME'] })).toEqual([sell.id, buy.id]);
      expect(await bench.ids(account, { symbols: ['OTHER', 'ACME', 'OTHER'], limit: 2 })).toEqual([
        other.id,
        sell.id,
      ]);
      expect(await bench.ids(account, { symbols: ['ACME'], side: 'buy', status: 'open' })).toEqual([buy.id]);
      expect(await bench.ids(account, { symbols: ['NONE'] })).toEqual([]);
      expect(await bench.ids(account, { symbols: [] })).toEqual([]);
    });

    test('finds the few open ones among many closed', async () => {
      const account = bench.account();
      const open = bench.order({ account }).place();
      const closed = Array.from({ length: 30 }, (_, startsAt) =>
        bench.order({ account, startsAt }).place({ symbol: 'NONE' }),
      );
      await bench.show(open, ...closed);
      expect(await bench.ids(account, { status: 'open', limit: 1 })).toEqual([open.id]);
      expect(await bench.list(account, { status: 'closed', limit: 7, symbols: ['NONE'] })).toHaveLength(7);
    });

    test('of what is open goes through every account, a page at a time, each order once', async () => {
      const accounts = [bench.account(), bench.account()];
      const open = [0, 1, 2, 3, 4].map((startsAt) =>
        bench.order({ account: accounts[startsAt % 2] ?? '', startsAt }).place(),
      );
      const closed = bench.order({ account: accounts[0] ?? '' }).place({ symbol: 'NONE' });
      await bench.show(...open, closed);
      const seen: string[] = [];
      let after: string | undefined;
      do {
        const place = after === undefined ? {} : { after };
        const page = await bench.views.openOrders({ limit: 2, ...place }, bench.deadline);
        expect(page.rows.length).toBeLessThanOrEqual(2);
        seen.push(...page.rows.filter(({ accountId }) => accounts.includes(accountId)).map(({ id }) => id));
        after = page.next;
      } while (after !== undefined);
      expect(seen.toSorted()).toEqual(open.map(({ id }) => id).toSorted());
    });

    test('of what the clock may move holds dated orders while they are open, and no others', async () => {
      const account = bench.account();
      const dated = bench
        .order({ account })
        .place({ timeInForce: 'gtd', expireAt: second(9_000), quantity: '1' });
      const others = (['day', 'gtc'] as const).map((timeInForce, index) =>
        bench.order({ account, startsAt: index + 1 }).place({ timeInForce }),
      );
      const timed = async () => {
        const { rows } = await bench.views.openOrders({ timed: true, limit: 500 }, bench.deadline);
        return rows.filter(({ accountId }) => accountId === account).map(({ id }) => id);
      };
      await bench.show(dated, ...others);
      expect(await timed()).toEqual([dated.id]);
      dated.fill(1, 10_000, 'e1');
      await bench.show(dated);
      expect(await timed()).toEqual([]);
      dated.bust('e1');
      await bench.show(dated);
      expect(await timed()).toEqual([dated.id]);
    });

    test('of stop losses holds those that watch a symbol, until they do no longer', async () => {
      const [account, symbol, leg] = [bench.account(), `S${bench.account().slice(-6).toUpperCase()}`, anId()];
      const stopLoss = { orderId: orderId(leg), clientOrderId: clientOrderId(leg), stopPrice: '95' };
      const pair = bench.order({ account }).place({
        side: 'sell',
        symbol,
        timeInForce: 'gtc',
        limitPrice: '110',
        linked: { class: 'oco', stopLoss },
      });
      const armed = async () => {
        const { rows } = await bench.views.openOrders({ armedIn: symbol, limit: 10 }, bench.deadline);
        return rows.map(({ id }) => id);
      };
      await bench.show(pair);
      expect(await armed()).toEqual([leg]);
      pair.run(() => ({ do: 'elect-stop', price: '95' })).report({ report: 'confirm-replace' });
      await bench.show(pair);
      expect(await armed()).toEqual([]);
    });

    test('has no row for an alias stream', async () => {
      const [account, alias] = [bench.account(), anId()];
      const data = { orderId: 'elsewhere', accountId: account };
      const stream = orderStream(alias);
      const commit = aCommit({
        stream,
        commitId: anId(),
        events: [{ type: 'OrderAliased', schema: 1, data }],
      });
      await bench.log.append([commit], []);
      expect(await bench.consumer.deliver([commit], bench.deadline)).toMatchObject({ applied: 1, parked: 0 });
      expect(await bench.list(account)).toEqual([]);
    });
  });
}
