import { BookLog } from '../../platform/venue/book-log.ts';
import { BookSnapshots, chunksOf, digestOf } from '../../platform/venue/book-snapshots.ts';
import { MemoryChunkStore } from '../../platform/venue/chunk-store.ts';
import type { VenueBook } from '../../domain/venue/venue-book.ts';
import type { Auditor } from './auditor/auditor.ts';
import { demand } from './law.ts';
import type { Market } from './market.ts';
import type { Life } from './process.ts';
import { Prng } from './prng.ts';

/** At the end: a book read from its snapshot, and from its log alone, is the same, and it works what its orders say is open. */
export async function checkBooks(life: Life, auditor: Auditor, market: Market): Promise<void> {
  const { clock, store } = life;
  const snapshots = new BookSnapshots(new MemoryChunkStore(), clock);
  const bare = new BookLog({ store, snapshots, clock, random: new Prng('nothing'), cell: 'simulated' });
  for (const symbol of market.ours) {
    const stream = `book-${symbol}`;
    const known = await life.consumers.bookLog.load(stream, life.deadlineIn(10_000));
    const afresh = await bare.load(stream, life.deadlineIn(10_000));
    if (!known.book || !afresh.book) continue;
    const isSame = digestOf(known.book) === digestOf(afresh.book);
    demand(
      isSame,
      'a book after replay is the book',
      () => `${stream}@${known.last?.version}: ${JSON.stringify(difference(known.book, afresh.book))}`,
    );
    demand(
      afresh.owed.length === 0,
      'a book says all it has done',
      () => `${stream} owes ${afresh.owed.length}`,
    );
    checkWorking(symbol, afresh.book, auditor);
  }
}

/** The first line in which two books differ. */
function difference(
  one: VenueBook | undefined,
  other: VenueBook | undefined,
): readonly (string | undefined)[] {
  const [left, right] = [one, other].map((book) => (book ? [...chunksOf(book)].join('\n').split('\n') : []));
  const at = left?.findIndex((line, index) => line !== right?.[index]) ?? 0;
  return [left?.[at], right?.[at]];
}

function checkWorking(symbol: string, book: VenueBook, { orders }: Auditor): void {
  const ids = new Map([...book.registered()].map(({ number, orderId }) => [number, orderId]));
  const working = new Map(
    [...book.workingOrders()].map(({ orderId, leavesQuantity }) => [ids.get(orderId), leavesQuantity]),
  );
  for (const [id, order] of orders) {
    if (order.placed.contract.symbol !== symbol || !order.isAtVenue) continue;
    const leaves = order.isOpen ? order.leaves : 0;
    const found = working.get(order.placed.orderId) ?? 0;
    demand(
      leaves === found,
      'orders and book agree',
      () => `${id}: ${leaves} to trade, ${found} in the book`,
    );
  }
}

/** What a kill switch stops does not work in our own books, once everybody had time to hear of it; of any other venue its cancel was asked. */
export function checkSwitches({ orders, switches }: Auditor, market: Market): void {
  for (const [id, order] of orders) {
    const { accountId, side, contract } = order.placed;
    const isStopped = switches.stops({ accountId, side, symbol: contract.symbol });
    if (!isStopped || !order.isOpen) continue;
    const isDone = !market.ours.includes(contract.symbol) && order.isCancelAsked;
    demand(isDone, 'what is stopped does not work', () => `${id} is open`);
  }
}
