import type { DepthLevel } from '../../../domain/venue/order-book.ts';
import { finished } from '../../../domain/venue/slices.ts';
import { OrderBook, type OrderBookOptions } from '../../../domain/venue/order-book.ts';
import type { NewOrder, ReplaceOrder } from '../../../domain/venue/new-order.ts';
import type { Phase } from '../../../domain/venue/phase.ts';
import type { BookHead, WorkingOrder } from '../../../domain/venue/snapshot.ts';
import type { Report } from '../../../domain/venue/report.ts';

/** One input of a book, as data, so that the book and its oracle can be given the same. */
export type Command =
  | { readonly do: 'place'; readonly order: NewOrder }
  | { readonly do: 'cancel'; readonly orderId: number }
  | { readonly do: 'replace'; readonly change: ReplaceOrder }
  | { readonly do: 'reinsert'; readonly orderId: number; readonly quantity: number; readonly price: number }
  | { readonly do: 'cancelAll'; readonly account: number }
  | { readonly do: 'beginCall'; readonly phase: 'opening_call' | 'closing_call' }
  | { readonly do: 'endCall'; readonly referencePrice: number }
  | { readonly do: 'endDay' }
  | { readonly do: 'expire'; readonly now: number }
  | { readonly do: 'halt' }
  | { readonly do: 'resume' };

/** What can be seen of a book from outside. */
export interface Sight {
  readonly bids: readonly DepthLevel[];
  readonly asks: readonly DepthLevel[];
  readonly orderCount: number;
  readonly openQuantity: number;
  readonly lastPrice: number | undefined;
  readonly phase: Phase;
}

export interface Tested {
  run(command: Command): readonly string[];
  sight(): Sight;
}

export function reportLine(report: Report): string {
  const {
    kind,
    orderId,
    side,
    price,
    quantity,
    leavesQuantity,
    contraOrderId,
    contraLeavesQuantity,
    reason,
  } = report;
  const contra = contraOrderId === 0 ? '' : ` with ${contraOrderId} (${contraLeavesQuantity} left)`;
  const why = reason === 'none' ? '' : `: ${reason}`;
  return `${kind} ${orderId} ${side} ${quantity} at ${price}, ${leavesQuantity} left${contra}${why}`;
}

export class TestedBook implements Tested {
  book: OrderBook;

  constructor(options: OrderBookOptions) {
    this.book = OrderBook.open(options);
  }

  /** Replaces the book by one made from its snapshot, as it would be read back from text. */
  restore(): void {
    const orders = Array.from(this.book.workingOrders(), (order) => JSON.stringify(order));
    const head: BookHead = JSON.parse(JSON.stringify(this.book.head()));
    const restored = orders.map((order): WorkingOrder => JSON.parse(order));
    this.book = finished(OrderBook.restoring(head, restored));
  }

  run(command: Command): readonly string[] {
    this.book.reports.clear();
    this.#apply(command);
    return Array.from(this.book.reports, reportLine);
  }

  sight(): Sight {
    const { orderCount, openQuantity, lastPrice, phase } = this.book;
    const [bids, asks] = [this.book.depth('buy', 1000), this.book.depth('sell', 1000)];
    return { bids, asks, orderCount, openQuantity, lastPrice, phase };
  }

  #apply(command: Command): void {
    const { book } = this;
    switch (command.do) {
      case 'place':
        return book.place(command.order);
      case 'cancel':
        return book.cancel(command.orderId);
      case 'replace':
        return book.replace(command.change);
      case 'reinsert':
        return book.reinsert(command.orderId, command.quantity, command.price);
      case 'cancelAll':
        return book.cancelAll(command.account);
      case 'beginCall':
        return book.beginCall(command.phase);
      case 'endCall':
        if (book.phase.endsWith('_call') && !book.halted) book.endCall(command.referencePrice);
        return undefined;
      case 'endDay':
        return book.endDay();
      case 'expire':
        return book.expire(command.now);
      case 'halt':
        return book.halt();
      case 'resume':
        return book.resume();
    }
  }
}
