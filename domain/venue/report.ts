import type { Side } from '../order/terms.ts';
import type { CloseReason, RejectReason } from './reasons.ts';

/**
 * What the book says happened. `traded`: `orderId` rested, `contraOrderId` came in; `auction_traded`: `orderId` bought,
 * `contraOrderId` sold. `reduced`: self-trade prevention took `quantity` off an order that stays or goes on.
 */
export type ReportKind =
  | 'accepted'
  | 'rejected'
  | 'traded'
  | 'auction_traded'
  | 'reduced'
  | 'canceled'
  | 'cancel_rejected'
  | 'expired'
  | 'replaced'
  | 'replace_rejected'
  | 'triggered';

/** `none` where the kind needs no reason. */
export type ReportReason = 'none' | RejectReason | CloseReason;

/** One report. Only valid until the buffer is cleared: its object is used again. Absent numbers are 0. */
export interface Report {
  readonly kind: ReportKind;
  readonly orderId: number;
  readonly side: Side;
  readonly price: number;
  readonly quantity: number;
  readonly leavesQuantity: number;
  readonly contraOrderId: number;
  readonly contraLeavesQuantity: number;
  readonly reason: ReportReason;
}

class PooledReport implements Report {
  kind: ReportKind = 'accepted';
  orderId = 0;
  side: Side = 'buy';
  price = 0;
  quantity = 0;
  leavesQuantity = 0;
  contraOrderId = 0;
  contraLeavesQuantity = 0;
  reason: ReportReason = 'none';
}

const KEPT_MAX = 65_536;

/** The reports of the commands since the last `clear`, in the order in which things happened. */
export class ReportBuffer implements Iterable<Report> {
  readonly #reports: PooledReport[] = [];
  count = 0;

  at(index: number): Report | undefined {
    return index < this.count ? this.#reports[index] : undefined;
  }

  clear(): void {
    this.count = 0;
    if (this.#reports.length > KEPT_MAX) this.#reports.length = KEPT_MAX;
  }

  /** The next report, reset to nothing, for the book to fill. */
  add(kind: ReportKind, orderId: number, side: Side): PooledReport {
    const report = this.#reports[this.count] ?? this.#extend();
    this.count += 1;
    report.kind = kind;
    report.orderId = orderId;
    report.side = side;
    report.price = 0;
    report.quantity = 0;
    report.leavesQuantity = 0;
    report.contraOrderId = 0;
    report.contraLeavesQuantity = 0;
    report.reason = 'none';
    return report;
  }

  *[Symbol.iterator](): Generator<Report> {
    for (let index = 0; index < this.count; index += 1) {
      const report = this.#reports[index];
      if (report !== undefined) yield report;
    }
  }

  #extend(): PooledReport {
    const report = new PooledReport();
    this.#reports.push(report);
    return report;
  }
}
