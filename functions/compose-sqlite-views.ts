import { SqliteAccountFeed } from '../platform/account-feed/sqlite.ts';
import { FreshViews } from '../platform/change-feed/fresh-views.ts';
import { LocalChangeFeed } from '../platform/change-feed/local.ts';
import { type Clock, systemClock } from '../platform/clock/clock.ts';
import { SqliteConsumerFile } from '../platform/consumer/sqlite-file.ts';
import { nothingSwept } from '../platform/consumer/sweep.ts';
import { deadlineIn, longestCallMs } from '../platform/deadline/deadline.ts';
import type { LocalFeed } from '../platform/event-store/feed.ts';
import { SqliteLog } from '../platform/event-store/sqlite-log.ts';
import { SqliteSurveillance } from '../platform/surveillance/sqlite.ts';
import { nothingWatched, type WatchInForce } from '../platform/surveillance/watch.ts';
import { rebuild } from '../platform/views/rebuild.ts';
import { SqliteViews } from '../platform/views/sqlite.ts';
import {
  type ConsumerStores,
  consumersOf,
  type KeptViews,
  maintenance,
  type ViewAlarms,
} from './compose-views.ts';

/** Nobody waits for these transactions: the larger, the fewer pages are written twice. */
const batchMax = 256;

/** A data folder that a cell has open, and how to hear of its commits. */
export interface SqliteSource {
  readonly folder: string;
  readonly onCommits: LocalFeed['onCommits'];
}

/** Views in a file of their own beside the log, read and written on connections of their own: in any process. */
export interface SqliteKeptViews extends KeptViews {
  readonly changeFeed: LocalChangeFeed;
}

/** Makes the file and its tables, for whoever reads them on another connection. */
export function prepareSqliteViews(folder: string): void {
  const log = new SqliteLog(folder);
  const file = SqliteConsumerFile.open(folder, log);
  storesIn(file, systemClock);
  file.close();
  log.close();
}

function storesIn(file: SqliteConsumerFile, clock: Clock, watch: WatchInForce = () => nothingWatched) {
  return {
    views: new SqliteViews(file),
    feed: new SqliteAccountFeed(file),
    surveillance: new SqliteSurveillance(file, watch, clock),
  };
}

/** Whoever reads the file has prepared it before. Throws `ListsHeld` while somebody else writes it and does not end. */
export function keepViewsInSqlite(
  { folder, onCommits }: SqliteSource,
  clock: Clock,
  alarms: ViewAlarms & { readonly onDelivered?: (position: string) => void },
  watch?: WatchInForce,
): SqliteKeptViews {
  const log = new SqliteLog(folder);
  const file = SqliteConsumerFile.openThere(folder, log);
  const { views, feed, surveillance } = storesIn(file, clock, watch);
  // All of a batch in one round: the order of the log is then the order of the numbers.
  const limits = { commitsMax: batchMax };
  const stores: ConsumerStores = { views, feed, ...(watch && { surveillance }) };
  const group = consumersOf(stores, { log, clock, alarms, limits });
  const kept = [views, feed, ...(watch ? [surveillance] : [])];
  const changeFeed = new LocalChangeFeed({
    feed: {
      feed: async (sequence, limit) => log.feed(Number(sequence), limit),
      onCommits,
      cursor: async () => String(Math.min(...kept.map((one) => Number(one.covered())))),
      saveCursor: async (_, sequence) => {
        for (const one of kept) one.cover(sequence);
      },
    },
    head: async () => log.head(),
    consumer: group,
    clock,
    ...alarms,
    limits: { batchMax },
  });
  const care = maintenance({ log, views, group, clock });
  // Nothing is to come before the feed brings it: it would be numbered before its turn.
  const whenCaughtUp = () => changeFeed.caughtUp(deadlineIn(longestCallMs, clock));
  return {
    ...care,
    changeFeed,
    views: new FreshViews(views, changeFeed, clock),
    feed,
    surveillance,
    start: async () => {
      await group.redrive(deadlineIn(longestCallMs, clock));
      await changeFeed.start();
    },
    stop: async () => {
      await changeFeed.stop();
      file.close();
      log.close();
    },
    drained: () => changeFeed.drained(),
    attended: care.attended.map((one) => ({
      ...one,
      sweepHeads: async (heads) =>
        (await whenCaughtUp()) ? one.sweepHeads(heads) : { ...nothingSwept, streams: heads.length },
    })),
    sweep: async () => {
      await changeFeed.drained();
      return care.sweep();
    },
    // Through the feed, which goes through the log as it was written.
    rebuild: () =>
      rebuild(views, group, clock, async () => {
        const commits = Number(log.head());
        changeFeed.restart();
        await changeFeed.drained();
        return commits;
      }),
  };
}
