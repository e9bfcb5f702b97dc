import type { BookOrder } from './book-order.ts';

/** The orders waiting at one price, first come first served. */
export class PriceLevel {
  price = 0;
  /** Sorts levels of one ladder from worst to best. */
  key = 0;
  leavesQuantity = 0;
  shownQuantity = 0;
  head: BookOrder | undefined = undefined;
  tail: BookOrder | undefined = undefined;
  better: PriceLevel | undefined = undefined;
  worse: PriceLevel | undefined = undefined;

  append(order: BookOrder): void {
    order.level = this;
    this.leavesQuantity += order.leavesQuantity;
    this.shownQuantity += order.shownQuantity;
    const tail = this.tail;
    order.previous = tail;
    order.next = undefined;
    this.tail = order;
    if (tail === undefined) this.head = order;
    else tail.next = order;
  }

  remove(order: BookOrder): void {
    this.leavesQuantity -= order.leavesQuantity;
    this.shownQuantity -= order.shownQuantity;
    const { previous, next } = order;
    if (previous === undefined) this.head = next;
    else previous.next = next;
    if (next === undefined) this.tail = previous;
    else next.previous = previous;
    order.level = undefined;
  }

  /** Takes executed or withdrawn quantity off an order that stays where it is in the queue. */
  reduce(order: BookOrder, leavesQuantity: number, shownQuantity: number): void {
    this.leavesQuantity -= order.leavesQuantity - leavesQuantity;
    this.shownQuantity -= order.shownQuantity - shownQuantity;
    order.leavesQuantity = leavesQuantity;
    order.shownQuantity = shownQuantity;
  }
}
