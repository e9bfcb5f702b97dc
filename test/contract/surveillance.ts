import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { second } from '../support/orders.ts';
import { aTransfer, shares } from '../support/transfers.ts';
import { type SurveillanceAdapter, SurveillanceBench } from './surveillance-bench.ts';

/** Every rule that figures and breaches keep, whatever they are made of. */
export function surveillanceContract(name: string, adapter: SurveillanceAdapter): void {
  describe(`${name} as the store of surveillance`, () => {
    const bench = new SurveillanceBench(adapter);
    beforeAll(() => bench.open());
    beforeEach(() => bench.watch({}));
    afterAll(() => bench.log.close());
    figuresContract(bench);
    breachContract(bench);
    concludingContract(bench);
  });
}

function figuresContract(bench: SurveillanceBench): void {
  test('what an account holds and has working adds up, a bust undone', async () => {
    const account = bench.account();
    const buy = bench.order({ account }).place({ quantity: '10' }).fill(4, 9_900, 'b1');
    const other = bench.order({ account, venue: 'other' }).place({ quantity: '5' }).fill(5, 9_000, 'b2');
    await bench.show(buy, other.bust('b2'));
    await bench.write(aTransfer(account, shares(100), { at: 2 }));
    expect(await bench.figures(account)).toMatchObject([
      { kind: 'account', money: { USD: { exposure: '10460' } } },
      { symbol: 'ACME', traded: '4', moved: '100', cash: '-396', working: '1100', mark: { price: '90' } },
    ]);
  });

  test('a commit counts once, however often and by whomever it is delivered', async () => {
    const account = bench.account();
    const order = bench.order({ account }).place({ quantity: '10' }).fill(4, 9_900);
    await bench.show(order);
    const before = await bench.figures(account);
    for (const consumer of [bench.anotherConsumer(), bench.anotherConsumer()])
      await consumer.deliver(order.stored(), bench.deadline);
    expect(await bench.figures(account)).toEqual(before);
  });

  test('two that apply the same commits at once count them once', async () => {
    const account = bench.account();
    const order = bench.order({ account }).place({ quantity: '10' }).fill(4, 9_900).fill(6, 9_800);
    for (const commit of order.stored()) await bench.log.append([commit], []);
    const consumers = [bench.anotherConsumer(), bench.anotherConsumer()];
    await Promise.all(consumers.map((one) => one.deliver(order.stored(), bench.deadline)));
    expect(await bench.figures(account)).toMatchObject([
      { kind: 'account' },
      { traded: '10', cash: '-984', working: '0' },
    ]);
  });

  test('of an account that nothing ever happened to there is nothing', async () => {
    expect(await bench.figures(bench.account())).toEqual([]);
  });
}

function breachContract(bench: SurveillanceBench): void {
  test('a limit that is crossed is on record with the commit that crossed it, once', async () => {
    bench.watch({ instrumentExposure: { USD: { soft: '500', hard: '1500.00' } } }, 'v7');
    const account = bench.account();
    const first = bench.order({ account }).place({ quantity: '10' });
    const then = bench.order({ account, startsAt: 5 }).place({ quantity: '6' });
    await bench.show(first, then, bench.order({ account, startsAt: 6 }).place({ quantity: '1' }));
    const about = { accountId: account, symbol: 'ACME', currency: 'USD', config: 'v7' };
    expect(await bench.breaches(account)).toMatchObject([
      { ...about, level: 'soft', limit: '500', observed: '1000', stream: first.stream, commitVersion: 1 },
      { ...about, level: 'hard', limit: '1500.00', observed: '1600', stream: then.stream, at: second(5) },
    ]);
    expect(await bench.pending(account)).toEqual(await bench.breaches(account));
  });

  test('what another process applied breaches nothing a second time', async () => {
    bench.watch({ messageRate: { windowSeconds: 60, hard: 1 } });
    const account = bench.account();
    const orders = [0, 1].map((startsAt) => bench.order({ account, startsAt }).place());
    await bench.show(...orders);
    for (const order of orders) await bench.anotherConsumer().deliver(order.stored(), bench.deadline);
    expect(await bench.breaches(account)).toHaveLength(1);
  });

  test('an account that is halted breaches nothing, and begins anew when it is lifted', async () => {
    bench.watch({ messageRate: { windowSeconds: 60, hard: 1 } });
    const account = bench.account();
    const order = (startsAt: number) => bench.order({ account, startsAt }).place();
    const halted = { type: 'AccountHalted', schema: 1, data: { reason: 'a test' } };
    const lifted = { type: 'HaltLifted', schema: 1, data: {} };
    await bench.write(bench.ofAccount(account, 1, halted, 0));
    await bench.show(order(1), order(2), order(3));
    expect(await bench.breaches(account)).toEqual([]);
    await bench.write(bench.ofAccount(account, 2, lifted, 4));
    await bench.show(order(5));
    expect(await bench.breaches(account)).toEqual([]);
    await bench.show(order(6));
    expect(await bench.breaches(account)).toMatchObject([{ observed: '2' }]);
  });

  test('what happened long ago breaches nothing any more', async () => {
    bench.watch({ messageRate: { windowSeconds: 60, hard: 1 } });
    const account = bench.account();
    await bench.show(...[-4_000, -3_999].map((startsAt) => bench.order({ account, startsAt }).place()));
    expect(await bench.breaches(account)).toEqual([]);
  });
}

function concludingContract(bench: SurveillanceBench): void {
  const crossed = async (times: number) => {
    bench.watch({ messageRate: { windowSeconds: 1, hard: 1 } });
    const account = bench.account();
    for (let time = 0; time < times; time += 1)
      await bench.show(...[time, time].map((startsAt) => bench.order({ account, startsAt }).place()));
    return account;
  };

  test('what was done about a breach stays as it was said first', async () => {
    const account = await crossed(1);
    const [breach] = await bench.pending(account);
    if (!breach) throw new Error('there is a breach');
    const settled = { outcome: 'account_halted', at: second(9) } as const;
    await bench.store.conclude(breach, settled, bench.deadline);
    await bench.store.conclude(breach, { outcome: 'looked_at', at: second(10) }, bench.deadline);
    expect(await bench.pending(account)).toEqual([]);
    expect(await bench.breaches(account)).toEqual([{ ...breach, settled }]);
  });

  test('breaches are listed in pages, the newest first, of one account or of all', async () => {
    const account = await crossed(5);
    const at = (breaches: readonly { readonly at: number }[]) => breaches.map((one) => one.at);
    const { store, deadline } = bench;
    const page = await store.breaches({ accountId: account, limit: 3 }, deadline);
    expect(at(page)).toEqual([4, 3, 2].map(second));
    const last = page.at(-1);
    const before = `${String(last?.at).padStart(16, '0')}-${last?.breachId}`;
    expect(at(await store.breaches({ accountId: account, limit: 3, before }, deadline))).toEqual(
      [1, 0].map(second),
    );
    const all = await store.breaches({ limit: 100 }, deadline);
    expect(all.filter(({ accountId }) => accountId === account)).toHaveLength(5);
    expect(at(all)).toEqual(at(all).toSorted((a, b) => b - a));
  });
}
