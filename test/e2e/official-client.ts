import { Alpaca, errors, trading } from '@alpacahq/alpaca-trade-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Key } from '../support/ask.ts';
import type { StartTestCell, TestCell } from '../support/cell.ts';
import { eventually } from '../support/eventually.ts';

const timesInForce = ['day', 'gtc', 'ioc', 'fok', 'opg', 'cls'] as const;

/** What a client of the Trading API v2 relies on, asked through the official one. Runs against any cell that can be started. */
export function officialClientSuite(name: string, start: StartTestCell): void {
  describe(`the official client against ${name}`, () => {
    let cell: TestCell;
    let alpaca: Alpaca;

    beforeAll(async () => {
      cell = await start();
      alpaca = facade(cell, cell.key('first'));
    });
    afterAll(() => cell.stop());

    test('places every type of order in every time in force', async () => {
      for (const timeInForce of timesInForce) {
        const common = { symbol: 'ALFA', qty: 1, side: 'buy', timeInForce } as const;
        const { orders } = alpaca.trading;
        const placed = [
          await orders.market(common),
          await orders.limit({ ...common, limitPrice: '99.50' }),
          await orders.stop({ ...common, stopPrice: 101 }),
          await orders.stopLimit({ ...common, stopPrice: 101, limitPrice: 102 }),
          await orders.trailingStop({ ...common, trailPrice: '1.50' }),
          await orders.trailingStop({ ...common, trailPercent: '2.5' }),
        ];
        const kinds = placed.map(({ type }) => type);
        expect(kinds).toEqual(['market', 'limit', 'stop', 'stop_limit', 'trailing_stop', 'trailing_stop']);
        const status = timeInForce === 'opg' ? 'accepted' : 'pending_new';
        for (const order of placed) expect(order).toMatchObject({ status, timeInForce, qty: '1' });
      }
    });

    test('reads an order back by its id, by its client order id and in lists', async () => {
      const placed = await alpaca.trading.orders.limit({
        symbol: 'BRVO',
        qty: '2',
        side: 'buy',
        limitPrice: '25.00',
        clientOrderId: 'read-me-back',
      });
      const byId = await alpaca.trading.orders.getOrderByOrderID({ orderId: placed.id ?? '' });
      const byName = await alpaca.trading.orders.getOrderByClientOrderId({ clientOrderId: 'read-me-back' });
      expect(byId).toEqual(placed);
      expect(byName).toEqual(placed);
      const { orders } = alpaca.trading;
      await eventually(async () =>
        expect(await orders.getAllOrders({ symbols: ['BRVO'] })).toEqual([placed]),
      );
      expect(placed).toMatchObject({
        limitPrice: '25',
        filledQty: '0',
        notional: null,
        orderClass: 'simple',
      });
      expect(placed.createdAt).toBeInstanceOf(Date);
    });

    test('pages through a list by time, in either direction, exclusively', async () => {
      const { orders } = alpaca.trading;
      const ids: (string | undefined)[] = [];
      for (let count = 0; count < 5; count += 1) {
        ids.push((await orders.limit({ symbol: 'CHRL', qty: 1, side: 'buy', limitPrice: 48 })).id);
      }
      const list = async (more: object) =>
        (await orders.getAllOrders({ symbols: 'CHRL', status: 'all', ...more })).map(({ id }) => id);
      await eventually(async () => expect(await list({ direction: 'asc' })).toEqual(ids));
      expect(await list({ limit: 2 })).toEqual([ids[4], ids[3]]);
      expect(await list({ limit: 2, beforeOrderId: ids[3] })).toEqual([ids[2], ids[1]]);
      expect(await list({ direction: 'asc', afterOrderId: ids[1] })).toEqual([ids[2], ids[3], ids[4]]);
      expect(await list({ side: 'sell' })).toEqual([]);
    });

    test('replaces an order and cancels the one that took its place', async () => {
      const { orders } = alpaca.trading;
      const connector = await cell.issue({ role: 'venue', venue_id: 'XSIM', person_id: 'connector' });
      const report = (id: string | undefined, body: object, key: string) =>
        cell.ask(connector, `POST /v1/orders/${id}/reports`, { body, headers: { 'idempotency-key': key } });
      const first = await orders.limit({ symbol: 'DLTA', qty: 10, side: 'buy', limitPrice: 300 });
      await report(first.id, { report: 'accept', venue_order_id: 'v1' }, 'r1');
      const second = await orders.patchOrderByOrderId({
        orderId: first.id ?? '',
        patchOrderRequest: { qty: '12', limitPrice: '301' },
      });
      expect(second).toMatchObject({ replaces: first.id, qty: '12', limitPrice: '301' });
      expect((await orders.getOrderByOrderID({ orderId: first.id ?? '' })).status).toBe('pending_replace');
      await report(first.id, { report: 'confirm-replace' }, 'r2');
      const left = await orders.getOrderByOrderID({ orderId: first.id ?? '' });
      expect(left).toMatchObject({ status: 'replaced', replacedBy: second.id, qty: '10' });
      await orders.deleteOrderByOrderID({ orderId: second.id ?? '' });
      await report(first.id, { report: 'confirm-cancel' }, 'r3');
      expect((await orders.getOrderByOrderID({ orderId: second.id ?? '' })).status).toBe('canceled');
    });

    test('cancels everything, with an answer for each order', async () => {
      const { orders } = facade(cell, cell.key('second')).trading;
      const one = await orders.limit({ symbol: 'ECHO', qty: 1, side: 'buy', limitPrice: 12 });
      const other = await orders.market({ symbol: 'ECHO', qty: 1, side: 'buy', timeInForce: 'opg' });
      await eventually(async () => expect(await orders.getAllOrders()).toHaveLength(2));
      const answers = await orders.deleteAllOrders();
      const byId = new Map(answers.map(({ id, status }) => [id, status]));
      expect(byId).toEqual(
        new Map([
          [one.id, 200],
          [other.id, 200],
        ]),
      );
      expect((await orders.getOrderByOrderID({ orderId: other.id ?? '' })).status).toBe('canceled');
    });

    test('shows account, assets, clock and no positions', async () => {
      const other = facade(cell, cell.key('second')).trading;
      expect(await other.account.getAccount()).toMatchObject({
        status: 'ACTIVE',
        currency: 'USD',
        cash: '250000.00',
        shortingEnabled: false,
        multiplier: '1',
      });
      expect(await other.positions.getAllOpenPositions()).toEqual([]);
      expect(await other.assets.getV2Assets()).toHaveLength(10);
      expect(await other.assets.getV2AssetsSymbolOrAssetId({ symbolOrAssetId: 'AAPL' })).toMatchObject({
        symbol: 'AAPL',
        tradable: true,
      });
      expect(await other.clock.legacyClock()).toMatchObject({ isOpen: true });
    });

    test('turns refusals into its own typed errors, with our code and words', async () => {
      const { orders } = alpaca.trading;
      const common = { symbol: 'ALFA', qty: 1, side: 'buy' } as const;
      const funds = await caught(orders.limit({ ...common, symbol: 'DLTA', qty: 5000, limitPrice: 312 }));
      expect(funds).toBeInstanceOf(errors.PermissionError);
      expect(funds).toMatchObject({ status: 403, code: 40310000 });
      const shares = await caught(orders.market({ ...common, side: 'sell', qty: 1 }));
      expect(shares).toMatchObject({ status: 403, code: 40310000 });
      const notional = await caught(orders.market({ symbol: 'ALFA', notional: 100, side: 'buy' }));
      expect(notional).toBeInstanceOf(errors.ValidationError);
      expect(notional).toMatchObject({
        status: 422,
        code: 40010001,
        message: expect.stringContaining('notional'),
      });
      const nothing = await caught(
        orders.getOrderByOrderID({ orderId: '8dab87c1-0e2e-5bd7-8ad7-01d7d3972620' }),
      );
      expect(nothing).toBeInstanceOf(errors.NotFoundError);
      const stranger = facade(cell, { ...cell.key('first'), secret: 'wrong' });
      expect(await caught(stranger.trading.account.getAccount())).toBeInstanceOf(errors.AuthError);
    });

    test('the same client order id meets the first order, other content is refused in the words clients look for', async () => {
      const { orders } = alpaca.trading;
      const common = { symbol: 'ALFA', qty: 3, side: 'buy', limitPrice: 99, clientOrderId: 'once' } as const;
      const first = await orders.limit(common);
      expect(await orders.limit({ ...common, limitPrice: '99.00' })).toEqual(first);
      const other = await caught(orders.limit({ ...common, qty: 4 }));
      expect(other).toMatchObject({ status: 422, code: 40010001, message: 'client_order_id must be unique' });
    });

    test('outside the session a day order is queued for the next one, and says so; IOC is refused', async () => {
      cell.clock.set('2026-11-28T15:00:00Z');
      try {
        await cell.ask(cell.key('administrator'), 'PUT /v1/instruments/AAPL/reference-price', {
          body: { price: '230' },
        });
        const common = { symbol: 'AAPL', qty: 1, side: 'buy', limitPrice: 230 } as const;
        expect(await alpaca.trading.orders.limit(common)).toMatchObject({ status: 'accepted' });
        const refused = await caught(alpaca.trading.orders.limit({ ...common, timeInForce: 'ioc' }));
        expect(refused).toMatchObject({
          status: 422,
          code: 42210000,
          message: expect.stringContaining('closed'),
        });
        expect(await alpaca.trading.clock.legacyClock()).toMatchObject({
          isOpen: false,
          nextOpen: new Date('2026-11-30T14:30:00Z'),
          nextClose: new Date('2026-11-30T21:00:00Z'),
        });
      } finally {
        cell.clock.set('2026-11-30T15:00:00Z');
      }
    });

    test('works through its plain configuration too, with nothing changed but the address', async () => {
      const { keyId, secret } = cell.key('first');
      const configuration = new trading.Configuration({ basePath: cell.address, keyId, secret });
      const account = await new trading.AccountsApi(configuration).getAccount();
      expect(account.id).toBe(cell.key('first').accountId);
    });
  });
}

/** The facade knows only Alpaca's hosts: every request is sent to the cell instead. */
export function facade(cell: { readonly address: string }, { keyId, secret }: Key): Alpaca {
  const fetchApi: typeof fetch = (input, init) => {
    const asked = new URL(input instanceof Request ? input.url : input);
    return fetch(cell.address + asked.pathname + asked.search, init);
  };
  return new Alpaca({ keyId, secret, fetchApi, rateLimit: false, retry: false });
}

export async function caught(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}
