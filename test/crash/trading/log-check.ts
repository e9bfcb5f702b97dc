import { bookStream, executionIdOf } from '../../../domain/venue/book-output.ts';
import { copyDataFolder, removeCopy } from '../../../local/data-folder-copy.ts';
import { openStore } from '../../../local/stores.ts';
import { upcastBook } from '../../../platform/aggregates/book.ts';
import { order } from '../../../platform/aggregates/order.ts';
import { systemClock } from '../../../platform/clock/clock.ts';
import { unhurried } from '../../../platform/deadline/deadline.ts';
import type { Commit } from '../../../platform/event-store/port.ts';
import type { SqliteEventStore } from '../../../platform/event-store/sqlite.ts';
import { systemRandom } from '../../../platform/random/random.ts';
import { BookLog, replay } from '../../../platform/venue/book-log.ts';
import { BookSnapshots, digestOf } from '../../../platform/venue/book-snapshots.ts';
import { SqliteChunkStore } from '../../../platform/venue/chunk-store-sqlite.ts';

export interface LogReport {
  readonly trades: number;
  /** Of every order's executions: id, lots and ticks. */
  readonly executions: ReadonlyMap<
    string,
    { readonly orderId: string; readonly lots: number; readonly ticks: number }
  >;
  readonly findings: readonly string[];
}

/**
 * What a killed cell left, looked at in a copy: every book comes out of its snapshot and the rest as out of its whole log, and, where
 * `isSettled`, each trade is in both of its orders, once, with the same numbers.
 */
export async function checkLog(
  folder: string,
  symbols: readonly string[],
  isSettled: boolean,
): Promise<LogReport> {
  const copy = await copyDataFolder(folder);
  const open = await openStore({ kind: 'sqlite', folder: copy }, systemClock, systemRandom);
  try {
    if (open.kind !== 'sqlite') throw new TypeError('a folder is SQLite');
    const findings: string[] = [];
    const executions = await executionsIn(open.store, findings);
    let trades = 0;
    for (const symbol of symbols) {
      findings.push(...(await bookFindings(open.store, symbol)));
      const sides = await tradesIn(open.store, symbol);
      trades += sides.length;
      findings.push(...sides.flatMap((side) => sideFindings(side, executions, isSettled)));
    }
    if (isSettled && executions.size !== trades)
      findings.push(`${executions.size} executions in orders, ${trades} sides of trades in books`);
    return { trades: trades / 2, executions, findings };
  } finally {
    await open.close();
    await removeCopy(copy);
  }
}

interface TradeSide {
  readonly id: string;
  readonly orderId: string;
  readonly lots: number;
  readonly ticks: number;
}

/** A trade whose order has not heard of it yet is in no order; one that has been heard is the same there. */
function sideFindings(
  { id, orderId, lots, ticks }: TradeSide,
  executions: LogReport['executions'],
  isSettled: boolean,
): readonly string[] {
  const found = executions.get(id);
  if (!found && !isSettled) return [];
  if (found?.lots === lots && found.ticks === ticks && found.orderId === orderId) return [];
  const there = JSON.stringify(found);
  return [`execution ${id} of ${orderId}: ${lots} at ${ticks} in the book, ${there} in the order`];
}

async function bookFindings(store: SqliteEventStore, symbol: string): Promise<readonly string[]> {
  const stream = bookStream(symbol);
  const snapshots = new BookSnapshots(new SqliteChunkStore(store), systemClock);
  const log = new BookLog({ store, snapshots, clock: systemClock, random: systemRandom, cell: 'local' });
  const loaded = await log.load(stream, unhurried);
  const nothing = {
    book: undefined,
    last: undefined,
    owed: [],
    unsettled: [],
    snapshot: undefined,
    inputsSince: 0,
  };
  const whole = replay(stream, nothing, await store.read(stream, 1));
  if (!loaded.book || !whole.book)
    return loaded.book === whole.book ? [] : [`${stream} is there once and not twice`];
  const isSame = digestOf(loaded.book) === digestOf(whole.book);
  return isSame ? [] : [`${stream} comes out otherwise from its snapshot than from its whole log`];
}

async function tradesIn(store: SqliteEventStore, symbol: string): Promise<readonly TradeSide[]> {
  const commits = await store.read(bookStream(symbol), 1);
  return commits.flatMap(({ version, events }) =>
    events.map(upcastBook).flatMap((event) =>
      (event.type === 'BatchMatched' ? event.data.outputs : []).flatMap((output, index) => {
        if (output.output !== 'trade') return [];
        const common = { lots: Number(output.quantity), ticks: Number(output.price) };
        return [
          {
            ...common,
            id: String(executionIdOf(symbol, { version, index }, 'buy')),
            orderId: String(output.buyOrderId),
          },
          {
            ...common,
            id: String(executionIdOf(symbol, { version, index }, 'sell')),
            orderId: String(output.sellOrderId),
          },
        ];
      }),
    ),
  );
}

async function executionsIn(store: SqliteEventStore, findings: string[]) {
  const found = new Map<string, Omit<TradeSide, 'id'>>();
  const pageMax = 1_000;
  for (let sequence = '0', isMore = true; isMore; ) {
    const page = await store.feed(sequence, pageMax);
    isMore = page.length === pageMax;
    sequence = page.at(-1)?.sequence ?? sequence;
    for (const { id, ...execution } of page.flatMap(({ commit }) => executedIn(commit))) {
      if (found.has(id)) findings.push(`execution ${id} is in the log twice`);
      found.set(id, execution);
    }
  }
  return found;
}

function executedIn({ stream, events }: Commit): readonly TradeSide[] {
  if (!stream.startsWith('order-')) return [];
  const orderId = stream.slice('order-'.length);
  return events
    .map((stored) => order.upcast(stored))
    .flatMap((event) => {
      if (event.type !== 'OrderExecuted') return [];
      const { executionId, lastQuantity, lastPrice } = event.data;
      return [{ id: executionId, orderId, lots: lastQuantity, ticks: lastPrice }];
    });
}
