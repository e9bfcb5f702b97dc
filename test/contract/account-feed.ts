import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { second } from '../support/orders.ts';
import { aTransfer, shares } from '../support/transfers.ts';
import { type FeedAdapter, FeedBench } from './feed-bench.ts';

/** Every rule that the accounts' numbered feeds keep, whatever they are made of. */
export function accountFeedContract(name: string, adapter: FeedAdapter): void {
  describe(`${name} as the accounts’ feed`, () => {
    const bench = new FeedBench(adapter);
    beforeAll(() => bench.open());
    afterAll(() => bench.log.close());
    numberContract(bench);
    readingContract(bench);
    repetitionContract(bench);
  });
}

function numberContract(bench: FeedBench): void {
  test('each account counts its own updates from 1, without gaps', async () => {
    const [one, other] = [bench.account(), bench.account()];
    const mine = bench.order({ account: one }).place({ quantity: '10' });
    const theirs = bench.order({ account: other }).place();
    await bench.show(mine, theirs);
    await bench.show(mine.fill(4, 1_000).cancel());
    await bench.show(theirs.fill(1, 1_000), mine.report({ report: 'confirm-cancel' }));
    expect(await bench.told(one)).toEqual([
      '1 pending_new',
      '2 partial_fill',
      '3 pending_cancel',
      '4 canceled',
    ]);
    expect(await bench.told(other)).toEqual(['1 pending_new', '2 partial_fill']);
    expect(await bench.entries(bench.account())).toEqual([]);
  });

  test('an entry has the order as its client sees it, and where and when it happened', async () => {
    const account = bench.account();
    const order = bench.order({ account, startsAt: 7 }).place({ quantity: '10' }).fill(4, 1_050, 'e1');
    await bench.show(order);
    const place = { accountId: account, stream: order.stream, index: 0 };
    expect(await bench.entries(account)).toMatchObject([
      { ...place, number: 1, version: 1, at: second(7), order: { id: order.id, status: 'pending_new' } },
      {
        ...place,
        number: 2,
        version: 2,
        at: second(8),
        order: { status: 'partially_filled', filledQuantity: '4', filledAveragePrice: '10.5' },
        execution: { executionId: 'e1', price: '10.5', quantity: '4' },
      },
    ]);
  });

  test('an execution says what the account then has: trades of all its orders and shares that were moved', async () => {
    const account = bench.account();
    const buy = bench.order({ account }).place({ quantity: '10' }).fill(4, 1_000, 'b1');
    await bench.show(buy);
    await bench.write(aTransfer(account, shares(100)), aTransfer(account, shares(30), { direction: 'out' }));
    await bench.show(
      bench.order({ account, venue: 'other' }).place({ side: 'sell', quantity: '20' }).fill(5, 900),
    );
    await bench.show(buy.correct('b1', { id: 'b2', lots: 3, ticks: 990 }).bust('b2'));
    const entries = (await bench.entries(account)).filter(({ execution }) => execution);
    expect(entries.map(({ event, positionQuantity }) => [event, positionQuantity])).toEqual([
      ['partial_fill', '4'],
      ['partial_fill', '69'],
      ['trade_correct', '68'],
      ['trade_bust', '65'],
    ]);
  });

  test('transfers alone get no number', async () => {
    const account = bench.account();
    await bench.write(aTransfer(account, shares(100)));
    expect(await bench.feed.latest(account, bench.deadline)).toBe(0);
  });
}

