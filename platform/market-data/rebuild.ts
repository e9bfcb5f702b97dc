import type { Contract } from '../../domain/instrument/instrument.ts';
import { assert } from '../../domain/values/assert.ts';
import { bookStream } from '../../domain/venue/book-output.ts';
import { upcastBook } from '../aggregates/book.ts';
import type { Clock } from '../clock/clock.ts';
import type { Deadline } from '../deadline/deadline.ts';
import type { Commit, EventStore } from '../event-store/port.ts';
import { bookFingerprint } from '../venue/book-snapshots.ts';
import { tradesIn } from '../venue/book-observer.ts';
import { type MarketBoard, tradeOf } from './market-board.ts';

/** Looking further back costs every start more than it is worth. */
export const commitsMax = 2_000;

/** Whoever places orders waits for so many at most. */
const commitsAtOnce = 50;

export interface RebuildParts {
  readonly board: Pick<MarketBoard, 'recall'>;
  readonly store: Pick<EventStore, 'read' | 'readOne' | 'readTail'>;
  readonly clock: Pick<Clock, 'sleep'>;
}

/**
 * Trades and bars from the newest commits of a book's stream, as they were when this process was not there yet. Returns the
 * version up to which they were taken, 0 where there is no stream.
 */
export async function rebuild(
  { board, store, clock }: RebuildParts,
  symbol: string,
  deadline: Deadline,
): Promise<number> {
  const stream = bookStream(symbol);
  const newest = (await store.readTail(stream, bookFingerprint, deadline)).at(-1);
  if (!newest) return 0;
  const contract = openedIn(await store.readOne(stream, 1, deadline));
  const from = Math.max(1, newest.version - commitsMax + 1);
  let version = 0;
  for (const [index, commit] of (await store.read(stream, from, deadline)).entries()) {
    recall(board, contract, commit);
    version = commit.version;
    if (index % commitsAtOnce === commitsAtOnce - 1) await clock.sleep(0);
  }
  return version;
}

/** The units of the book, which may be others than those its instrument has by now. */
function openedIn(first: Commit | undefined): Contract {
  const opening = first?.events.map(upcastBook).find((event) => event.type === 'BookOpened');
  assert(opening?.type === 'BookOpened', 'a book begins with its opening');
  return opening.data.contract;
}

/** The trades of one commit of a book. */
export function recall(
  board: Pick<MarketBoard, 'recall'>,
  contract: Contract,
  { events, version, at }: Commit,
): void {
  const { symbol } = contract;
  for (const event of events.map(upcastBook)) {
    if (event.type !== 'BatchMatched') continue;
    for (const trade of tradesIn(event.data.outputs))
      board.recall(tradeOf({ symbol, contract, version, at }, trade));
  }
}
