import type { BookOrder } from './book-order.ts';

const INITIAL_SLOTS = 1024;

/**
 * The working orders by their number. Open addressing with linear probing, at most half full: unlike a `Map` it
 * allocates nothing and never compacts while orders come and go, so its worst case is one doubling.
 */
export class OrderIndex {
  size = 0;
  #slots: (BookOrder | undefined)[] = empty(INITIAL_SLOTS);
  #mask = INITIAL_SLOTS - 1;

  get(orderId: number): BookOrder | undefined {
    const slots = this.#slots;
    let at = home(orderId) & this.#mask;
    for (;;) {
      const order = slots[at];
      if (order === undefined || order.orderId === orderId) return order;
      at = (at + 1) & this.#mask;
    }
  }

  /** The order's number must not be in the index. */
  add(order: BookOrder): void {
    this.size += 1;
    if (this.size * 2 > this.#slots.length) this.#grow();
    this.#put(order);
  }

  /** Closes the hole by moving later entries of the same run back, so that no tombstones gather. */
  remove(order: BookOrder): void {
    const slots = this.#slots;
    const mask = this.#mask;
    let hole = home(order.orderId) & mask;
    while (slots[hole] !== order) hole = (hole + 1) & mask;
    let at = hole;
    for (;;) {
      at = (at + 1) & mask;
      const other = slots[at];
      if (other === undefined) break;
      const distance = (at - home(other.orderId)) & mask;
      if (distance < ((at - hole) & mask)) continue;
      slots[hole] = other;
      hole = at;
    }
    slots[hole] = undefined;
    this.size -= 1;
  }

  /** Every working order, in no particular order: callers sort by arrival. */
  *values(): Generator<BookOrder> {
    for (const order of this.#slots) if (order !== undefined) yield order;
  }

  #put(order: BookOrder): void {
    let at = home(order.orderId) & this.#mask;
    while (this.#slots[at] !== undefined) at = (at + 1) & this.#mask;
    this.#slots[at] = order;
  }

  #grow(): void {
    const before = this.#slots;
    this.#slots = empty(before.length * 2);
    this.#mask = this.#slots.length - 1;
    for (const order of before) if (order !== undefined) this.#put(order);
  }
}

function empty(slots: number): (BookOrder | undefined)[] {
  return Array.from<BookOrder | undefined>({ length: slots }).fill(undefined);
}

/** Multiplication by the golden ratio spreads consecutive numbers; the high bits are the well mixed ones. */
function home(orderId: number): number {
  const folded = orderId > 0xffff_ffff ? orderId ^ (orderId / 0x1_0000_0000) : orderId;
  const mixed = Math.imul(folded, 0x9e37_79b1);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}
