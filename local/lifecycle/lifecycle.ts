import type { Contract } from '../../domain/instrument/instrument.ts';
import { cancelReject, type FixReport, statusReport } from '../../domain/order/fix-reports.ts';
import { unborn } from '../../domain/order/state.ts';
import { ImpossibleState } from '../../domain/values/assert.ts';
import { type Line, requiredText, Senseless } from './input.ts';
import { OrderFeed } from './order-feed.ts';
import { readPlacement } from './placement.ts';
import { contractFor } from './rules.ts';
import { readReport } from './venue-line.ts';

/**
 * The reports of every line, in order. The file follows one order; a `new` under an id not seen yet begins another one,
 * and what the venue says is about the latest.
 */
export class Lifecycle {
  readonly #orders: OrderFeed[] = [];
  readonly #contract: Contract;

  constructor(lines: readonly Line[]) {
    this.#contract = contractFor(lines);
  }

  apply(line: Line): readonly FixReport[] {
    try {
      return this.#dispatch(line);
    } catch (error) {
      if (error instanceof Senseless || error instanceof ImpossibleState)
        return [this.#refuse(line, `${line.do}: ${error.message}`)];
      throw error;
    }
  }

  #dispatch(line: Line): readonly FixReport[] {
    switch (line.do) {
      case 'new':
        return this.#place(line);
      case 'cancel':
      case 'replace':
        return this.#request(line, line.do);
      default:
        return this.#venue(line);
    }
  }

  #place(line: Line): readonly FixReport[] {
    const placement = readPlacement(line);
    const first = this.#named(requiredText(line, 'clOrdID'));
    if (first) return first.placeAgain(line, placement);
    const order = new OrderFeed(line, placement, this.#contract);
    this.#orders.push(order);
    return order.place(line);
  }

  #request(line: Line, request: 'cancel' | 'replace'): readonly FixReport[] {
    const order = this.#named(requiredText(line, 'origClOrdID'));
    if (order) return request === 'cancel' ? order.cancel(line) : order.replace(line);
    const reject = cancelReject(unborn, request, requiredText(line, 'clOrdID'), { reason: 'order_unknown' });
    return [{ ...reject, origClOrdID: requiredText(line, 'origClOrdID') }];
  }

  #venue(line: Line): readonly FixReport[] {
    const order = this.#orders.at(-1);
    if (!order) return [this.#refuse(line, `${line.do}: there is no order yet`)];
    if (line.do === 'status') return [order.status()];
    const report = readReport(line, order);
    return report ? order.apply(line, report) : [this.#refuse(line, `"${line.do}" is not known`)];
  }

  #named(id: string): OrderFeed | undefined {
    return this.#orders.find((order) => order.knows(id));
  }

  /** Nothing is applied; the report says how the order stands and why. */
  #refuse(line: Line, text: string): FixReport {
    const given = line.fields['clOrdID'];
    const clOrdID = typeof given === 'string' ? given : '';
    if (line.do === 'cancel' || line.do === 'replace')
      return cancelReject(unborn, line.do, clOrdID, { reason: 'order_unknown', text });
    const order = line.do === 'new' ? this.#named(clOrdID) : this.#orders.at(-1);
    const status = order ? order.status(text) : statusReport(unborn, text);
    return line.do === 'new' ? { ...status, execType: 'Rejected', clOrdID } : status;
  }
}
