import type { DatabaseSync } from 'node:sqlite';
import { prepareSqliteViews } from '../../functions/compose-sqlite-views.ts';
import { keptConsumers, type KeptViews, type ViewAlarms } from '../../functions/compose-views.ts';
import { EntryListeners } from '../../platform/account-feed/entry-listeners.ts';
import { SqliteFeedReader } from '../../platform/account-feed/sqlite-reader.ts';
import { FreshViews } from '../../platform/change-feed/fresh-views.ts';
import type { Clock } from '../../platform/clock/clock.ts';
import type { AttendedConsumer } from '../../platform/consumer/attended.ts';
import { readConsumerFile } from '../../platform/consumer/sqlite-file.ts';
import type { SqliteEventStore } from '../../platform/event-store/sqlite.ts';
import type { BreachBook } from '../../platform/surveillance/port.ts';
import { surveillanceProjection } from '../../platform/surveillance/projection.ts';
import { SqliteSurveillanceReader } from '../../platform/surveillance/sqlite-reader.ts';
import type { WatchInForce } from '../../platform/surveillance/watch.ts';
import { SqliteViewReader } from '../../platform/views/sqlite-reader.ts';
import { FollowedPosition } from './followed-position.ts';
import { errorOf, type Told } from './messages.ts';
import { RestartingProcess } from './restarting-process.ts';

const script = new URL('./main.ts', import.meta.url);
const watching = surveillanceProjection.name;

/**
 * The views of a cell on SQLite, kept by a process of their own: what is made of a commit takes no time of those who place orders,
 * and a fault of the runtime in it does not end them. Here they are only read, on a connection that never writes. When the process dies
 * it is started again and goes on where its file says; orders are taken all the same. Throws `ListsHeld` when a predecessor's process
 * does not end.
 */
export function keepViewsBeside(
  store: SqliteEventStore,
  clock: Clock,
  alarms: ViewAlarms,
  watch?: WatchInForce,
): KeptViews {
  prepareSqliteViews(store.folder);
  const running = new DisposableStack();
  const database = running.adopt(readConsumerFile(store.folder), (opened) => opened.close());
  const listeners = new EntryListeners();
  const position = new FollowedPosition(store, clock, listeners, (asked) => writer.post(asked));
  const writer: RestartingProcess = new RestartingProcess({
    script,
    begin: () => ({ ask: 'begin', folder: store.folder, ...(watch && { watch: watch() }) }),
    clock,
    onTold: (told) => (told.tell === 'position' ? position.moved(told) : tellAlarms(alarms, told)),
    onRestarted: () => begin(),
    onFailure: alarms.onFailure,
  });
  let told: string | undefined;
  // Before the commits that were decided under it: the process takes one message after the other.
  const tellWatch = () => {
    const now = watch?.();
    if (now && now.version !== told) writer.post({ ask: 'watch', watch: now });
    told = now?.version;
  };
  const begin = async () => {
    told = undefined;
    tellWatch();
    await writer.call('start', null);
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
    isWorking: () => writer.isWorking,
    stop: async () => {
      position.end();
      // The process closes the file last: it is the one that may tidy it up.
      running.dispose();
      await stopped(writer, alarms);
    },
    surveillance: surveillanceIn(database, writer),
    // Where nobody says what to watch, nobody watches.
    ...careOf(writer, watch ? keptConsumers : keptConsumers.filter((name) => name !== watching)),
  };
}

function tellAlarms(alarms: ViewAlarms, told: Exclude<Told, { tell: 'position' }>): void {
  if (told.tell === 'failure') alarms.onFailure(errorOf(told.error));
  else alarms.onParked(told.consumer, told.parked);
}

/** A process that does not answer is ended all the same: what it has not saved it does again. */
async function stopped(writer: RestartingProcess, alarms: ViewAlarms): Promise<void> {
  try {
    await writer.call('stop', null);
  } catch (error) {
    alarms.onFailure(error);
  }
  await writer.end();
}

/** Read here, written there. */
function surveillanceIn(database: DatabaseSync, writer: RestartingProcess): BreachBook {
  const reader = new SqliteSurveillanceReader(database);
  return {
    figures: (accountId) => reader.figures(accountId),
    breaches: (query) => reader.breaches(query),
    pending: () => reader.pending(),
    conclude: async (breach, settlement) => {
      await writer.call('conclude', { breach, settlement });
    },
  };
}

function careOf(
  writer: RestartingProcess,
  consumers: readonly string[],
): Pick<KeptViews, 'drained' | 'rebuild' | 'sweep' | 'parked' | 'redrive' | 'attended'> {
  return {
    drained: async () => {
      await writer.call('drained', null);
    },
    rebuild: () => writer.call('rebuild', null),
    sweep: () => writer.call('sweep', null),
    parked: async () => (await Promise.all(consumers.map((name) => writer.call('parked', name)))).flat(),
    redrive: async () => {
      const all = await Promise.all(consumers.map((name) => writer.call('redrive', name)));
      return all.reduce((a, b) => ({ restored: a.restored + b.restored, parked: a.parked + b.parked }));
    },
    attended: consumers.map(
      (name): AttendedConsumer => ({
        name,
        parked: () => writer.call('parked', name),
        redrive: () => writer.call('redrive', name),
        sweepHeads: (heads) => writer.call('sweepHeads', { consumer: name, heads }),
      }),
    ),
  };
}
