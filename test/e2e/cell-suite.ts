import { errors } from '@alpacahq/alpaca-trade-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyWebhook } from '../../docs/verify-webhook.ts';
import { verify } from '../../local/verify/check.ts';
import { askAt } from '../support/ask.ts';
import { StreamClient, upTo } from '../support/stream-client.ts';
import { WebhookReceiver } from '../support/webhook-receiver.ts';
import { caught } from './official-client.ts';
import { type Account, openAccount, operate, type Target, within } from './target.ts';

const limit = { symbol: 'ALFA', side: 'buy', timeInForce: 'gtc' } as const;

/** What a cell does for its clients and its operator, from outside and in order. Runs against every cell that has an address. */
export function cellSuite(name: string, start: () => Promise<Target>): void {
  describe(`${name}, from outside`, () => {
    const receiver = new WebhookReceiver();
    let target: Target;
    let buyer: Account;
    let seller: Account;
    let secret: string;
    let listener: StreamClient;
    let boughtId = '';
    let workingId = '';

    const statusOf = async (account: Account, orderId = '') =>
      (await account.trading.orders.getOrderByOrderID({ orderId })).status;
    const becomes = (account: Account, orderId: string | undefined, status: string) =>
      within(target, async () => expect(await statusOf(account, orderId)).toBe(status));

    beforeAll(async () => {
      await receiver.start();
      target = await start();
      await operate(target, 'PUT /v1/instruments/ALFA/reference-price', { body: { price: '100' } });
      buyer = await openAccount(target, 'buyer', [{ amount: '50000', currency: 'USD' }]);
      seller = await openAccount(target, 'seller', [{ symbol: 'ALFA', qty: '100' }]);
      const hook = await operate(
        target,
        'POST /v2/webhooks',
        { body: { url: receiver.url, events: ['fill'] } },
        buyer.key,
      );
      secret = String(hook.body['secret']);
      listener = await new StreamClient(target.stream, '').listening(buyer.key, {}, target.patienceMs);
    });
    afterAll(async () => {
      listener.close();
      await receiver.stop();
    });

    test('an order is placed, reaches the venue, and is read by id and in lists', async () => {
      const { orders } = buyer.trading;
      const placed = await orders.limit({ ...limit, qty: 10, limitPrice: '99.50' });
      expect(placed).toMatchObject({ symbol: 'ALFA', qty: '10', limitPrice: '99.5', filledQty: '0' });
      await becomes(buyer, placed.id, 'new');
      await within(target, async () =>
        expect((await orders.getAllOrders()).map(({ id }) => id)).toEqual([placed.id]),
      );
      workingId = placed.id ?? '';
    });

    test('an order is replaced by the venue’s leave, and what took its place is canceled', async () => {
      const { orders } = buyer.trading;
      const second = await orders.patchOrderByOrderId({
        orderId: workingId,
        patchOrderRequest: { qty: '12', limitPrice: '99.40' },
      });
      expect(second).toMatchObject({ replaces: workingId, qty: '12', limitPrice: '99.4' });
      await becomes(buyer, workingId, 'replaced');
      await becomes(buyer, second.id, 'new');
      await orders.deleteOrderByOrderID({ orderId: second.id ?? '' });
      await becomes(buyer, second.id, 'canceled');
    });

    test('a repeat under the same name is the same order, and other content under it is refused', async () => {
      const { orders } = buyer.trading;
      const once = { ...limit, qty: 1, limitPrice: 98, clientOrderId: 'once' };
      const first = await orders.limit(once);
      expect((await orders.limit(once)).id).toBe(first.id);
      expect(await caught(orders.limit({ ...once, qty: 2 }))).toMatchObject({ status: 422 });
      const body = {
        symbol: 'ALFA',
        side: 'buy',
        type: 'limit',
        qty: '1',
        limit_price: '98',
        time_in_force: 'gtc',
      };
      const ask = { body, headers: { 'idempotency-key': 'once-more' } };
      const placed = await askAt(target.address, buyer.key, 'POST /v2/orders', ask);
      const again = await askAt(target.address, buyer.key, 'POST /v2/orders', ask);
      expect(again.body['id']).toBe(placed.body['id']);
      expect(again.headers.get('idempotency-replayed')).toBe('true');
      const answers = await within(target, async () => {
        expect(await orders.getAllOrders()).toHaveLength(2);
        return orders.deleteAllOrders();
      });
      expect(answers.map(({ status }) => status)).toEqual([200, 200]);
      await becomes(buyer, first.id, 'canceled');
      await becomes(buyer, String(placed.body['id']), 'canceled');
    });

    test('two accounts that cross are filled by the venue, and the numbers are right after', async () => {
      const sold = await seller.trading.orders.limit({ ...limit, side: 'sell', qty: 10, limitPrice: 100 });
      await becomes(seller, sold.id, 'new');
      const bought = await buyer.trading.orders.limit({ ...limit, qty: 10, limitPrice: 101 });
      await becomes(buyer, bought.id, 'filled');
      await becomes(seller, sold.id, 'filled');
      boughtId = bought.id ?? '';
      expect(await buyer.trading.orders.getOrderByOrderID({ orderId: boughtId })).toMatchObject({
        filledQty: '10',
        filledAvgPrice: '100',
      });
      await within(target, async () =>
        expect(await buyer.trading.positions.getAllOpenPositions()).toMatchObject([
          { symbol: 'ALFA', qty: '10' },
        ]),
      );
      // 10 for 100.00 each, and a fee of 100 parts in a million on either side.
      expect(await buyer.trading.account.getAccount()).toMatchObject({
        cash: '48999.90',
        equity: '49999.90',
      });
      expect(await seller.trading.account.getAccount()).toMatchObject({ cash: '999.90' });
    });

    test('who listens hears what became of each order, under numbers without a gap', async () => {
      await within(target, async () =>
        expect(listener.updates).toContainEqual(
          expect.objectContaining({
            event: 'fill',
            qty: '10',
            price: '100',
            order: expect.objectContaining({ id: boughtId, status: 'filled' }),
          }),
        ),
      );
      expect(listener.numbers).toEqual(upTo(listener.numbers.length));
      const since = String(listener.numbers.length - 1);
      const back = new StreamClient(target.stream, '');
      await back.listening(buyer.key, { since_id: since }, target.patienceMs);
      await within(target, async () => expect(back.numbers[0]).toBe(listener.numbers.length));
      back.close();
    });

    test('what is not covered is refused with the client’s own typed error', async () => {
      const shares = await caught(
        buyer.trading.orders.limit({ ...limit, side: 'sell', qty: 11, limitPrice: 100 }),
      );
      expect(shares).toBeInstanceOf(errors.PermissionError);
      expect(shares).toMatchObject({ status: 403, code: 40310000 });
      const stranger = await askAt(target.address, { ...buyer.key, secret: 'guessed' }, 'GET /v2/account');
      expect(stranger.status).toBe(401);
    });

    test('the evidence of an order holds offline, and no longer when one letter of it is another', async () => {
      const at = `${target.address}/v1/orders/${boughtId}/evidence`;
      const { keyId, secret: password } = target.administrator;
      const headers = { 'apca-api-key-id': keyId, 'apca-api-secret-key': password };
      const text = await (await fetch(at, { headers, signal: AbortSignal.timeout(30_000) })).text();
      expect(verify(text).findings).toEqual([]);
      const altered = text.replace(
        buyer.id,
        buyer.id.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
      );
      expect(altered).not.toBe(text);
      expect(verify(altered).findings).not.toEqual([]);
    });

    test('a change of the config is in force, and on record', async () => {
      const { cell, address, elsewhere } = target;
      const before = await operate(target, 'GET /v1/config');
      await target.changeConfig({
        cells: { [cell]: { address }, [elsewhere.cell]: { address: elsewhere.address } },
        limits: { accounts: { default: { orderQuantityMax: '5000' } } },
      });
      await within(target, async () => {
        const { body } = await operate(target, 'GET /v1/config');
        expect(body['version']).not.toBe(before.body['version']);
      });
      // More than the account can pay: it is refused before the change too, for another reason.
      await within(target, async () => {
        const refused = await caught(buyer.trading.orders.limit({ ...limit, qty: 6000, limitPrice: 90 }));
        expect(refused).toMatchObject({ status: 403, message: expect.stringContaining('quantity') });
      });
      await within(target, async () => {
        const { list } = await operate(target, 'GET /v1/config/history');
        expect(list[0]).toMatchObject({ outcome: 'changed', previous_version: before.body['version'] });
      });
    });

    test('an account of another cell is told where that one is', async () => {
      const { cell, address, key, answers } = target.elsewhere;
      await within(target, async () => {
        const answer = await askAt(target.address, key, 'GET /v2/account');
        expect(answer).toMatchObject({ status: 421, body: { reason: 'account_elsewhere', cell, address } });
      });
      if (answers) expect(await askAt(address, key, 'GET /v2/account')).toMatchObject({ status: 200 });
    });

    test('a kill switch refuses what is new', async () => {
      const working = await buyer.trading.orders.limit({ ...limit, qty: 5, limitPrice: '95' });
      await becomes(buyer, working.id, 'new');
      workingId = working.id ?? '';
      await operate(target, `PUT /v1/kill-switches/accounts/${buyer.id}`, {
        body: { on: true, reason: 'an exercise' },
      });
      await within(target, async () => {
        const refused = await askAt(target.address, buyer.key, 'POST /v2/orders', {
          body: { symbol: 'ALFA', side: 'buy', type: 'market', qty: '1', time_in_force: 'day' },
        });
        expect(refused).toMatchObject({ status: 403, body: { reason: 'kill_switch_account' } });
      });
      const other = await seller.trading.orders.limit({ ...limit, qty: 1, limitPrice: 90 });
      await becomes(seller, other.id, 'new');
    });

    test('and cancels what works, also what was taken in the moments before everybody knew of it', async () => {
      await becomes(buyer, workingId, 'canceled');
      await within(target, async () =>
        expect(await buyer.trading.account.getAccount()).toMatchObject({
          cash: '48999.90',
          buyingPower: '48999.90',
        }),
      );
      expect(await statusOf(buyer, workingId)).toBe('canceled');
    });

    test('the webhook has been told of the fill, signed', async () => {
      await within(target, async () => expect(receiver.received).toHaveLength(1));
      const [message] = receiver.received;
      const { body = '', signature = '' } = message ?? {};
      const nowSeconds = Date.now() / 1000;
      expect(verifyWebhook({ body, signature, secrets: [secret], nowSeconds })).toBe(true);
      expect(verifyWebhook({ body: `${body} `, signature, secrets: [secret], nowSeconds })).toBe(false);
      expect(JSON.parse(body)).toMatchObject({
        event: 'fill',
        account_id: buyer.id,
        qty: '10',
        price: '100',
        order: { id: boughtId, status: 'filled' },
      });
    });

    test('in the end every total follows from the log', async () => {
      expect((await operate(target, 'GET /v1/reconcile')).body).toMatchObject({ differences: 0 });
      expect((await operate(target, 'GET /v1/parked')).list.filter(({ parked }) => parked !== 0)).toEqual([]);
    });
  });
}
