import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { accountId as toAccountId, orderId as toOrderId } from '../../../domain/values/ids.ts';
import { venueReportsConsumer } from '../../../functions/consumers/venue-reports.ts';
import type { ChangeRecord } from '../../../platform/change-feed/records.ts';
import { systemClock } from '../../../platform/clock/clock.ts';
import type { Parked } from '../../../platform/consumer/port.ts';
import { encodeCommit } from '../../../platform/event-store/codec.ts';
import { StoreUnavailable } from '../../../platform/event-store/errors.ts';
import { MemoryEventStore } from '../../../platform/event-store/memory.ts';
import type { Commit } from '../../../platform/event-store/port.ts';
import { reportConsumer } from '../../../platform/reporting/report-consumer.ts';
import { MemoryViews } from '../../../platform/views/memory.ts';
import { image } from '../../support/change-records.ts';
import { Desk, newName } from '../../support/desk.ts';
import { dyingAt } from '../../support/dying-store.ts';
import { accept, execution, place } from '../../support/order.ts';
import { FaultyStore } from '../../platform/command-handler/faulty-store.ts';

/** A log that can lose an order from sight. */
class Log extends MemoryEventStore {
  hidden = '';

  override async readTail(stream: string, fingerprint: string): Promise<readonly Commit[]> {
    return stream === this.hidden ? [] : super.readTail(stream, fingerprint);
  }
}

/** An order of a desk, and the function over the same log. */
class Bench {
  readonly log;
  readonly store;
  readonly desk;
  readonly parked: Parked[] = [];
  readonly failures: unknown[] = [];
  readonly handle;

  constructor(log = new Log()) {
    const store = new FaultyStore(log);
    const desk = new Desk(store);
    this.log = log;
    this.store = store;
    this.desk = desk;
    const { parked, failures } = this;
    const { orders, reporting } = desk;
    const consumer = reportConsumer({
      orders,
      reporting,
      store,
      parking: new MemoryViews(),
      clock: systemClock,
      onParked: (_, one) => parked.push(one),
    });
    const onFailure = (error: unknown) => failures.push(error);
    this.handle = venueReportsConsumer({ consumer, clock: systemClock, onFailure, batchMs: 5_000 });
  }

  async order(): Promise<string> {
    const id = randomUUID();
    const accountId = toAccountId(await this.desk.account(10_000_000));
    await this.desk.command(id, { ...place({ id }), orderId: toOrderId(id), accountId });
    return id;
  }

  /** Reported to another process, which dies before the order has it. */
  async leftBehind(orderId: string, lots: number): Promise<void> {
    const dying = new Desk(dyingAt('order', this.log));
    await expect(dying.report(orderId, execution(newName('e'), lots))).rejects.toThrow('killed');
  }

  async records(kind = ''): Promise<ChangeRecord[]> {
    const entries = await this.log.feed('0', 1_000);
    return entries
      .map(({ commit }) => commit)
      .filter(({ stream }) => stream.startsWith(kind))
      .map(record);
  }

  async filled(orderId: string): Promise<number> {
    const { state } = await new Desk(this.log).orders.load(`order-${orderId}`, this.desk.deadline);
    return state.kind === 'order' ? state.totals.cumulativeQuantity : Number.NaN;
  }
}

function record(commit: Commit): ChangeRecord {
  const { stream, version } = commit;
  const SequenceNumber = `${stream}/${version}`;
  const NewImage = image(encodeCommit(commit));
  return { eventName: 'INSERT', dynamodb: { SequenceNumber, Keys: image({ stream, version }), NewImage } };
}

describe('the function that applies what was recorded', () => {
  test('finishes what a crash left, once, however often and in whatever order it is told', async () => {
    const bench = new Bench();
    const orderId = await bench.order();
    await bench.leftBehind(orderId, 4);
    await bench.leftBehind(orderId, 3);
    const records = await bench.records();
    expect(await bench.filled(orderId)).toBe(0);
    expect(await bench.handle({ Records: records.toReversed() })).toEqual({ batchItemFailures: [] });
    await bench.handle({ Records: records });
    expect(await bench.filled(orderId)).toBe(7);
    const types = await bench.desk.types(`order-${orderId}`);
    expect(types).toEqual(['OrderPlaced', 'OrderExecuted', 'OrderExecuted']);
    expect(bench.parked).toEqual([]);
  });

  test('costs one look at the order when the report is applied already', async () => {
    const bench = new Bench();
    const orderId = await bench.order();
    for (let version = 1; version <= 3; version += 1) await bench.desk.report(orderId, accept);
    const records = await bench.records('venue-');
    bench.store.calls.splice(0);
    await bench.handle({ Records: records });
    expect(bench.store.calls).toEqual([`read order-${orderId}@5`]);
  });

  test('does not decode what is not its own', async () => {
    const bench = new Bench();
    const Keys = image({ stream: 'order-1', version: 1 });
    const dynamodb = {
      Keys,
      get NewImage(): never {
        throw new Error('it was decoded');
      },
    };
    expect(await bench.handle({ Records: [{ eventName: 'INSERT', dynamodb }] })).toEqual({
      batchItemFailures: [],
    });
  });

  test('hands back what may succeed later, and only its own', async () => {
    const bench = new Bench();
    const orderId = await bench.order();
    await bench.leftBehind(orderId, 4);
    const Records = await bench.records();
    bench.store.before = () => Promise.reject(new StoreUnavailable('down'));
    const own = (await bench.records('venue-')).map(({ dynamodb }) => dynamodb?.SequenceNumber);
    expect(await bench.handle({ Records })).toEqual({
      batchItemFailures: own.map((itemIdentifier) => ({ itemIdentifier })),
    });
    expect(bench.failures).toHaveLength(1);
    bench.store.before = () => Promise.resolve();
    expect(await bench.handle({ Records })).toEqual({ batchItemFailures: [] });
    expect(await bench.filled(orderId)).toBe(4);
  });

  test('parks a report on an order that does not exist, and applies the others', async () => {
    const bench = new Bench();
    const [lost, orderId] = [await bench.order(), await bench.order()];
    await bench.leftBehind(lost, 4);
    await bench.leftBehind(orderId, 4);
    const elsewhere = new Bench(bench.log);
    bench.log.hidden = `order-${lost}`;
    expect(await elsewhere.handle({ Records: await bench.records() })).toEqual({ batchItemFailures: [] });
    expect(elsewhere.parked).toMatchObject([{ stream: `venue-SIM-${lost}`, version: 1 }]);
    expect(await bench.filled(orderId)).toBe(4);
  });
});
