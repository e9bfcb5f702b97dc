import type { Alpaca, streaming } from '@alpacahq/alpaca-trade-api';
import { afterEach, expect, test } from 'vitest';
import { unhurried } from '../../platform/deadline/deadline.ts';
import { reconcile } from '../../platform/ledger/reconcile.ts';
import type { DemoKey } from '../../local/demo.ts';
import { startTestCell, type TestCell } from '../support/cell.ts';
import { eventually } from '../support/eventually.ts';
import { upTo } from '../support/stream-client.ts';
import { facade } from './official-client.ts';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});

/** A cell with its own market, and shares of ALFA for the second account to sell. */
async function openMarket(): Promise<TestCell> {
  const cell = await startTestCell({ venue: 'internal' });
  stops.push(() => cell.stop());
  const { accountId } = cell.key('second');
  await cell.ask(cell.key('administrator'), `POST /v1/accounts/${accountId}/transfers`, {
    body: { direction: 'INCOMING', symbol: 'ALFA', qty: '100' },
    headers: { 'idempotency-key': 'shares' },
  });
  return cell;
}

interface Trader {
  readonly alpaca: Alpaca;
  readonly stream: streaming.TradingStream;
  readonly updates: streaming.TradeUpdate[];
}

async function trader(cell: TestCell, key: DemoKey): Promise<Trader> {
  const alpaca = facade(cell, key);
  const url = `${cell.address.replace('http', 'ws')}/stream`;
  const stream = alpaca.trading.stream({ url, initialReconnectMs: 50, pingIntervalMs: 200 });
  stops.push(() => stream.disconnect());
  const updates: streaming.TradeUpdate[] = [];
  const listening = Promise.withResolvers<void>();
  stream.on('subscription', () => listening.resolve());
  stream.onTradeUpdate((update) => updates.push(update));
  stream.subscribeTradeUpdates();
  stream.connect();
  await listening.promise;
  return { alpaca, stream, updates };
}

const told = ({ updates }: Trader) => updates.map(({ event }) => event);

test('two official clients trade, both hear of their fills, and everything agrees', async () => {
  const cell = await openMarket();
  const buyer = await trader(cell, cell.key('first'));
  const seller = await trader(cell, cell.key('second'));
  const before = await buyer.alpaca.trading.account.getAccount();
  const sale = { symbol: 'ALFA', qty: '30', side: 'sell', type: 'limit', limitPrice: '99.50' } as const;
  await seller.alpaca.trading.orders.limit({ ...sale });
  await eventually(() => expect(told(seller)).toEqual(['pending_new', 'new']));
  const bought = await buyer.alpaca.trading.submitAndWait(
    { symbol: 'ALFA', qty: '20', side: 'buy', type: 'limit', limitPrice: '100', timeInForce: 'day' },
    { stream: buyer.stream, timeoutMs: 10_000 },
  );
  expect(bought).toMatchObject({ status: 'filled', filledQty: '20', filledAvgPrice: '99.5' });
  await eventually(() => expect(told(seller)).toEqual(['pending_new', 'new', 'partial_fill']));
  expect(seller.updates.at(-1)).toMatchObject({ price: '99.5', qty: '20', positionQty: '80' });
  expect(told(buyer)).toEqual(['pending_new', 'new', 'fill']);
  const fill = buyer.updates.at(-1);
  expect(fill).toMatchObject({ price: '99.5', qty: '20', positionQty: '20', event_id: '3' });
  expect(fill?.timestamp).toBeInstanceOf(Date);
  const [position] = await buyer.alpaca.trading.positions.getAllOpenPositions();
  expect(position).toMatchObject({ symbol: 'ALFA', qty: fill?.positionQty });
  const after = await buyer.alpaca.trading.account.getAccount();
  expect(Number(before.cash) - Number(after.cash)).toBeGreaterThanOrEqual(1_990);
  expect(await reconcile(cell.cell.dependencies.store)).toMatchObject({ findings: [] });
});

test('a client that was cut off connects again by itself, and the events fill what it missed', async () => {
  const cell = await openMarket();
  const { alpaca, stream, updates } = await trader(cell, cell.key('first'));
  const order = { symbol: 'ALFA', qty: 1, side: 'buy', limitPrice: 50 } as const;
  await alpaca.trading.orders.limit(order);
  await eventually(() => expect(updates).toHaveLength(2));
  const back = Promise.withResolvers<void>();
  stream.disconnect();
  await alpaca.trading.orders.limit(order);
  await cell.cell.market?.drained();
  await cell.cell.views.drained();
  stream.on('subscription', () => back.resolve());
  stream.connect();
  await back.promise;
  await alpaca.trading.orders.limit(order);
  await eventually(() => expect(updates).toHaveLength(4));
  const numbers = updates.map(({ event_id: id }) => Number(id));
  const [had = 0, next = 0] = [numbers[1], numbers[2]];
  const { keyId, secret } = cell.key('first');
  const path = `/v2/events/trades?since_id=${had}&until_id=${next - 1}`;
  const headers = { 'apca-api-key-id': keyId, 'apca-api-secret-key': secret };
  const missed = await (await fetch(cell.address + path, { headers })).text();
  const ids = [...missed.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
  const last = await cell.cell.dependencies.accountFeed.latest(cell.key('first').accountId ?? '', unhurried);
  expect([...numbers.slice(0, 2), ...ids, ...numbers.slice(2)]).toEqual(upTo(last));
});
