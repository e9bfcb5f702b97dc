import type { Contract } from '../../domain/instrument/instrument.ts';
import { bookStream } from '../../domain/venue/book-output.ts';
import { upcastBook } from '../aggregates/book.ts';
import type { Deadline } from '../deadline/deadline.ts';
import type { Commit, EventStore } from '../event-store/port.ts';
import { bookFingerprint } from '../venue/book-snapshots.ts';
import { tradesIn } from '../venue/book-observer.ts';
import { type MarketBoard, tradeOf } from './market-board.ts';

/** Looking further back costs every start more than it is worth. */
export const commitsMax = 2_000;

/** Trades and bars from the newest commits of a book's stream, as they were when this process was not there yet. */
export async function rebuild(
  board: Pick<MarketBoard, 'take'>,
  store: Pick<EventStore, 'read' | 'readTail'>,
  contract: Contract,
  deadline: Deadline,
): Promise<void> {
  const stream = bookStream(contract.symbol);
  const newest = (await store.readTail(stream, bookFingerprint, deadline)).at(-1);
  if (!newest) return;
  const from = Math.max(1, newest.version - commitsMax + 1);
  for (const commit of await store.read(stream, from, deadline)) takeAll(board, contract, commit);
}

function takeAll(
  board: Pick<MarketBoard, 'take'>,
  contract: Contract,
  { events, version, at }: Commit,
): void {
  const { symbol } = contract;
  for (const event of events.map(upcastBook)) {
    if (event.type !== 'BatchMatched') continue;
    for (const trade of tradesIn(event.data.outputs))
      board.take(tradeOf({ symbol, contract, version, at }, trade));
  }
}
