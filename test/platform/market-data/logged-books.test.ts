import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { bookStream } from '../../../domain/venue/book-output.ts';
import { composeMarketData } from '../../../functions/compose-venue.ts';
import { unhurried } from '../../../platform/deadline/deadline.ts';
import { CorruptCommit } from '../../../platform/event-store/errors.ts';
import type { EventStore } from '../../../platform/event-store/port.ts';
import type { MarketData } from '../../../platform/market-data/port.ts';
import { MemoryChunkStore } from '../../../platform/venue/chunk-store.ts';
import { startTestCell, type TestCell } from '../../support/cell.ts';
import { StepClock } from '../../support/step-clock.ts';

const symbol = 'ALFA';

/** Books that one process leads, and another shows. */
describe('market data of a process that does not lead the books', () => {
  let cell: TestCell;
  let clock: StepClock;
  let store: EventStore;
  let elsewhere: MarketData;

  beforeEach(async () => {
    cell = await startTestCell({ venue: 'internal' });
    const { accountId } = cell.key('second');
    await cell.ask(cell.key('administrator'), `POST /v1/accounts/${accountId}/transfers`, {
      body: { direction: 'INCOMING', symbol, qty: '100' },
      headers: { 'idempotency-key': 'shares' },
    });
    clock = new StepClock();
    const { dependencies } = cell.cell;
    const inner = dependencies.store;
    // Its own object, so that what this process reads can be told apart.
    store = {
      append: (...call) => inner.append(...call),
      read: (...call) => inner.read(...call),
      readOne: (...call) => inner.readOne(...call),
      readTail: (...call) => inner.readTail(...call),
      readItem: (...call) => inner.readItem(...call),
      readItems: (...call) => inner.readItems(...call),
      heads: (...call) => inner.heads(...call),
      close: () => inner.close(),
    };
    elsewhere = composeMarketData({ ...dependencies, store, clock }, new MemoryChunkStore());
  });
  afterEach(() => cell.stop());

  async function trade(price: string, qty: string): Promise<void> {
    await cell.place({ side: 'sell', qty: String(Number(qty) + 1), limit_price: price }, cell.key('second'));
    await cell.cell.market?.drained();
    await cell.place({ qty, limit_price: price });
    await cell.cell.market?.drained();
  }

  async function shown(data: MarketData) {
    const { bid, ask } = (await data.quote(symbol, unhurried)) ?? {};
    return {
      trade: await data.trade(symbol, unhurried),
      bars: await data.bars(symbol, unhurried),
      bid,
      ask,
    };
  }

  const expectSame = async () =>
    expect(await shown(elsewhere)).toEqual(await shown(cell.cell.dependencies.marketData));

  test('is what the one says that does, from then on too', async () => {
    await cell.place({ qty: '3', limit_price: '99' });
    await trade('99.50', '20');
    await expectSame();
    expect(await elsewhere.trade(symbol, unhurried)).toMatchObject({ price: 9_950, quantity: 20 });
    for (const price of ['99.60', '99.40']) {
      await trade(price, '5');
      clock.advance(250);
      await expectSame();
    }
    expect(await elsewhere.bars(symbol, unhurried)).toMatchObject([{ high: 9_960, low: 9_940 }]);
  });

  test('has once what trades while it is read first', async () => {
    await trade('99.50', '20');
    const { store: inner } = cell.cell.dependencies;
    vi.spyOn(store, 'readTail')
      .mockImplementationOnce((...call) => inner.readTail(...call))
      .mockImplementationOnce(async (...call) => {
        await trade('99.60', '5');
        return inner.readTail(...call);
      });
    await expectSame();
  });

  test('is nothing where nothing has traded, or not here', async () => {
    expect(await shown(elsewhere)).toEqual({ trade: undefined, bars: [], bid: undefined, ask: undefined });
    expect(await elsewhere.trade('NOPE', unhurried)).toBeUndefined();
    await trade('99.50', '20');
    clock.advance(250);
    await expectSame();
  });

  test('reads on from where it was, and not again so soon', async () => {
    await trade('99.50', '20');
    await shown(elsewhere);
    const read = vi.spyOn(store, 'read');
    await shown(elsewhere);
    expect(read).not.toHaveBeenCalled();
    const version = (await store.readTail(bookStream(symbol), '', unhurried)).at(-1)?.version ?? 0;
    clock.advance(250);
    await Promise.all([shown(elsewhere), shown(elsewhere)]);
    expect(read.mock.calls).toEqual([[bookStream(symbol), version + 1, unhurried]]);
  });

  test('is read anew after what could not be taken', async () => {
    await trade('99.50', '20');
    await shown(elsewhere);
    await trade('99.60', '5');
    clock.advance(250);
    vi.spyOn(store, 'read').mockImplementationOnce(async (...call) => {
      const [first, ...rest] = await cell.cell.dependencies.store.read(...call);
      return first ? [{ ...first, previousHash: 'of-another' }, ...rest] : [];
    });
    await expect(elsewhere.quote(symbol, unhurried)).rejects.toThrow(CorruptCommit);
    await expectSame();
  });
});