function readingContract(bench: FeedBench): void {
  test('is read in pages, from any number on', async () => {
    const account = bench.account();
    const order = bench.order({ account }).place({ quantity: '100' });
    for (let fill = 0; fill < 9; fill++) order.fill(1, 1_000);
    await bench.show(order);
    const numbers = async (after: number, limit: number) =>
      (await bench.feed.entriesAfter(account, after, limit, bench.deadline)).map(({ number }) => number);
    expect(await numbers(0, 4)).toEqual([1, 2, 3, 4]);
    expect(await numbers(4, 4)).toEqual([5, 6, 7, 8]);
    expect(await numbers(8, 500)).toEqual([9, 10]);
    expect(await numbers(10, 4)).toEqual([]);
    expect(await bench.feed.latest(account, bench.deadline)).toBe(10);
    await expect(bench.feed.entriesAfter(account, 0, 501, bench.deadline)).rejects.toThrow('a page of 501');
  });

  test('is found by time, also where something became known late', async () => {
    const account = bench.account();
    for (const startsAt of [10, 20, 15, 30, 30]) await bench.show(bench.order({ account, startsAt }).place());
    const before = (at: number) => bench.feed.numberBefore(account, second(at), bench.deadline);
    expect(await Promise.all([5, 10, 11, 15, 20, 21, 30, 31].map(before))).toEqual([0, 0, 1, 1, 1, 3, 3, 5]);
    expect(await bench.feed.numberBefore(bench.account(), second(0), bench.deadline)).toBe(0);
  });

  test('says in this process whose feed has grown, when it can be read', async () => {
    const [one, other] = [bench.account(), bench.account()];
    const heard: (readonly string[])[] = [];
    const read: Promise<number>[] = [];
    const stop = bench.feed.onEntries((accounts) => {
      heard.push(accounts);
      read.push(bench.feed.latest(one, bench.deadline));
    });
    await bench.show(bench.order({ account: one }).place());
    await bench.write(aTransfer(other, shares(1)));
    stop();
    await bench.show(bench.order({ account: one }).place());
    expect(heard).toEqual([[one]]);
    expect(await Promise.all(read)).toEqual([1]);
  });
}

function repetitionContract(bench: FeedBench): void {
  test('what is delivered again, also from the beginning, gets no second number', async () => {
    const account = bench.account();
    const order = bench.order({ account }).place({ quantity: '10' }).fill(4, 1_000);
    await bench.show(order);
    const before = await bench.entries(account);
    await bench.consumer.deliver(order.stored(), bench.deadline);
    await bench.anotherConsumer().catchUp([{ stream: order.stream, version: 2 }], bench.deadline);
    expect(await bench.entries(account)).toEqual(before);
  });

  test('several consumers at once number everything once, each order in its own order', async () => {
    const account = bench.account();
    const orders = Array.from({ length: 4 }, (_, venue) => {
      const order = bench.order({ account, venue: `venue-${venue}` }).place({ quantity: '100' });
      for (let fill = 0; fill < 6; fill++) order.fill(1, 1_000);
      return order;
    });
    const commits = orders.flatMap((order) => order.stored());
    for (const commit of commits) await bench.log.append([commit], []);
    const consumers = [bench.anotherConsumer(), bench.anotherConsumer(), bench.anotherConsumer()];
    await Promise.all(
      consumers.map(async (consumer, index) => {
        const some = index === 1 ? commits.toReversed() : commits;
        for (const commit of some) await consumer.deliver([commit], bench.deadline);
      }),
    );
    const entries = await bench.entries(account);
    expect(entries.map(({ number }) => number)).toEqual(Array.from({ length: 28 }, (_, index) => index + 1));
    for (const { stream } of orders) {
      const versions = entries.filter((entry) => entry.stream === stream).map(({ version }) => version);
      expect(versions).toEqual([1, 2, 3, 4, 5, 6, 7]);
    }
    expect(entries.at(-1)?.positionQuantity).toBe('24');
  });

  test('a commit that cannot be numbered is parked, and the rest of its account goes on', async () => {
    const account = bench.account();
    const [stuck, well] = [bench.order({ account }).place(), bench.order({ account }).place()];
    const [placed] = stuck.stored();
    if (!placed) throw new Error('an order was placed');
    await bench.write({ ...placed, events: [{ type: 'Unknown', schema: 9, data: {} }] });
    await bench.show(well);
    expect(bench.parked.map(({ stream }) => stream)).toContain(stuck.stream);
    expect(await bench.told(account)).toEqual(['1 pending_new']);
  });
}
