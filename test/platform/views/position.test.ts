import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseExact, unitScale, valueScale } from '../../../platform/views/exact.ts';
import {
  afterTrade,
  changedPosition,
  type Basis,
  emptyPosition,
  keyOf,
  type Position,
  recomputed,
} from '../../../platform/views/position.ts';
import { byPlace, inOrder, type Trade, type TradeChange } from '../../../platform/views/trade.ts';
import { second } from '../../support/orders.ts';

const whose = { accountId: 'a', symbol: 'ACME', currency: 'USD' } as const;
const flat: Basis = { quantity: '0', cost: '0', realized: '0' };

/** Up to forty trades on three venue streams, each stream's versions 1, 2, 3 ..., known at any time, in the order they arrive. */
const arrivals = fc
  .array(
    fc.record({
      venue: fc.constantFrom('x', 'y', 'z'),
      at: fc.nat(30),
      lots: fc.integer({ min: -9, max: 9 }).filter((lots) => lots !== 0),
      ticks: fc.integer({ min: 1, max: 500 }),
      arrives: fc.nat(60),
    }),
    { maxLength: 40 },
  )
  .map((drawn) => {
    const versions = new Map<string, number>();
    return drawn
      .map(({ venue, at, lots, ticks, arrives }, index) => {
        const version = (versions.get(venue) ?? 0) + 1;
        versions.set(venue, version);
        const trade: Trade = {
          orderId: `o${index % 5}`,
          executionId: `e${index}`,
          place: { stream: venue, version, index: 0 },
          at: second(at),
          quantity: String(lots),
          price: `${Math.floor(ticks / 100)}.${String(ticks % 100).padStart(2, '0')}`,
        };
        return { trade, arrives: arrives + index };
      })
      .toSorted((a, b) => a.arrives - b.arrives)
      .map(({ trade }) => trade);
  });

/** Keeps trades and the position as an adapter does, and counts how often all trades had to be read. */
class Kept {
  readonly trades = new Map<string, Trade>();
  position: Position | undefined;
  readAll = 0;

  apply(change: TradeChange): void {
    const before = this.position ?? emptyPosition(change);
    const stored = [...this.trades.values()];
    const hasLater = (trade: Trade) =>
      stored.some((other) => other.place.stream === trade.place.stream && byPlace(other, trade) > 0);
    const { position, puts, deletes } = changedPosition(before, [change], hasLater, () => {
      this.readAll += 1;
      return stored;
    });
    for (const trade of deletes) this.trades.delete(keyOf(trade));
    for (const trade of puts) this.trades.set(keyOf(trade), trade);
    this.position = position;
  }

  /** After what was put off is worked out. */
  get basis(): Basis {
    if (!this.position) return flat;
    if (this.position.isStale) {
      this.readAll += 1;
      this.position = recomputed(this.position, [...this.trades.values()], []).position;
    }
    return this.position.basis;
  }
}

const made = (trade: Trade): TradeChange => ({ ...whose, orderId: trade.orderId, made: trade });

describe('a position kept trade by trade', () => {
  test('is the same as one worked out from all trades at once, whenever it is asked', () => {
    fc.assert(
      fc.property(arrivals, fc.integer({ min: 1, max: 9 }), (trades, settledEvery) => {
        const kept = new Kept();
        for (const [index, trade] of trades.entries()) {
          kept.apply(made(trade));
          if (index % settledEvery > 0) continue;
          expect(kept.basis).toEqual(inOrder(trades.slice(0, index + 1)).reduce(afterTrade, flat));
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test('after busts it is as if those trades had never been', () => {
    fc.assert(
      fc.property(arrivals, fc.nat(3), (trades, which) => {
        const kept = new Kept();
        const isBusted = (_: Trade, index: number) => index % 4 === which;
        for (const trade of trades) kept.apply(made(trade));
        for (const { orderId, executionId } of trades.filter(isBusted))
          kept.apply({ ...whose, orderId, undone: executionId });
        const left = trades.filter((trade, index) => !isBusted(trade, index));
        expect(kept.basis).toEqual(inOrder(left).reduce(afterTrade, flat));
      }),
      { numRuns: 300 },
    );
  });

  test('where two venues use one execution id, each undoes its own', () => {
    const kept = new Kept();
    for (const [stream, price] of [
      ['a', '10'],
      ['b', '20'],
    ] as const) {
      const place = { stream, version: 1, index: 0 };
      kept.apply(made({ orderId: 'o', executionId: '1', place, at: second(1), quantity: '1', price }));
    }
    kept.apply({ ...whose, orderId: 'o', undone: '1', undoneIn: 'b' });
    expect(kept.basis).toMatchObject({ quantity: '1', cost: '10' });
  });

  test('a trade that moves those before it in its stream to before what is folded already is noticed', () => {
    const kept = new Kept();
    const known = (venue: string, version: number, at: number, numbers: readonly [string, string]) => {
      const [quantity, price] = numbers;
      const place = { stream: venue, version, index: 0 };
      const executionId = `${venue}${version}`;
      kept.apply(made({ orderId: 'o', executionId, place, at: second(at), quantity, price }));
    };
    known('b', 1, 1, ['10', '1']);
    known('b', 2, 100, ['10', '2']);
    known('a', 1, 101, ['-5', '9']);
    for (let version = 3; version < 10; version++) known('b', version, 100 + version, ['1', '1']);
    known('a', 2, 50, ['-5', '9']);
    expect(kept.basis).toEqual(inOrder([...kept.trades.values()]).reduce(afterTrade, flat));
    expect(kept.basis).toMatchObject({ realized: '80' });
  });

  test('trades that become known backwards are only stored, until they are worked out once', () => {
    const kept = new Kept();
    for (let version = 60; version >= 1; version--) {
      const place = { stream: 'x', version, index: 0 };
      const numbers = { executionId: `e${version}`, quantity: '1', price: '2.5' };
      kept.apply(made({ orderId: 'o', ...numbers, place, at: second(version) }));
    }
    expect(kept.readAll).toBe(0);
    expect(kept.basis).toEqual({ quantity: '60', cost: '150', realized: '0' });
    expect(kept.readAll).toBe(1);
  });

  test('needs no other trades while they become known in order', () => {
    const kept = new Kept();
    for (let version = 1; version <= 100; version++) {
      const stream = version % 2 === 0 ? 'x' : 'y';
      const place = { stream, version, index: 0 };
      const numbers = { executionId: `e${version}`, quantity: '1', price: '2.5' };
      kept.apply(made({ orderId: 'o', ...numbers, place, at: second(version) }));
    }
    expect(kept.basis).toEqual({ quantity: '100', cost: '250', realized: '0' });
    expect(kept.readAll).toBe(0);
  });

  test('money is conserved, exactly: cost is what was paid, less what was brought in, plus profit', () => {
    fc.assert(
      fc.property(arrivals, (trades) => {
        const { cost, realized } = inOrder(trades).reduce(afterTrade, flat);
        const spent = trades
          .map(({ quantity, price }) => parseExact(quantity, unitScale) * parseExact(price, unitScale))
          .reduce((sum, value) => sum + value, 0n);
        expect(parseExact(cost, valueScale) - parseExact(realized, valueScale)).toBe(spent);
      }),
    );
  });
});
