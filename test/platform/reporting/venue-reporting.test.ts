import { describe, expect, test } from 'vitest';
import type { VenueReport } from '../../../domain/order/commands.ts';
import { orderId as toOrderId } from '../../../domain/values/ids.ts';
import { venueStream } from '../../../domain/venue-report/state.ts';
import { MemoryEventStore } from '../../../platform/event-store/memory.ts';
import { reconcile } from '../../../platform/ledger/reconcile.ts';
import { FaultyStore } from '../command-handler/faulty-store.ts';
import { VirtualClock } from '../command-handler/virtual-clock.ts';
import { Desk, newName } from '../../support/desk.ts';
import { accept, bust, correction, execution, replace } from '../../support/order.ts';

class Bench {
  readonly log = new MemoryEventStore();
  readonly store = new FaultyStore(this.log);
  readonly clock = new VirtualClock();

  /** Another process over the same log. */
  desk(): Desk {
    return new Desk(this.store, this.clock);
  }

  /** An order to buy 10 at 100.00 of an account that can pay for it. */
  async order(desk: Desk): Promise<string> {
    const accountId = await desk.account(1_000_000, 100);
    return (await desk.place(accountId)).orderId;
  }
}

const keyed = (desk: Desk, commandId: string, requestHash = 'hash') =>
  desk.context({ key: { commandId, requestHash } });

async function filled(desk: Desk, orderId: string): Promise<number> {
  const { state } = await desk.orders.load(`order-${orderId}`, desk.deadline);
  return state.kind === 'order' ? state.totals.cumulativeQuantity : Number.NaN;
}

describe('a report', () => {
  test('is recorded in the stream of its venue first, then applied with its place there', async () => {
    const bench = new Bench();
    const desk = bench.desk();
    const orderId = await bench.order(desk);
    bench.store.calls.splice(0);
    const first = await desk.report(orderId, accept);
    const second = await desk.report(orderId, execution(newName('e'), 4));
    const stream = venueStream('SIM', orderId);
    expect(first).toMatchObject({ outcome: 'applied', position: { stream, version: 1, index: 0 } });
    expect(second).toMatchObject({
      outcome: 'applied',
      position: { stream, version: 2, index: 0 },
      events: [{ type: 'OrderExecuted', data: { position: { stream, version: 2, index: 0 } } }],
    });
    expect(bench.store.calls.filter((call) => call.startsWith('append'))).toEqual([
      `append ${stream}@1`,
      `append order-${orderId}@2`,
      `append ${stream}@2`,
      `append order-${orderId}@3`,
    ]);
  });

  test('on an order that does not exist, or was denied, leaves no trace', async () => {
    const bench = new Bench();
    const desk = bench.desk();
    const { orderId } = await desk.place(await desk.account(1));
    expect(await desk.report('nobody', accept)).toEqual({ outcome: 'order-unknown' });
    expect(await desk.report(orderId, accept)).toEqual({ outcome: 'order-unknown' });
    expect(await bench.log.read(venueStream('SIM', 'nobody'), 1)).toEqual([]);
  });

  test('may name any outside id of the order', async () => {
    const bench = new Bench();
    const desk = bench.desk();
    const orderId = await bench.order(desk);
    await desk.report(orderId, accept);
    const request = replace(newName('r'), { quantity: '8' });
    await desk.command(orderId, request);
    expect(await desk.report(request.replacementId, { report: 'confirm-replace' })).toMatchObject({
      outcome: 'applied',
      order: { orderId, terms: { orderQuantity: 8 } },
    });
  });

  test('without execution id is repeated by its idempotency key alone', async () => {
    const bench = new Bench();
    const desk = bench.desk();
    const orderId = await bench.order(desk);
    const first = await desk.report(orderId, accept, keyed(desk, 'k-1'));
    const again = await bench.desk().report(orderId, accept, keyed(desk, 'k-1'));
    expect(again).toMatchObject({ outcome: 'repeated', events: [{ type: 'OrderAccepted' }] });
    expect(again).toMatchObject({ position: 'position' in first && first.position });
    expect(await desk.report(orderId, { report: 'suspend' }, keyed(desk, 'k-1', 'other'))).toEqual({
      outcome: 'key-reused',
    });
  });
});

