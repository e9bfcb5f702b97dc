import { afterEach, expect, test } from 'vitest';
import { facade } from '../../e2e/official-client.ts';
import { startTestCell, type TestCell } from '../../support/cell.ts';
import { StreamClient } from '../../support/stream-client.ts';
import { eventually } from '../../support/eventually.ts';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});

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

/** Rests a sale of `qty` at 99.50 and buys some of it. */
async function trade(cell: TestCell, qty: string, bought: string): Promise<void> {
  await cell.place({ side: 'sell', qty, limit_price: '99.50' }, cell.key('second'));
  await cell.cell.market?.drained();
  await cell.place({ qty: bought, limit_price: '100' });
  await cell.cell.market?.drained();
}

test('a client sees the last trade, the best quote and the bar of the minute', async () => {
  const cell = await openMarket();
  await cell.place({ qty: '3', limit_price: '99' });
  await trade(cell, '30', '20');
  const key = cell.key('first');
  const { body } = await cell.ask(key, 'GET /v2/stocks/ALFA/snapshot');
  expect(body).toMatchObject({
    symbol: 'ALFA',
    latestTrade: { p: 99.5, s: 20, x: 'internal' },
    latestQuote: { bp: 99, bs: 3, ap: 99.5, as: 10 },
    minuteBar: {
      t: '2026-11-23T15:00:00.000000Z',
      o: 99.5,
      h: 99.5,
      l: 99.5,
      c: 99.5,
      v: 20,
      n: 1,
      vw: 99.5,
    },
  });
  const bars = await cell.ask(key, 'GET /v2/stocks/bars?symbols=ALFA,BRVO&timeframe=1Min');
  expect(bars.body).toMatchObject({ bars: { ALFA: [{ v: 20 }] }, next_page_token: null });
  expect((await cell.ask(key, 'GET /v2/stocks/NOPE/trades/latest')).status).toBe(404);
  expect((await cell.ask(key, 'GET /v2/stocks/BRVO/trades/latest')).body).toEqual({
    symbol: 'BRVO',
    trade: null,
  });
  expect((await cell.ask(key, 'GET /v2/stocks/BRVO/bars?timeframe=1Hour')).body).toMatchObject({
    field: 'timeframe',
  });
});

test('the official client reads it, and its stream hears trades and quotes in MessagePack', async () => {
  const cell = await openMarket();
  const alpaca = facade(cell, cell.key('first'));
  const url = `${cell.address.replace('http', 'ws')}/v2/iex`;
  const stream = alpaca.marketData.stockStream({ url });
  stops.push(() => stream.disconnect());
  const [trades, quotes]: [unknown[], unknown[]] = [[], []];
  const subscribed = Promise.withResolvers<void>();
  stream.onTrade((one) => trades.push(one));
  stream.onQuote((one) => quotes.push(one));
  stream.on('subscription', () => subscribed.resolve());
  stream.subscribeForTrades(['ALFA']);
  stream.subscribeForQuotes(['ALFA']);
  stream.connect();
  await subscribed.promise;
  await trade(cell, '30', '20');
  await eventually(() => {
    expect(trades).toMatchObject([{ symbol: 'ALFA', price: 99.5, size: 20, exchange: 'internal' }]);
    expect(quotes.at(-1)).toMatchObject({ symbol: 'ALFA', askPrice: 99.5, askSize: 10, bidPrice: 0 });
  });
  expect(trades[0]).toMatchObject({
    timestampRaw: expect.stringMatching(/^2026-11-23T15:00:00\.\d{6}000Z$/),
  });
  const latest = await alpaca.marketData.stocks.stockLatestTradeSingle({ symbol: 'ALFA' });
  expect(latest.trade).toMatchObject({ p: 99.5, s: 20 });
});

test('a bar is told once its minute is over', async () => {
  const cell = await openMarket();
  const client = await new StreamClient(cell.address, '/v2/test').opened();
  stops.push(() => client.close());
  const { keyId, secret } = cell.key('first');
  client.send({ action: 'subscribe', bars: ['*'] });
  expect(await client.frame(({ T }) => T === 'error')).toMatchObject({ code: 401 });
  client.send({ action: 'auth', key: keyId, secret });
  client.send({ action: 'subscribe', bars: ['*'] });
  await client.frame(({ T }) => T === 'subscription');
  await trade(cell, '10', '4');
  cell.clock.set('2026-11-23T15:01:00Z');
  const bar = await client.frame(({ T }) => T === 'b');
  expect(bar).toMatchObject({ S: 'ALFA', t: '2026-11-23T15:00:00.000000Z', v: 4, n: 1 });
});
