import { assert } from '../values/assert.ts';
import type { BookOrder } from './book-order.ts';

const INITIAL_SLOTS = 1024;
const FREE = -1;

/**
 * The working orders by their number. Open addressing with linear probing, at most half full: unlike a `Map` it
 * allocates nothing and never compacts while orders come and go, so its worst case is one doubling. The numbers lie in
 * an array of their own, so that searching looks at no other order.
 */
export class OrderIndex {
  size = 0;
  #numbers = new Float64Array(INITIAL_SLOTS).fill(FREE);
  #orders: (BookOrder | undefined)[] = empty(INITIAL_SLOTS);
  #mask = INITIAL_SLOTS - 1;

  get(orderId: number): BookOrder | undefined {
    return this.#orders[this.#find(orderId)];
  }

  /** The order's number must not be in the index. */
  add(order: BookOrder): void {
    this.size += 1;
    if (this.size * 2 > this.#orders.length) this.#grow();
    this.#put(order);
  }

  /** Closes the hole by moving later entries of the same run back, so that no tombstones gather. */
  remove(order: BookOrder): void {
    const numbers = this.#numbers;
    const mask = this.#mask;
    let hole = this.#find(order.orderId);
    assert(numbers[hole] === order.orderId, 'an order that is not in the index was removed');
    for (let at = (hole + 1) & mask; ; at = (at + 1) & mask) {
      const number = numbers[at] ?? FREE;
      if (number === FREE) break;
      const distance = (at - home(number)) & mask;
      if (distance < ((at - hole) & mask)) continue;
      numbers[hole] = number;
      this.#orders[hole] = this.#orders[at];
      hole = at;
    }
    numbers[hole] = FREE;
    this.#orders[hole] = undefined;
    this.size -= 1;
  }

  /** Every working order, in no particular order: callers sort by arrival. */
  *values(): Generator<BookOrder> {
    for (const order of this.#orders) if (order !== undefined) yield order;
  }

  /** Where the number is, or else the free slot where it would be. */
  #find(orderId: number): number {
    const numbers = this.#numbers;
    let at = home(orderId) & this.#mask;
    for (;;) {
      const number = numbers[at];
      if (number === orderId || number === FREE) return at;
      at = (at + 1) & this.#mask;
    }
  }

  #put(order: BookOrder): void {
    const at = this.#find(order.orderId);
    this.#numbers[at] = order.orderId;
    this.#orders[at] = order;
  }

  #grow(): void {
    const before = this.#orders;
    this.#numbers = new Float64Array(before.length * 2).fill(FREE);
    this.#orders = empty(before.length * 2);
    this.#mask = this.#orders.length - 1;
    for (const order of before) if (order !== undefined) this.#put(order);
  }
}

function empty(slots: number): (BookOrder | undefined)[] {
  return Array.from<BookOrder | undefined>({ length: slots }).fill(undefined);
}

/** Multiplication by the golden ratio spreads consecutive numbers. */
function home(orderId: number): number {
  const folded = orderId > 0xffff_ffff ? orderId ^ (orderId / 0x1_0000_0000) : orderId;
  const mixed = Math.imul(folded, 0x9e37_79b1);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}