describe('an execution id', () => {
  test('with the same numbers is a repeat, whatever key it comes with', async () => {
    const bench = new Bench();
    const desk = bench.desk();
    const orderId = await bench.order(desk);
    const report = execution(newName('e'), 4);
    const first = await desk.report(orderId, report, keyed(desk, 'k-1'));
    const again = await bench.desk().report(orderId, report, keyed(desk, 'k-2'));
    expect(first).toMatchObject({ outcome: 'applied', position: { version: 1 } });
    expect(again).toMatchObject({
      outcome: 'repeated',
      position: { version: 1 },
      events: [{ type: 'OrderExecuted' }],
    });
    expect(await filled(desk, orderId)).toBe(4);
  });

  test('with other numbers is disputed, once, and never applied', async () => {
    const bench = new Bench();
    const desk = bench.desk();
    const orderId = await bench.order(desk);
    const id = newName('e');
    await desk.report(orderId, execution(id, 4));
    const conflict = await desk.report(orderId, execution(id, 5));
    expect(conflict).toMatchObject({
      outcome: 'applied',
      events: [{ type: 'ReportDisputed', data: { reason: 'execution_conflict' } }],
    });
    expect(await desk.report(orderId, execution(id, 5))).toMatchObject({
      outcome: 'repeated',
      events: [{ type: 'ReportDisputed' }],
    });
    expect(await desk.report(orderId, execution(id, 4))).toMatchObject({ outcome: 'repeated' });
    expect(await filled(desk, orderId)).toBe(4);
    expect(await desk.types(`order-${orderId}`)).toEqual(['OrderPlaced', 'OrderExecuted', 'ReportDisputed']);
  });

  test('of another order is disputed on the order it now names', async () => {
    const bench = new Bench();
    const desk = bench.desk();
    const [one, other] = [await bench.order(desk), await bench.order(desk)];
    const report = execution(newName('e'), 4);
    await desk.report(one, report);
    expect(await desk.report(other, report)).toMatchObject({ events: [{ type: 'ReportDisputed' }] });
    expect([await filled(desk, one), await filled(desk, other)]).toEqual([4, 0]);
  });

  test('is undone and corrected by the whole history', async () => {
    const bench = new Bench();
    const desk = bench.desk();
    const orderId = await bench.order(desk);
    const [a, b, c] = [newName('e'), newName('e'), newName('e')];
    await desk.report(orderId, execution(a, 4, 9_900));
    await desk.report(orderId, execution(b, 2));
    await desk.report(orderId, correction(a, c, 3, 9_900));
    expect(await filled(desk, orderId)).toBe(5);
    await bench.desk().report(orderId, bust(b));
    expect(await filled(desk, orderId)).toBe(3);
    expect(await desk.report(orderId, bust(a))).toMatchObject({
      events: [{ type: 'ReportDisputed', data: { reason: 'execution_unknown' } }],
    });
  });
});

