import type { VenueReport } from '../order/commands.ts';
import type { CancelReason } from '../order/events.ts';
import { price } from '../values/price.ts';
import { quantity } from '../values/quantity.ts';
import type { BookOutput } from './book-output.ts';
import type { BookRegister, RegisteredOrder } from './book-register.ts';
import type { CloseReason } from './reasons.ts';
import type { Report, ReportReason } from './report.ts';

/** Why the book was changed: the same cancel is a client's own, or the market's doing. */
export type Asked =
  | { readonly asked: 'new' | 'cancel' | 'replace' | 'withdraw'; readonly order: RegisteredOrder }
  | { readonly asked: 'mass-cancel'; readonly reason: CancelReason }
  | { readonly asked: 'market' };

/** The book's reports, which know numbers, in the words of the orders they are about; keeps the register in step on the way. */
export class Translation {
  readonly #register: BookRegister;
  readonly #asked: Asked;
  readonly #symbol: string;

  constructor(register: BookRegister, asked: Asked, symbol: string) {
    this.#register = register;
    this.#asked = asked;
    this.#symbol = symbol;
  }

  /** Undefined for what nobody is told. */
  of(report: Report): BookOutput | undefined {
    const order = this.#register.numbered(report.orderId);
    switch (report.kind) {
      case 'traded':
      case 'auction_traded':
        return this.#trade(report, order);
      case 'accepted':
        return told(order, { report: 'accept', venueOrderId: `${this.#symbol}-${order.number}` });
      case 'rejected':
        return this.#last(order, { report: 'reject', text: report.reason });
      case 'canceled':
        return this.#canceled(order, report.reason);
      case 'expired':
        return this.#last(order, { report: 'expire', reason: expiryOf(report.reason) });
      case 'reduced':
        order.orderQuantity -= report.quantity;
        return told(order, {
          report: 'restate',
          orderQuantity: quantity(order.orderQuantity),
          text: 'self_trade_prevention',
        });
      case 'replaced':
        order.orderQuantity = report.quantity;
        if (report.leavesQuantity === 0) this.#register.close(order);
        return told(order, { report: 'confirm-replace' });
      case 'cancel_rejected':
        return told(order, { report: 'reject-cancel', text: report.reason });
      case 'replace_rejected':
        return told(order, { report: 'reject-replace', text: report.reason });
      case 'triggered':
        return told(order, { report: 'trigger' });
    }
  }

  #trade(report: Report, order: RegisteredOrder): BookOutput {
    const contra = this.#register.numbered(report.contraOrderId);
    if (report.leavesQuantity === 0) this.#register.close(order);
    if (report.contraLeavesQuantity === 0) this.#register.close(contra);
    const [buyer, seller] = report.side === 'buy' ? [order, contra] : [contra, order];
    const traded = { price: price(report.price), quantity: quantity(report.quantity) };
    const sides = { buyOrderId: buyer.orderId, sellOrderId: seller.orderId };
    if (report.kind === 'auction_traded') return { output: 'trade', ...sides, ...traded };
    return { output: 'trade', ...sides, ...traded, aggressor: report.side === 'buy' ? 'sell' : 'buy' };
  }

  #canceled(order: RegisteredOrder, reason: ReportReason): BookOutput | undefined {
    this.#register.close(order);
    if (reason !== 'requested') return told(order, { report: 'cancel', reason: cancelReasonOf(reason) });
    switch (this.#asked.asked) {
      case 'mass-cancel':
        return told(order, { report: 'cancel', reason: this.#asked.reason });
      case 'withdraw':
        return undefined;
      default:
        return told(order, { report: 'confirm-cancel' });
    }
  }

  #last(order: RegisteredOrder, report: VenueReport): BookOutput {
    this.#register.close(order);
    return told(order, report);
  }
}

function told(order: RegisteredOrder, report: VenueReport): BookOutput {
  return { output: 'report', orderId: order.orderId, report };
}

const cancelReasons: Readonly<Partial<Record<CloseReason, CancelReason>>> = {
  immediate_remainder: 'ioc_remainder',
  below_minimum: 'ioc_remainder',
  not_fillable: 'fok_unfilled',
  no_liquidity: 'no_liquidity',
  protection_limit: 'protection_limit',
  self_trade: 'self_trade_prevention',
};

function cancelReasonOf(reason: ReportReason): CancelReason {
  return isCloseReason(reason) ? (cancelReasons[reason] ?? 'unsolicited') : 'unsolicited';
}

function isCloseReason(reason: ReportReason): reason is CloseReason {
  return Object.hasOwn(cancelReasons, reason);
}

function expiryOf(reason: ReportReason): 'day' | 'date' | 'auction' {
  if (reason === 'date_reached') return 'date';
  return reason === 'auction_over' ? 'auction' : 'day';
}
