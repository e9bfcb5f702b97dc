import { orderStream } from '../../domain/order/effects.ts';
import type { ApplyReports } from '../../domain/order/commands.ts';
import { hasApplied, type OrderState } from '../../domain/order/state.ts';
import { bookStream, orderReports } from '../../domain/venue/book-output.ts';
import { upcastBook } from '../aggregates/book.ts';
import type { Clock } from '../clock/clock.ts';
import { isRetryable } from '../consumer/errors.ts';
import type { Parked, Parking } from '../consumer/port.ts';
import type { Redriven } from '../consumer/stream-consumer.ts';
import type { Deadline } from '../deadline/deadline.ts';
import type { Commit, EventStore } from '../event-store/port.ts';
import type { OrderHandler } from '../reporting/venue-reporting.ts';
import { bookActor, type SettledBatch } from './book-log.ts';

export interface SettlementOptions {
  readonly orders: OrderHandler;
  readonly store: Pick<EventStore, 'read'>;
  readonly parking: Parking;
  readonly clock: Clock;
  readonly onParked: (consumer: string, parked: Parked) => void;
}

export const settlementName = 'book-settlement';

/** Reports of one order in one commit: with what closing adds, well within what a commit holds. */
const reportsMax = 32;
/** Orders written at the same time. */
const ordersAtOnce = 64;

/** With the commit of the book that says it. */
type OneReport = ApplyReports['reports'][number] & { readonly commitId: string };

/**
 * Brings what a book said into the orders it said it to. Each order remembers the last position of the book that it has applied, so
 * doing it again does nothing. An order that cannot take it for good is parked with all that follows, until somebody has looked.
 */
export class Settlement {
  readonly #options: SettlementOptions;
  readonly #parked = new Set<string>();

  constructor(options: SettlementOptions) {
    this.#options = options;
  }

  /** Throws only what is retryable, having applied some, all or none: the same again then. */
  async settle(symbol: string, batches: readonly SettledBatch[], deadline: Deadline): Promise<void> {
    const tasks = [...byOrder(symbol, batches)];
    for (let from = 0; from < tasks.length; from += ordersAtOnce) {
      const some = tasks.slice(from, from + ordersAtOnce);
      const outcomes = await Promise.allSettled(some.map((task) => this.#applyOrPark(...task, deadline)));
      for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    }
  }

  /**
   * What other processes parked stands still here too: an order must not hear the next before what it has missed. Asked whenever a book
   * was read from its log.
   */
  async learn(deadline: Deadline): Promise<void> {
    for (const { stream } of await this.parked(deadline)) this.#parked.add(stream);
  }

  /** Such an order does not say what its book has done for it: nothing may be concluded from it. */
  isParked(book: string, orderId: string): boolean {
    return this.#parked.has(`${book}${separator}${orderId}`);
  }

  /** Tries everything parked once more, whoever parked it. */
  async redrive(deadline: Deadline): Promise<Redriven> {
    const { parking, store } = this.#options;
    const entries = await parking.parked(settlementName, deadline);
    for (const { stream: name, version } of entries) {
      const [book = '', orderId = ''] = name.split(separator);
      const batches = (await store.read(book, version, deadline)).map((commit) => ({
        commit,
        outputs: outputsIn(commit),
      }));
      const reports = byOrder(book.slice(bookStream('').length), batches).get(orderId) ?? [];
      this.#parked.delete(name);
      await this.#applyOrPark(orderId, reports, deadline);
      if (!this.#parked.has(name)) await parking.unpark(settlementName, name, deadline);
    }
    return { restored: entries.length - this.#parked.size, parked: this.#parked.size };
  }

  parked(deadline: Deadline): Promise<readonly Parked[]> {
    return this.#options.parking.parked(settlementName, deadline);
  }

  async #applyOrPark(orderId: string, reports: readonly OneReport[], deadline: Deadline): Promise<void> {
    const [first] = reports;
    if (!first) return;
    const name = `${first.position.stream}${separator}${orderId}`;
    if (this.#parked.has(name)) return;
    try {
      for (let from = 0; from < reports.length; from += reportsMax)
        await this.#apply(orderId, reports.slice(from, from + reportsMax), deadline);
    } catch (error) {
      if (isRetryable(error)) throw error;
      await this.#park(name, first.position.version, error, deadline);
    }
  }

  /** In one commit; where the account's items refuse that, one by one. */
  async #apply(orderId: string, reports: readonly OneReport[], deadline: Deadline): Promise<void> {
    const { orders } = this.#options;
    const last = reports.at(-1);
    if (!last) return;
    const context = { actor: bookActor, deadline, causationId: last.commitId };
    for (let tries = 0; tries <= reports.length; tries += 1) {
      const { state } = await orders.handle(orderStream(orderId), { do: 'apply-reports', reports }, context);
      if (isIn(state, last)) return;
    }
    throw new TypeError(`order ${orderId} does not take in what its book says`);
  }

  async #park(name: string, version: number, thrown: unknown, deadline: Deadline): Promise<void> {
    const { parking, clock, onParked } = this.#options;
    const error = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
    const parked = { stream: name, version, error, at: clock.now() };
    this.#parked.add(name);
    if ((await parking.park(settlementName, parked, deadline)) === 'parked') onParked(settlementName, parked);
  }
}

/** Between the names of a book's and an order's stream, neither of which has a space. */
const separator = ' ';

function isIn(state: OrderState, { position }: OneReport): boolean {
  return state.kind === 'order' && hasApplied(state, position);
}

/** What each order was told, in the book's order. */
function byOrder(symbol: string, batches: readonly SettledBatch[]): Map<string, OneReport[]> {
  const told = new Map<string, OneReport[]>();
  for (const { commit, outputs } of batches) {
    for (const [index, output] of outputs.entries()) {
      const { stream, version } = commit;
      for (const { orderId, report } of orderReports(symbol, { version, index }, output)) {
        const reports = told.get(orderId) ?? [];
        reports.push({ position: { stream, version, index }, report, commitId: commit.commitId });
        told.set(orderId, reports);
      }
    }
  }
  return told;
}

function outputsIn(commit: Commit): SettledBatch['outputs'] {
  return commit.events
    .map(upcastBook)
    .flatMap((event) => (event.type === 'BatchMatched' ? event.data.outputs : []));
}
