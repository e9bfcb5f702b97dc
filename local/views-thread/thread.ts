import type { DatabaseSync } from 'node:sqlite';
import { prepareSqliteViews } from '../../functions/compose-sqlite-views.ts';
import { keptConsumers, type KeptViews, type ViewAlarms } from '../../functions/compose-views.ts';
import { EntryListeners } from '../../platform/account-feed/entry-listeners.ts';
import { SqliteFeedReader } from '../../platform/account-feed/sqlite-reader.ts';
import { FreshViews } from '../../platform/change-feed/fresh-views.ts';
import type { Clock } from '../../platform/clock/clock.ts';
import { within } from '../../platform/clock/within.ts';
import type { AttendedConsumer } from '../../platform/consumer/attended.ts';
import { readConsumerFile } from '../../platform/consumer/sqlite-file.ts';
import type { SqliteEventStore } from '../../platform/event-store/sqlite.ts';
import type { BreachBook } from '../../platform/surveillance/port.ts';
import { surveillanceProjection } from '../../platform/surveillance/projection.ts';
import { SqliteSurveillanceReader } from '../../platform/surveillance/sqlite-reader.ts';
import type { WatchInForce } from '../../platform/surveillance/watch.ts';
import { SqliteViewReader } from '../../platform/views/sqlite-reader.ts';
import type { Told } from './messages.ts';
import { RestartingWorker } from './restarting-worker.ts';
import { ThreadPosition } from './thread-position.ts';

const script = new URL('./worker.ts', import.meta.url);
const watching = surveillanceProjection.name;
const stopMaxMs = 10_000;

/**
 * The views of a cell on SQLite, kept by a thread of their own: what is made of a commit takes no time of those who place orders.
 * Here they are only read, on a connection that never writes. When the thread dies it is started again and goes on where its file
 * says; orders are taken all the same.
 */
export function keepViewsInThread(
  store: SqliteEventStore,
  clock: Clock,
  alarms: ViewAlarms,
  watch?: WatchInForce,
): KeptViews {
  prepareSqliteViews(store.folder);
  const running = new DisposableStack();
  const database = running.adopt(readConsumerFile(store.folder), (opened) => opened.close());
  const listeners = new EntryListeners();
  const position = new ThreadPosition(store, clock, listeners, (asked) => worker.post(asked));
  const worker: RestartingWorker = new RestartingWorker({
    script,
    workerData: { folder: store.folder, ...(watch && { watch: watch() }) },
    clock,
    onTold: (told) => (told.tell === 'position' ? position.moved(told) : tellAlarms(alarms, told)),
    onRestarted: () => {
      begin().catch(alarms.onFailure);
    },
    onFailure: alarms.onFailure,
  });
  let told: string | undefined;
  // Before the commits that were decided under it: the thread takes one message after the other.
  const tellWatch = () => {
    const now = watch?.();
    if (now && now.version !== told) worker.post({ ask: 'watch', watch: now });
    told = now?.version;
  };
  const begin = async () => {
    told = undefined;
    tellWatch();
    await worker.call('start', null);
    position.begin();
  };
  return {
    views: new FreshViews(new SqliteViewReader(database), position, clock),
    feed: new SqliteFeedReader(database, listeners),
    start: async () => {
      running.defer(
        store.onCommits(() => {
          tellWatch();
          position.wake();
        }),
      );
      await begin();
    },
    lag: () => position.lag(),
    stop: async () => {
      position.end();
      // The thread closes the file last: it is the one that may tidy it up.
      running.dispose();
      await stopped(worker, clock, alarms);
    },
    surveillance: surveillanceIn(database, worker),
    // Where nobody says what to watch, nobody watches.
    ...careOf(worker, watch ? keptConsumers : keptConsumers.filter((name) => name !== watching)),
  };
}

function tellAlarms(alarms: ViewAlarms, told: Exclude<Told, { tell: 'position' }>): void {
  if (told.tell === 'failure') alarms.onFailure(told.error);
  else alarms.onParked(told.consumer, told.parked);
}

/** A thread that does not answer is ended all the same: what it has not saved it does again. */
async function stopped(worker: RestartingWorker, clock: Clock, alarms: ViewAlarms): Promise<void> {
  try {
    await within<unknown>(worker.call('stop', null), stopMaxMs, { clock, otherwise: undefined });
  } catch (error) {
    alarms.onFailure(error);
  }
  await worker.end();
}

/** Read here, written there. */
function surveillanceIn(database: DatabaseSync, worker: RestartingWorker): BreachBook {
  const reader = new SqliteSurveillanceReader(database);
  return {
    figures: (accountId) => reader.figures(accountId),
    breaches: (query) => reader.breaches(query),
    pending: () => reader.pending(),
    conclude: async (breach, settlement) => {
      await worker.call('conclude', { breach, settlement });
    },
  };
}

function careOf(
  worker: RestartingWorker,
  consumers: readonly string[],
): Pick<KeptViews, 'drained' | 'rebuild' | 'sweep' | 'parked' | 'redrive' | 'attended'> {
  return {
    drained: async () => {
      await worker.call('drained', null);
    },
    rebuild: () => worker.call('rebuild', null),
    sweep: () => worker.call('sweep', null),
    parked: async () => (await Promise.all(consumers.map((name) => worker.call('parked', name)))).flat(),
    redrive: async () => {
      const all = await Promise.all(consumers.map((name) => worker.call('redrive', name)));
      return all.reduce((a, b) => ({ restored: a.restored + b.restored, parked: a.parked + b.parked }));
    },
    attended: consumers.map(
      (name): AttendedConsumer => ({
        name,
        parked: () => worker.call('parked', name),
        redrive: () => worker.call('redrive', name),
        sweepHeads: (heads) => worker.call('sweepHeads', { consumer: name, heads }),
      }),
    ),
  };
}
