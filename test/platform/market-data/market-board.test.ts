import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { timestamp } from '../../../domain/values/time.ts';
import { barsMax, MarketBoard, type MarketTrade } from '../../../platform/market-data/market-board.ts';
import { startTestCell } from '../../support/cell.ts';

const contract = { symbol: 'ALFA', currency: 'USD', tickSize: '0.01', lotSize: '1' } as const;
const minute = 60_000_000;

function trade(atMinute: number, price: number, quantity: number): MarketTrade {
  return { symbol: 'ALFA', contract, id: atMinute, at: timestamp(atMinute * minute + 5), price, quantity };
}

test('a bar has the first, highest, lowest and last price of its minute, and what was traded', () => {
  const board = new MarketBoard();
  for (const [price, quantity] of [
    [100, 1],
    [90, 2],
    [110, 3],
    [105, 4],
  ] as const)
    board.take(trade(7, price, quantity));
  expect(board.bars('ALFA')).toMatchObject([
    { start: 7 * minute, open: 100, high: 110, low: 90, close: 105, volume: 10, value: 1030n, trades: 4 },
  ]);
});

test('bars are bounded, and each is told once', () => {
  const board = new MarketBoard();
  const told: number[] = [];
  board.listen({
    onTrade: () => undefined,
    onQuote: () => undefined,
    onBar: ({ start }) => told.push(start / minute),
  });
  for (let at = 1; at <= barsMax + 5; at += 1) board.take(trade(at, 100, 1));
  expect(board.bars('ALFA')).toHaveLength(barsMax);
  board.closeBars(timestamp(10 * minute));
  board.closeBars(timestamp(10 * minute));
  expect(told).toEqual([6, 7, 8, 9]);
});

test('a trade of before is in the bars, and nobody is told of it', () => {
  const board = new MarketBoard();
  const told: number[] = [];
  board.listen({ onTrade: ({ id }) => told.push(id), onQuote: () => undefined, onBar: () => undefined });
  board.recall(trade(7, 100, 1));
  board.take(trade(8, 101, 2));
  expect(board.bars('ALFA').map(({ close }) => close)).toEqual([100, 101]);
  expect(told).toEqual([8]);
});

test('after a restart trades, bars and quotes are what they were', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'market-data-'));
  const options = { venue: 'internal', store: { kind: 'sqlite', folder } } as const;
  try {
    const first = await startTestCell(options);
    const [buyer, seller, administrator] = [
      first.key('first'),
      first.key('second'),
      first.key('administrator'),
    ];
    await first.ask(administrator, `POST /v1/accounts/${seller.accountId}/transfers`, {
      body: { direction: 'INCOMING', symbol: 'ALFA', qty: '100' },
      headers: { 'idempotency-key': 'shares' },
    });
    await first.place({ side: 'sell', qty: '30', limit_price: '99.50' }, seller);
    await first.cell.market?.drained();
    await first.place({ qty: '20', limit_price: '100' }, buyer);
    await first.cell.market?.drained();
    const before = (await first.ask(buyer, 'GET /v2/stocks/ALFA/snapshot')).body;
    await first.stop();
    const second = await startTestCell(options);
    const after = (await second.ask(buyer, 'GET /v2/stocks/ALFA/snapshot')).body;
    await second.stop();
    expect(before['latestTrade']).toMatchObject({ p: 99.5, s: 20 });
    expect(withoutTime(after)).toEqual(withoutTime(before));
  } finally {
    await rm(folder, { recursive: true });
  }
});

/** A book that nothing has happened in since is looked at now. */
function withoutTime(snapshot: Record<string, unknown>): unknown {
  return { ...snapshot, latestQuote: { ...Object(snapshot['latestQuote']), t: '' } };
}
