import { describe, expect, test } from 'vitest';
import { viewsConsumer } from '../../../functions/consumers/views.ts';
import { systemClock } from '../../../platform/clock/clock.ts';
import type { Parked } from '../../../platform/consumer/port.ts';
import { StreamConsumer } from '../../../platform/consumer/stream-consumer.ts';
import { eventOf } from '../../../platform/event-bus/in-process.ts';
import { UnreadableEntry } from '../../../platform/event-bus/read-entry.ts';
import { StoreUnavailable } from '../../../platform/event-store/errors.ts';
import { MemoryEventStore } from '../../../platform/event-store/memory.ts';
import { MemoryViews } from '../../../platform/views/memory.ts';
import { rowsOf } from '../../../platform/views/order-row.ts';
import { viewProjection } from '../../../platform/views/projection.ts';
import { aCommit } from '../../support/commits.ts';
import { OrderScript } from '../../support/orders.ts';
import { queueBatch, referenceTo } from '../../support/queue-batch.ts';

/** Views that can be made unreachable. */
class FailingViews extends MemoryViews {
  isDown = false;

  override async write(...advances: Parameters<MemoryViews['write']>) {
    if (this.isDown) throw new StoreUnavailable('down');
    return super.write(...advances);
  }
}

/** The function that keeps the views, woken by the bus, and an order of three commits in the log. */
async function bench() {
  const log = new MemoryEventStore();
  const views = new FailingViews();
  const parked: Parked[] = [];
  const failures: unknown[] = [];
  const handle = viewsConsumer({
    consumer: new StreamConsumer({
      projection: viewProjection,
      effects: views,
      parking: views,
      log,
      clock: systemClock,
      onParked: (_, one) => parked.push(one),
    }),
    clock: systemClock,
    onTampering: () => undefined,
    onFailure: (error) => failures.push(error),
    batchMs: 5_000,
  });
  const order = new OrderScript('a').place({ quantity: '10' }).fill(1, 1_000).fill(2, 1_000);
  for (const commit of order.stored()) await log.append([commit], []);
  const shown = () => views.orders({ accountId: 'account-1', status: 'all', direction: 'asc', limit: 500 });
  return { handle, order, commits: order.stored(), views, shown, parked, failures, log };
}

const done = { batchItemFailures: [] };

describe('a consumer woken by the bus', () => {
  test('applies what a queue brings, in any order and more than once', async () => {
    const { handle, commits, shown, order } = await bench();
    const events = [...commits.toReversed(), ...commits].map(eventOf);
    expect(await handle(queueBatch(events))).toEqual(done);
    expect(await shown()).toEqual(rowsOf(order.commits));
  });

  test('applies one entry that comes straight from the bus, and what came before it', async () => {
    const { handle, commits, shown, order } = await bench();
    const [last] = commits.slice(-1);
    if (!last) throw new Error('commits were written');
    expect(await handle(eventOf(last))).toEqual(done);
    expect(await shown()).toEqual(rowsOf(order.commits));
  });

  test('reads from the log what is too large for the bus', async () => {
    const { handle, commits, shown, order } = await bench();
    expect(await handle(queueBatch(commits.map(referenceTo)))).toEqual(done);
    expect(await shown()).toEqual(rowsOf(order.commits));
  });

  test.each([
    ['an event without a type', { events: [{ schema: 1, data: {} }] }],
    ['a version of another commit', { version: 2 }],
    ['another stream', { stream: 'order-b' }],
    ['a time that is text', { at: 'yesterday' }],
  ])('reads from the log what came mangled: %s', async (_, damage) => {
    const { handle, commits, shown, order } = await bench();
    const events = commits.map(eventOf);
    const last = events[2];
    if (!last) throw new Error('three commits were written');
    const { commit, ...rest } = Object(last.detail);
    const mangled = { ...last, detail: { ...rest, commit: { ...commit, ...damage } } };
    expect(await handle(queueBatch([mangled]))).toEqual(done);
    expect(await shown()).toEqual(rowsOf(order.commits));
  });

  test('hands back what does not even say which commit it means, and applies the others', async () => {
    const { handle, commits, shown, failures } = await bench();
    const events = commits.map(eventOf);
    const strange = [
      { ...eventOf(aCommit()), detail: 'x' },
      { ...eventOf(aCommit()), source: 'somebody.else' },
    ];
    const { Records } = queueBatch([...strange, ...events]);
    const noJson = { messageId: 'no json', body: '{' };
    const answer = await handle({ Records: [...Records, noJson] });
    expect(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual([
      '0',
      '1',
      'no json',
    ]);
    expect(failures).toMatchObject([1, 2, 3].map(() => expect.any(UnreadableEntry)));
    expect(await shown()).toHaveLength(1);
  });

  test('hands back all of it when its store is down, and applies it when it comes again', async () => {
    const { handle, commits, shown, views, failures, parked } = await bench();
    const batch = queueBatch(commits.map(eventOf));
    views.isDown = true;
    const all = ['0', '1', '2'].map((itemIdentifier) => ({ itemIdentifier }));
    expect(await handle(batch)).toEqual({ batchItemFailures: all });
    expect(failures).toHaveLength(1);
    views.isDown = false;
    expect(await handle(batch)).toEqual(done);
    expect(await shown()).toMatchObject([{ filledQuantity: '3' }]);
    expect(parked).toEqual([]);
  });

  test('takes entries of its own kinds only', async () => {
    const { handle, parked } = await bench();
    const others = ['account-1', 'approval-1'].map((stream) => aCommit({ stream }));
    expect(await handle(queueBatch([...others.map(eventOf), ...others.map(referenceTo)]))).toEqual(done);
    expect(parked).toEqual([]);
  });
});
