import { subscribed } from '../../functions/consumers/shared/bus-entries.ts';
import { MemoryAccountFeed } from '../../platform/account-feed/memory.ts';
import { entriesMax, type FeedEntry } from '../../platform/account-feed/port.ts';
import { feedProjection } from '../../platform/account-feed/projection.ts';
import { systemClock } from '../../platform/clock/clock.ts';
import { attended } from '../../platform/consumer/attended.ts';
import { StreamConsumer } from '../../platform/consumer/stream-consumer.ts';
import { deadlineIn } from '../../platform/deadline/deadline.ts';
import type { MemoryEventStore } from '../../platform/event-store/memory.ts';
import type { Commit } from '../../platform/event-store/port.ts';
import { MemorySurveillance } from '../../platform/surveillance/memory.ts';
import { surveillanceProjection } from '../../platform/surveillance/projection.ts';
import { nothingWatched } from '../../platform/surveillance/watch.ts';
import { MemoryViews } from '../../platform/views/memory.ts';
import { viewProjection } from '../../platform/views/projection.ts';
import type { Subscriber } from './bus-pipeline.ts';
import { fromQueue } from './queue-batch.ts';

/** A consumer as the bus wakes it, and everything anybody can see of its state. */
export interface BusConsumer extends Subscriber {
  deliver(commits: readonly Commit[]): Promise<unknown>;
  state(accounts: readonly string[]): Promise<unknown>;
}

/** Every consumer that keeps something beside the log; each new one is a line here. Those that write to the log: `writing-consumers`. */
export const busConsumers: Readonly<Record<string, (log: MemoryEventStore) => BusConsumer>> = {
  views: viewsOver,
  'account-feed': accountFeedOver,
  surveillance: surveillanceOver,
};

function viewsOver(log: MemoryEventStore): BusConsumer {
  const views = new MemoryViews();
  const consumer = new StreamConsumer({
    projection: viewProjection,
    effects: views,
    parking: views,
    log,
    clock: systemClock,
    onParked: notParked,
  });
  const state = (accountId: string) =>
    Promise.all([
      views.orders({ accountId, status: 'all', direction: 'asc', limit: 500 }),
      views.positions(accountId),
      views.activities({ accountId, direction: 'asc', limit: 100 }),
      views.activities({ accountId, direction: 'desc', limit: 100 }),
    ]);
  return woken(consumer, (accounts) => Promise.all(accounts.map(state)));
}

/** Numbers are given in the order of arrival, which is not the same twice: but none is missing, and each stands for one update. */
function accountFeedOver(log: MemoryEventStore): BusConsumer {
  const feed = new MemoryAccountFeed();
  const parts = { effects: feed, parking: feed, log, clock: systemClock, onParked: notParked };
  const state = async (accountId: string) => {
    const entries: FeedEntry[] = [];
    for (let last = -1; last !== entries.length; ) {
      last = entries.length;
      entries.push(...(await feed.entriesAfter(accountId, last, entriesMax)));
    }
    const updates = entries.map((entry) => ({ ...entry, number: 0, time: 0, positionQuantity: '' }));
    return { numbers: entries.map(({ number }) => number), updates: updates.toSorted(byPlace) };
  };
  const consumer = new StreamConsumer({ ...parts, projection: feedProjection });
  return woken(consumer, (accounts) => Promise.all(accounts.map(state)));
}

/** What is old breaches nothing: figures alone are left, which are sums. */
function surveillanceOver(log: MemoryEventStore): BusConsumer {
  const surveillance = new MemorySurveillance(() => nothingWatched, systemClock);
  const parts = { effects: surveillance, parking: surveillance, log, clock: systemClock };
  const consumer = new StreamConsumer({
    ...parts,
    projection: surveillanceProjection,
    onParked: notParked,
  });
  return woken(consumer, (accounts) => Promise.all(accounts.map((one) => surveillance.figures(one))));
}

type Place = Pick<FeedEntry, 'stream' | 'version' | 'index'>;

function byPlace(a: Place, b: Place): number {
  if (a.stream !== b.stream) return a.stream < b.stream ? -1 : 1;
  return a.version - b.version || a.index - b.index;
}

function woken<Memory, Effect>(
  consumer: StreamConsumer<Memory, Effect>,
  state: BusConsumer['state'],
): BusConsumer {
  const deadline = () => deadlineIn(15_000, systemClock);
  return {
    attended: attended(consumer, systemClock),
    deliver: (commits) => consumer.deliver(commits, deadline()),
    take: fromQueue((batch) => subscribed({ consumer, onFailure: fail }, batch, deadline())),
    state,
  };
}

function notParked(_: string, { error }: { readonly error: string }): never {
  throw new Error(error);
}

function fail(error: unknown): never {
  throw error;
}
