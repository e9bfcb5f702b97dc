import { type Contract, formatPrice, parsePrice, parseQuantity } from '../../domain/instrument/instrument.ts';
import type { ApplyReport, OrderCommand, VenueReport } from '../../domain/order/commands.ts';
import { decide } from '../../domain/order/decide.ts';
import type { OrderEvent, VenuePosition } from '../../domain/order/events.ts';
import { evolve } from '../../domain/order/evolve.ts';
import {
  cancelReject,
  duplicateReport,
  type ExecutionReport,
  type FixReport,
  reportOf,
  statusReport,
} from '../../domain/order/fix-reports.ts';
import { type OrderState, unborn } from '../../domain/order/state.ts';
import type { RequestedChange } from '../../domain/order/terms.ts';
import { accountId, clientOrderId, orderId, requestId } from '../../domain/values/ids.ts';
import { type Price, price as ticks } from '../../domain/values/price.ts';
import type { Quantity } from '../../domain/values/quantity.ts';
import { timestamp } from '../../domain/values/time.ts';
import { type Line, optionalText, requiredText, Senseless } from './input.ts';
import { nominalPrice, type Placement } from './placement.ts';
import { permissiveRules } from './rules.ts';

/** An execution id stands for these numbers for ever. */
interface Reported {
  readonly numbers: string;
  readonly position: VenuePosition;
}

/** One order, fed line by line through the domain's own `decide` and `evolve`, with the reports each line brings. */
export class OrderFeed {
  readonly #contract: Contract;
  readonly #placement: Placement;
  readonly #history: OrderEvent[] = [];
  readonly #executions = new Map<string, Reported>();
  /** Ids of the order and of its requests; a request that names no known order uses up none. */
  readonly #used = new Set<string>();
  #state: OrderState = unborn;

  constructor(line: Line, placement: Placement, contract: Contract) {
    this.#contract = contract;
    this.#placement = placement;
    this.#used.add(requiredText(line, 'clOrdID'));
  }

  knows(id: string): boolean {
    return this.#used.has(id);
  }

  place(line: Line): FixReport[] {
    const id = requiredText(line, 'clOrdID');
    const reports = this.#run(line, {
      do: 'place',
      orderId: orderId('order'),
      accountId: accountId('account'),
      clientOrderId: clientOrderId(id),
      symbol: this.#contract.symbol,
      ...this.#placement,
      rules: this.#rules(line, this.#placement.requested.limitPrice),
    });
    return [...reports, ...this.#run(line, { do: 'release' })];
  }

  /** The same order again is told how the first one stands; another order under its id is refused. */
  placeAgain(line: Line, placement: Placement): FixReport[] {
    const same = JSON.stringify(placement) === JSON.stringify(this.#placement);
    const report = same ? statusReport(this.#state) : duplicateReport(this.#state);
    return [{ ...report, clOrdID: requiredText(line, 'clOrdID') }];
  }

  cancel(line: Line): FixReport[] {
    const id = requiredText(line, 'clOrdID');
    if (!this.#use(id)) return [this.#taken(line, 'cancel')];
    return this.#run(line, {
      do: 'request-cancel',
      requestId: requestId(id),
      reason: 'requested',
      original: clientOrderId(requiredText(line, 'origClOrdID')),
    });
  }

  replace(line: Line): FixReport[] {
    const id = requiredText(line, 'clOrdID');
    const change = this.#changeOf(line);
    if (!this.#use(id)) return [this.#taken(line, 'replace')];
    return this.#run(line, {
      do: 'request-replace',
      requestId: requestId(id),
      replacementId: orderId(`order ${line.number}`),
      clientOrderId: clientOrderId(id),
      original: clientOrderId(requiredText(line, 'origClOrdID')),
      change,
      rules: this.#rules(line, change.limitPrice),
    });
  }

  /** Applies what the venue says. Its execution ids are compared as the venue's own stream would. */
  apply(line: Line, report: VenueReport): FixReport[] {
    let position: VenuePosition = { stream: 'venue', version: line.number, index: 0 };
    let dispute: ApplyReport['dispute'];
    if (report.report === 'execute' || report.report === 'correct') {
      const numbers = JSON.stringify(report);
      const known = this.#executions.get(report.executionId);
      if (known === undefined) this.#executions.set(report.executionId, { numbers, position });
      else if (known.numbers === numbers) position = known.position;
      else dispute = { reason: 'execution_conflict', text: report.executionId };
    }
    const history = this.#history;
    return this.#run(line, { do: 'apply-report', position, report, history, ...(dispute && { dispute }) });
  }

  status(text?: string): ExecutionReport {
    return statusReport(this.#state, text);
  }

  price(line: Line, name: string, fallback = nominalPrice): Price {
    const text = optionalText(line, name) ?? fallback;
    const found = parsePrice(text, this.#contract);
    if (!found) throw new Senseless(`field "${name}": "${text}" is no price`);
    return found;
  }

  quantity(line: Line, name: string): Quantity {
    const text = requiredText(line, name);
    const lots = parseQuantity(text, this.#contract);
    if (!lots) throw new Senseless(`field "${name}": "${text}" is no quantity`);
    return lots;
  }

  #run(line: Line, command: OrderCommand): FixReport[] {
    const reports: FixReport[] = [];
    const events = decide(command, this.#state);
    for (const event of events) {
      const before = this.#state;
      this.#state = evolve(before, event, timestamp(line.number));
      this.#history.push(event);
      const report = reportOf(before, event, this.#state);
      if (report) reports.push(report);
    }
    return events.length === 0 && command.do !== 'release'
      ? [this.status(`${line.do}: in effect already, or answered; nothing changes`)]
      : reports;
  }

  #use(id: string): boolean {
    if (this.#used.has(id)) return false;
    this.#used.add(id);
    return true;
  }

  #taken(line: Line, request: 'cancel' | 'replace'): FixReport {
    return cancelReject(this.#state, request, requiredText(line, 'clOrdID'), {
      reason: 'client_order_id_taken',
    });
  }

  /** A replace that repeats the quantity and names no price stands for one of a term that is not followed here. */
  #changeOf(line: Line): RequestedChange {
    const quantity = optionalText(line, 'orderQty');
    const price = optionalText(line, 'price');
    const terms = this.#state.kind === 'order' ? this.#state.terms : undefined;
    const limit = terms?.limitPrice;
    const wanted = quantity === undefined ? terms?.orderQuantity : parseQuantity(quantity, this.#contract);
    const moved =
      terms !== undefined && limit !== undefined && wanted === terms.orderQuantity ? limit + 1 : undefined;
    const limitPrice = price ?? (moved === undefined ? undefined : formatPrice(ticks(moved), this.#contract));
    return { ...(quantity !== undefined && { quantity }), ...(limitPrice !== undefined && { limitPrice }) };
  }

  /** The order's own price is its reference, so that no price is too far away. */
  #rules(line: Line, price: string | undefined) {
    const current = this.#state.kind === 'order' ? this.#state.terms.limitPrice : undefined;
    const reference =
      price === undefined && current !== undefined ? current : this.price(line, 'price', price);
    return permissiveRules(this.#contract, reference, timestamp(line.number));
  }
}