describe('one execution id at two venues', () => {
  /** Three at 100.00 from one venue, four at 90.00 from the other. */
  async function twice(desk: Desk) {
    const id = toOrderId((await desk.place(await desk.account(1_000_000))).orderId);
    const say = (venue: string, report: VenueReport) =>
      desk.reporting.report(venue, id, report, desk.context());
    await say('XONE', execution('1', 3, 10_000));
    await say('XTWO', execution('1', 4, 9_000));
    return say;
  }

  test('is two executions, and each venue undoes its own', async () => {
    const desk = new Bench().desk();
    const say = await twice(desk);
    expect(await say('XONE', bust('1'))).toMatchObject({
      order: { totals: { cumulativeQuantity: 4, notional: 36_000 } },
    });
    expect(await say('XTWO', correction('1', '2', 5, 9_000))).toMatchObject({
      order: { totals: { cumulativeQuantity: 5, notional: 45_000 } },
    });
    expect((await reconcile(desk.store)).findings).toEqual([]);
  });

  test('is disputed when somebody else names it', async () => {
    const desk = new Bench().desk();
    const say = await twice(desk);
    expect(await say('manual', bust('1'))).toMatchObject({
      events: [{ type: 'ReportDisputed', data: { reason: 'execution_unknown' } }],
    });
    await say('XTWO', bust('1'));
    expect(await say('manual', bust('1'))).toMatchObject({ order: { totals: { cumulativeQuantity: 0 } } });
  });
});

describe('a crash between recording and applying', () => {
  /** Records an execution, and dies before the order has it. */
  async function crashed(bench: Bench, lots: number) {
    const desk = bench.desk();
    const orderId = await bench.order(desk);
    const report = execution(newName('e'), lots);
    const append = bench.store.append.bind(bench.store);
    bench.store.append = async (...call) => {
      if (call[0][0].stream === `order-${orderId}`) throw new Error('killed');
      return append(...call);
    };
    await expect(desk.report(orderId, report, keyed(desk, 'k-1'))).rejects.toThrow('killed');
    bench.store.append = append;
    expect(await filled(desk, orderId)).toBe(0);
    return { orderId, report };
  }

  test('is repaired by the same report again', async () => {
    const bench = new Bench();
    const { orderId, report } = await crashed(bench, 4);
    const desk = bench.desk();
    expect(await desk.report(orderId, report)).toMatchObject({
      outcome: 'applied',
      position: { version: 1 },
    });
    expect(await filled(desk, orderId)).toBe(4);
  });

  test('is repaired by the same key again', async () => {
    const bench = new Bench();
    const { orderId, report } = await crashed(bench, 4);
    const desk = bench.desk();
    await desk.report(orderId, report, keyed(desk, 'k-1'));
    expect(await filled(desk, orderId)).toBe(4);
  });

  test('is repaired by the next report, which must not overtake it', async () => {
    const bench = new Bench();
    const { orderId, report } = await crashed(bench, 4);
    const desk = bench.desk();
    await desk.report(orderId, execution(newName('e'), 3));
    expect(await filled(desk, orderId)).toBe(7);
    expect(await desk.report(orderId, report)).toMatchObject({ outcome: 'repeated' });
    expect(await filled(desk, orderId)).toBe(7);
  });

  test('is repaired by whoever follows the log, however often', async () => {
    const bench = new Bench();
    const { orderId } = await crashed(bench, 4);
    const desk = bench.desk();
    for (const { commit } of [...(await bench.log.feed('0', 100)), ...(await bench.log.feed('0', 100))]) {
      await desk.reporting.applyRecorded(commit, desk.context());
    }
    expect(await filled(desk, orderId)).toBe(4);
    expect(desk.quarantined).toEqual([]);
  });
});

test('reports that arrive at once in several processes are all applied, none twice', async () => {
  const bench = new Bench();
  const orderId = await bench.order(bench.desk());
  const desks = [bench.desk(), bench.desk(), bench.desk(), bench.desk()] as const;
  const [first, second, third, fourth] = desks;
  const executions = Array.from({ length: 10 }, () => execution(newName('e'), 1));
  await Promise.all(
    executions.flatMap((report, index) => {
      const [one, other] = index % 2 === 0 ? [first, second] : [third, fourth];
      return [one.report(orderId, report), other.report(orderId, report)];
    }),
  );
  expect(await filled(bench.desk(), orderId)).toBe(10);
  const types = await bench.desk().types(`order-${orderId}`);
  expect(types.filter((type) => type === 'OrderExecuted')).toHaveLength(10);
  expect(desks.flatMap(({ quarantined }) => quarantined)).toEqual([]);
});
