import { describe, expect, test } from 'vitest';
import type { ChangeBatch } from '../../../functions/consumers/shared/batches.ts';
import { type Tampering, viewsConsumer } from '../../../functions/consumers/views.ts';
import type { ChangeRecord } from '../../../platform/change-feed/records.ts';
import { systemClock } from '../../../platform/clock/clock.ts';
import type { Parked } from '../../../platform/consumer/port.ts';
import { StreamConsumer } from '../../../platform/consumer/stream-consumer.ts';
import { encodeCommit } from '../../../platform/event-store/codec.ts';
import { StoreUnavailable } from '../../../platform/event-store/errors.ts';
import { MemoryEventStore } from '../../../platform/event-store/memory.ts';
import type { Commit } from '../../../platform/event-store/port.ts';
import { MemoryViews } from '../../../platform/views/memory.ts';
import { rowsOf } from '../../../platform/views/order-row.ts';
import { viewProjection } from '../../../platform/views/projection.ts';
import { image } from '../../support/change-records.ts';
import { aCommit, anId } from '../../support/commits.ts';
import { OrderScript } from '../../support/orders.ts';

/** Views that can be made unreachable. */
class FailingViews extends MemoryViews {
  isDown = false;

  override async write(...advances: Parameters<MemoryViews['write']>) {
    if (this.isDown) throw new StoreUnavailable('down');
    return super.write(...advances);
  }
}

class Bench {
  readonly log = new MemoryEventStore();
  readonly views = new FailingViews();
  readonly tampering: Tampering[] = [];
  readonly parked: Parked[] = [];
  readonly failures: unknown[] = [];
  readonly handle = viewsConsumer({
    consumer: new StreamConsumer({
      projection: viewProjection,
      effects: this.views,
      parking: this.views,
      log: this.log,
      clock: systemClock,
      onParked: (_, parked) => this.parked.push(parked),
    }),
    clock: systemClock,
    onTampering: (tampering) => this.tampering.push(tampering),
    onFailure: (error) => this.failures.push(error),
    batchMs: 5_000,
  });

  async written(order: OrderScript): Promise<readonly Commit[]> {
    for (const commit of order.stored()) await this.log.append([commit], []);
    return order.stored();
  }

  orders() {
    return this.views.orders({ accountId: 'account-1', status: 'all', direction: 'asc', limit: 500 });
  }
}

function record(
  commit: Commit,
  change: ChangeRecord['dynamodb'] & { eventName?: string } = {},
): ChangeRecord {
  const { eventName = 'INSERT', ...dynamodb } = change;
  const { stream, version } = commit;
  return {
    eventName,
    dynamodb: {
      SequenceNumber: `${stream}/${version}`,
      Keys: image({ stream, version }),
      NewImage: image(encodeCommit(commit)),
      ...dynamodb,
    },
  };
}

const batch = (...records: readonly ChangeRecord[]): ChangeBatch => ({ Records: records });

describe('the function that keeps the views', () => {
  test('shows what a batch brings, in any order and more than once', async () => {
    const bench = new Bench();
    const order = new OrderScript('a').place({ quantity: '10' }).fill(1, 1_000).fill(2, 1_000);
    const [placed, first, second] = await bench.written(order);
    if (!placed || !first || !second) throw new Error('three commits were written');
    const answer = await bench.handle(batch(record(second), record(placed), record(second), record(first)));
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(await bench.orders()).toEqual(rowsOf(order.commits));
  });

  test('takes streams of its kind only', async () => {
    const bench = new Bench();
    const other = aCommit({ stream: `account-${anId()}` });
    expect(await bench.handle(batch(record(other)))).toEqual({ batchItemFailures: [] });
    expect(bench.parked).toEqual([]);
  });

  test.each(['MODIFY', 'REMOVE'])(
    'a %s in the log raises the tamper alarm, and the rest goes on',
    async (eventName) => {
      const bench = new Bench();
      const order = new OrderScript('a').place();
      const [placed] = await bench.written(order);
      if (!placed) throw new Error('a commit was written');
      const victim = aCommit({ stream: 'account-7', version: 3 });
      expect(await bench.handle(batch(record(victim, { eventName }), record(placed)))).toEqual({
        batchItemFailures: [],
      });
      expect(bench.tampering).toEqual([
        { change: 'tampered', stream: 'account-7', version: 3, operation: eventName },
      ]);
      expect(await bench.orders()).toHaveLength(1);
    },
  );

  test('what was put into the log by a stranger raises it too', async () => {
    const bench = new Bench();
    await bench.handle(batch({ eventName: 'INSERT', dynamodb: { Keys: image({ stream: '', version: 0 }) } }));
    expect(bench.tampering).toMatchObject([{ operation: 'INSERT' }]);
  });

  test('a commit that cannot be read is parked, and acknowledged', async () => {
    const bench = new Bench();
    const broken = aCommit({ stream: 'order-9', version: 2 });
    const answer = await bench.handle(batch(record(broken, { NewImage: image({ stream: 'order-9' }) })));
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(bench.parked).toMatchObject([{ stream: 'order-9', version: 2 }]);
    expect(bench.parked[0]?.error).toContain('CorruptCommit');
  });

  test('what may succeed later is handed back, and applied when it comes again', async () => {
    const bench = new Bench();
    const commits = await bench.written(new OrderScript('a').place().fill(1, 1_000));
    const other = aCommit({ stream: 'account-7' });
    const records = [record(other), ...commits.map((commit) => record(commit))];
    bench.views.isDown = true;
    expect(await bench.handle(batch(...records))).toEqual({
      batchItemFailures: [{ itemIdentifier: 'order-a/1' }, { itemIdentifier: 'order-a/2' }],
    });
    expect(bench.failures).toHaveLength(1);
    bench.views.isDown = false;
    expect(await bench.handle(batch(...records))).toEqual({ batchItemFailures: [] });
    expect(await bench.orders()).toMatchObject([{ filledQuantity: '1' }]);
  });
});
