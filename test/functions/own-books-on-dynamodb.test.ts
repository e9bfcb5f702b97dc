import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { handler as accounts } from '../../functions/entries/accounts.ts';
import { handler as approvals } from '../../functions/entries/approvals.ts';
import { handler as cancelOrders } from '../../functions/entries/cancel-orders.ts';
import { handler as keys } from '../../functions/entries/keys.ts';
import { handler as marketData } from '../../functions/entries/market-data.ts';
import { handler as placeOrder } from '../../functions/entries/place-order.ts';
import { handler as readOrders } from '../../functions/entries/read-orders.ts';
import { handler as referencePrices } from '../../functions/entries/reference-prices.ts';
import { handler as relay } from '../../functions/entries/relay.ts';
import { handler as sessions } from '../../functions/entries/sessions.ts';
import { handler as transfers } from '../../functions/entries/transfers.ts';
import { handler as venue } from '../../functions/entries/venue.ts';
import { handler as venueReports } from '../../functions/entries/venue-reports.ts';
import { handler as views } from '../../functions/entries/views.ts';
import type { ApiHandler } from '../../functions/lambda/api.ts';
import { bookKeepers } from '../../functions/lambda/attended/books.ts';
import { withMarket } from '../../functions/lambda/own-market.ts';
import { withKillSwitch, withOrders, withPrices } from '../../functions/lambda/parts.ts';
import { stand } from '../../functions/lambda/standing.ts';
import { surroundingsOf } from '../../functions/lambda/surroundings.ts';
import type { RouteKey } from '../../functions/manifest.ts';
import { sweepBooks as declared } from '../../functions/manifest/schedules.ts';
import { DeadlineExceeded } from '../../platform/deadline/deadline.ts';
import { configWith } from '../support/cell.ts';
import { answerOf, apiRequest, contextWith, type LambdaCall, type LambdaKey } from '../support/lambda.ts';
import { type LambdaCell, startLambdaCell } from '../support/lambda-cell.ts';
import { loadedLater, loggedBy } from '../support/loaded-later.ts';
import { onDynamoDb } from '../support/on-dynamodb.ts';
import { queueBatch } from '../support/queue-batch.ts';

const callMs = 20_000;

const folder = mkdtempSync(join(tmpdir(), 'ordercell-own-books-'));
afterAll(() => rm(folder, { recursive: true }));

/** Where it is about noon now, so that a session of this morning is over whenever the test runs. */
const noonIn = (): string => {
  const hours = new Date().getUTCHours() - 12;
  return hours === 0 ? 'Etc/GMT' : `Etc/GMT${hours > 0 ? '+' : ''}${hours}`;
};

