import { expect, test } from 'vitest';
import { accountId, orderId } from '../../../domain/values/ids.ts';
import { price } from '../../../domain/values/price.ts';
import { quantity } from '../../../domain/values/quantity.ts';
import { VenueBook } from '../../../domain/venue/venue-book.ts';
import { systemClock } from '../../../platform/clock/clock.ts';
import { unhurried } from '../../../platform/deadline/deadline.ts';
import { limits } from '../../../platform/event-store/limits.ts';
import { BookSnapshots, chunksOf, digestOf } from '../../../platform/venue/book-snapshots.ts';
import { MemoryChunkStore } from '../../../platform/venue/chunk-store.ts';
import { contract } from '../../support/order.ts';

/** `ORDERS=1000000 npx vitest run` with this file shows the size that the design names. */
const orders = Number(process.env['ORDERS'] ?? 20_000);

function largeBook(): VenueBook {
  const book = VenueBook.open(contract, 'continuous');
  book.begin();
  for (let index = 0; index < orders; index += 1) {
    const isBid = index % 2 === 0;
    book.take({
      input: 'new',
      orderId: orderId(`00000000-0000-5000-8000-${String(index).padStart(12, '0')}`),
      version: 1,
      accountId: accountId(`account-${index % 1_000}`),
      side: isBid ? 'buy' : 'sell',
      terms: {
        orderType: 'limit',
        timeInForce: 'gtc',
        orderQuantity: quantity(10),
        limitPrice: price(isBid ? 9_999 - (index % 500) : 10_001 + (index % 500)),
      },
      selfTradePrevention: 'cancel_incoming',
    });
  }
  return book;
}

test('a large book goes through its chunks and comes out as it was', async () => {
  const book = largeBook();
  const snapshots = new BookSnapshots(new MemoryChunkStore(), systemClock);
  const reference = await snapshots.write('book-ACME', 7, book, unhurried);
  expect(reference.chunks).toBeGreaterThan(orders / 250);
  const again = await snapshots.read('book-ACME', reference, unhurried);
  expect(again?.orderCount).toBe(orders);
  expect(again && digestOf(again)).toBe(digestOf(book));
  again?.begin();
  expect(again?.take({ input: 'mass-cancel', reason: 'kill_switch' })).toHaveLength(orders);
});

test('while a large book is read others have their turns', async () => {
  let turns = 0;
  const clock = { sleep: async () => void (turns += 1) };
  const snapshots = new BookSnapshots(new MemoryChunkStore(), clock);
  const reference = await snapshots.write('book-ACME', 7, largeBook(), unhurried);
  expect((await snapshots.read('book-ACME', reference, unhurried))?.orderCount).toBe(orders);
  // Of its chunks, twice, and of its orders, as lines and as places in the book.
  expect(turns).toBeGreaterThanOrEqual(
    2 * Math.floor(reference.chunks / 32) + 2 * Math.floor(orders / 4_000),
  );
});

test('no chunk is larger than one item may be', () => {
  let largest = 0;
  for (const chunk of chunksOf(largeBook())) largest = Math.max(largest, Buffer.byteLength(chunk));
  expect(largest).toBeLessThan(limits.changeBytes);
});
