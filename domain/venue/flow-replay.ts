import type { TimeInForce } from '../order/terms.ts';
import type { FlowFault, FlowMessage } from './flow-reader.ts';
import type { NewOrder } from './new-order.ts';
import { OrderBook } from './order-book.ts';
import type { Report } from './report.ts';

class Ticket implements NewOrder {
  orderId = 0;
  side: NewOrder['side'] = 'buy';
  readonly orderType = 'limit';
  timeInForce: TimeInForce = 'gtc';
  quantity = 0;
  limitPrice = 0;
}

/** The kinds of the canonical report. */
const ACCEPTED = 0;
const TRADED = 1;
const CANCELED = 2;
const MODIFIED = 3;
const CANCEL_REFUSED = 4;
const MODIFY_REFUSED = 5;

/** Runs a recorded flow through an order book and writes down what it reports, in the canonical form. */
export class FlowReplay {
  readonly #book = OrderBook.open({ phase: 'continuous' });
  readonly #ticket = new Ticket();

  /** A flow's modify is a cancel and a new entry; its side and its `ioc` say nothing new and are not looked at. */
  apply(message: FlowMessage): void {
    if (message.type === 'new') this.#place(message);
    else if (message.type === 'cancel') this.#book.cancel(message.orderId);
    else this.#book.reinsert(message.orderId, message.quantity, message.price);
  }

  /** Reports so far: what `apply` adds belongs to its message. */
  get reportCount(): number {
    return this.#book.reports.count;
  }

  clear(): void {
    this.#book.reports.clear();
  }

  /** Lines, each ended by a newline, for the reports `from` to before `to` of one message. Trades come before a modify. */
  describe(message: FlowMessage, from: number, to: number): string {
    const first = this.#book.reports.at(from);
    if (first?.kind !== 'replaced') return this.#lines(message, from, to);
    return this.#lines(message, from + 1, to) + line(message, first);
  }

  /** What a well-formed line asks that the book refuses: the canonical report has no word for it. */
  refusal(message: FlowMessage, from: number): FlowFault | undefined {
    const report = this.#book.reports.at(from);
    if (report === undefined || report.reason === 'unknown_order') return undefined;
    if (report.kind !== 'rejected' && report.kind !== 'replace_rejected') return undefined;
    const field = report.reason === 'duplicate_order' ? 'order_id' : 'qty';
    return { line: message.line, field, problem: `the book refuses the order: ${report.reason}` };
  }

  #place(message: FlowMessage): void {
    const ticket = this.#ticket;
    ticket.orderId = message.orderId;
    ticket.side = message.side;
    ticket.timeInForce = message.immediate ? 'ioc' : 'gtc';
    ticket.quantity = message.quantity;
    ticket.limitPrice = message.price;
    this.#book.place(ticket);
  }

  #lines(message: FlowMessage, from: number, to: number): string {
    let text = '';
    for (let index = from; index < to; index += 1) {
      const report = this.#book.reports.at(index);
      if (report !== undefined) text += line(message, report);
    }
    return text;
  }
}

function line({ sequence }: FlowMessage, report: Report): string {
  const { orderId, price } = report;
  const side = report.side === 'buy' ? 0 : 1;
  switch (report.kind) {
    case 'accepted':
      return `${ACCEPTED},${sequence},${side},${orderId},${price},${report.quantity}\n`;
    case 'traded':
      return `${TRADED},${sequence},${price},${report.quantity},${orderId},${report.contraOrderId}\n`;
    case 'canceled':
      return `${CANCELED},${sequence},${side},${orderId},${price}\n`;
    case 'replaced':
      return `${MODIFIED},${sequence},${side},${orderId},${price},${report.leavesQuantity}\n`;
    case 'cancel_rejected':
      return `${CANCEL_REFUSED},${sequence},${orderId}\n`;
    case 'replace_rejected':
      return `${MODIFY_REFUSED},${sequence},${orderId}\n`;
    default:
      return '';
  }
}