await onDynamoDb('our own books in Lambda', (endpoint) => {
  let cell: LambdaCell;
  let account: string;
  let trader: LambdaKey;

  async function call(handler: ApiHandler, route: RouteKey, asked: LambdaCall = {}) {
    const request = apiRequest(route, { key: cell.administrator, ...asked });
    const answer = answerOf(await handler(request, contextWith(callMs)));
    expect([route, answer.status]).toEqual([route, expect.toSatisfy((status: number) => status < 300)]);
    return answer.body;
  }

  const newKey = async (body: object): Promise<LambdaKey> => {
    const { id, secret } = await call(keys, 'POST /v1/keys', { body });
    return { keyId: id, secret };
  };

  /** What is in the log by now, to the lists and to the books. */
  async function carry(): Promise<void> {
    for (let Records = await cell.changes(); Records.length > 0; Records = await cell.changes()) {
      await relay({ Records }, contextWith(callMs));
      const entries = cell.bus.taken.splice(0);
      for (let from = 0; from < entries.length; from += 10) {
        const batch = queueBatch(entries.slice(from, from + 10));
        for (const consumer of [venue, views])
          expect(await consumer(batch, contextWith(callMs))).toEqual({ batchItemFailures: [] });
      }
    }
  }

  async function entered(more: object): Promise<{ readonly order_id: string }> {
    const order = { symbol: 'ALFA', type: 'limit', time_in_force: 'day', qty: '2', limit_price: '100' };
    const { id } = await call(placeOrder, 'POST /v2/orders', { key: trader, body: { ...order, ...more } });
    return { order_id: id };
  }

  async function place(more: object): Promise<{ readonly order_id: string }> {
    const path = await entered(more);
    await carry();
    return path;
  }

  const read = (path: { readonly order_id: string }) =>
    call(readOrders, 'GET /v2/orders/{order_id}', { key: trader, path });

  beforeAll(async () => {
    cell = await startLambdaCell(endpoint);
    const free = { 'limits.accounts.default.selfTradePrevention': 'none' };
    cell.appConfig.answer = { kind: 'config', text: JSON.stringify(configWith(free)) };
    Object.assign(process.env, cell.environment);
    const path = { symbol: 'ALFA' };
    await call(referencePrices, 'PUT /v1/instruments/{symbol}/reference-price', {
      path,
      body: { price: '100' },
    });
    account = (await call(accounts, 'POST /v1/accounts', { body: {} })).id;
    for (const [name, body] of Object.entries({
      cash: { direction: 'INCOMING', amount: '100000' },
      shares: { direction: 'INCOMING', symbol: 'ALFA', qty: '100' },
    }))
      await call(transfers, 'POST /v1/accounts/{account_id}/transfers', {
        path: { account_id: account },
        headers: { 'idempotency-key': name },
        body,
      });
    trader = await newKey({ role: 'client', account_id: account });
  });
  afterAll(() => cell.stop());

  /** Two shares from one side to the other, which one person wants undone: what a second one answers. */
  async function tradeToUndo() {
    const bought = await place({ side: 'buy' });
    const sold = await place({ side: 'sell' });
    expect([await read(bought), await read(sold)]).toMatchObject([
      { status: 'filled', filled_qty: '2' },
      { status: 'filled', filled_qty: '2' },
    ]);
    const [olga, otto] = [
      await newKey({ role: 'operator', person_id: 'olga' }),
      await newKey({ role: 'operator', person_id: 'otto' }),
    ];
    const events = await call(readOrders, 'GET /v2/orders/{order_id}/events', { key: trader, path: bought });
    const [, executionId] = /"executionId":"([^"]+)"/.exec(JSON.stringify(events)) ?? [];
    const { approval } = await call(venueReports, 'POST /v1/orders/{order_id}/reports', {
      key: olga,
      path: bought,
      headers: { 'idempotency-key': `undo-${bought.order_id}` },
      body: { report: 'bust', execution_id: executionId },
    });
    return { bought, sold, asked: { key: otto, path: { approval_id: approval.id } } };
  }

  test('a trade that two persons undo is undone in the book, and so on both its sides', async () => {
    const { bought, sold, asked } = await tradeToUndo();
    await call(approvals, 'POST /v1/approvals/{approval_id}/approve', asked);
    await carry();
    const undone = { status: 'canceled', filled_qty: '0' };
    expect([await read(bought), await read(sold)]).toMatchObject([undone, undone]);
  });

  test('a trade whose undoing met a missing file stays, with an error and a line in the log, and is undone by the next call', async () => {
    const { bought, sold, asked } = await tradeToUndo();
    const bundled = await loadedLater('approvals', folder);
    const approve = apiRequest('POST /v1/approvals/{approval_id}/approve', asked);
    await bundled.lose();
    process.env['POWERTOOLS_LOG_LEVEL'] = 'ERROR';
    const said = await loggedBy(async () =>
      expect(answerOf(await bundled.handler(approve, contextWith(callMs)))).toMatchObject({
        status: 500,
        body: { reason: 'internal_error' },
      }),
    );
    process.env['POWERTOOLS_LOG_LEVEL'] = 'SILENT';
    expect(said).toMatch(/request failed.*Cannot find module .*\.mjs/);
    await carry();
    expect(await read(bought)).toMatchObject({ filled_qty: '2' });
    await bundled.find();
    await call(bundled.handler, 'POST /v1/approvals/{approval_id}/approve', asked);
    await carry();
    const undone = { status: 'canceled', filled_qty: '0' };
    expect([await read(bought), await read(sold)]).toMatchObject([undone, undone]);
  });

  test('meet what no delivery brought in a sweep, which says what it was traded at', async () => {
    const orders = [await entered({ side: 'buy', limit_price: '101' })];
    orders.push(await entered({ side: 'sell', limit_price: '101' }));
    const on = await stand(await surroundingsOf(process.env), declared.rights);
    const [market] = bookKeepers(on);
    const heads = orders.map(({ order_id: id }) => ({ stream: `order-${id}`, version: 1 }));
    expect(await market?.sweepHeads(heads)).toEqual({ streams: 2, behind: 2, applied: 2, parked: 0 });
    for (const path of orders) expect(await read(path)).toMatchObject({ status: 'filled' });
    const path = { symbol: 'ALFA' };
    const asked = await call(referencePrices, 'GET /v1/instruments/{symbol}/reference-price', { path });
    expect(asked).toMatchObject({ price: '101' });
    const shown = await call(marketData, 'GET /v2/stocks/{symbol}/snapshot', { key: trader, path });
    expect(shown).toMatchObject({
      latestTrade: { p: 101, s: 2 },
      latestQuote: { bp: 0, ap: 0 },
      minuteBar: { c: 101 },
    });
  });

  test('tell both sides of a trade though the process that wrote it died over it', async () => {
    const bought = await place({ side: 'buy', limit_price: '102' });
    const sold = await entered({ side: 'sell', limit_price: '102' });
    const on = await stand(await surroundingsOf(process.env), declared.rights);
    const reached = { ...withOrders(on), ...withKillSwitch(on), ...withPrices(on) };
    const handle = reached.orders.handle.bind(reached.orders);
    reached.orders.handle = async (...command) => {
      const isBought = command[0] === `order-${bought.order_id}`;
      if (isBought && JSON.stringify(command[1]).includes('execute'))
        throw new DeadlineExceeded('the process was stopped');
      return handle(...command);
    };
    const { consumer } = withMarket(on, reached).market;
    const dying = consumer.sweepHeads([{ stream: `order-${sold.order_id}`, version: 1 }]);
    await expect(dying).rejects.toThrow(DeadlineExceeded);
    expect([await read(bought), await read(sold)]).toMatchObject([{ status: 'new' }, { status: 'filled' }]);
    await carry();
    expect(await read(bought)).toMatchObject({ status: 'filled' });
  });

  test('keep nothing of an account that canceled all, though the lists did not have its last order yet', async () => {
    const placed = await entered({ side: 'buy', limit_price: '80' });
    const answered = call(cancelOrders, 'DELETE /v2/orders', { key: trader });
    await carry();
    expect(await answered).toMatchObject([{ id: placed.order_id, status: 200 }]);
    await carry();
    expect(await read(placed)).toMatchObject({ status: 'canceled' });
  });

  test('are led through their day by the calendar, with no order to wake them', async () => {
    const resting = await place({ side: 'buy', limit_price: '90' });
    expect(await read(resting)).toMatchObject({ status: 'new' });
    const morning = {
      kind: 'hours',
      timeZone: noonIn(),
      weekdays: [1, 2, 3, 4, 5, 6, 7],
      open: '01:00',
      close: '09:00',
      holidays: [],
      earlyCloses: {},
    };
    const closed = configWith({ 'sessions.morning': morning, 'instruments.0.session': 'morning' });
    cell.appConfig.answer = { kind: 'config', text: JSON.stringify(closed) };
    await sessions({}, contextWith(callMs));
    expect(await read(resting)).toMatchObject({ status: 'expired' });
  });
});
