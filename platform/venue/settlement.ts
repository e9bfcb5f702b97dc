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

/** Does something while nothing else goes on in the book of that instrument in this process. */
export type InTurn = (symbol: string, work: () => Promise<void>) => Promise<void>;

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
  /** From which version of its book on. */
  readonly #parked = new Map<string, number>();

  constructor(options: SettlementOptions) {
    this.#options = options;
  }

  /** Throws only what is retryable, having applied some, all or none: the same again then. */
  async settle(symbol: string, batches: readonly SettledBatch[], deadline: Deadline): Promise<void> {
    const tasks = [...byOrder(symbol, batches)];
    for (let from = 0; from < tasks.length; from += ordersAtOnce) {
      const some = tasks.slice(from, from + ordersAtOnce);
      const outcomes = await Promise.allSettled(
        some.map(async ([orderId, reports]) =>
          this.#applyOrPark(nameOf(bookStream(symbol), orderId), reports, deadline),
        ),
      );
      for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    }
  }

  /**
   * What other processes parked stands still here too: an order must not hear the next before what it has missed. Asked whenever a book
   * was read from its log.
   */
  async learn(deadline: Deadline): Promise<void> {
    for (const { stream, version } of await this.parked(deadline)) this.#parked.set(stream, version);
  }

  /**
   * Such an order does not say what its book has done for it: nothing may be concluded from it. One that another process has let go
   * hears first what was left out here.
   */
  async isParked(book: string, orderId: string, deadline: Deadline): Promise<boolean> {
    const name = nameOf(book, orderId);
    await this.#applyOrPark(name, [], deadline);
    return this.#parked.has(name);
  }

  /**
   * Tries everything parked once more, whoever parked it. `inTurn` keeps its book still meanwhile: what the book said between the reading
   * of its log and the order's being told again would never be told, or would be told before what was missed.
   */
  async redrive(deadline: Deadline, inTurn: InTurn): Promise<Redriven> {
    const entries = await this.parked(deadline);
    for (const entry of entries)
      await inTurn(symbolIn(entry.stream), async () => this.#tellAgain(entry, deadline));
    const left = entries.filter(({ stream }) => this.#parked.has(stream)).length;
    return { restored: entries.length - left, parked: left };
  }

  async #tellAgain({ stream: name, version }: Parked, deadline: Deadline): Promise<void> {
    this.#parked.set(name, version);
    try {
      await this.#tell(name, await this.#missedBy(name, version, deadline), deadline);
    } catch (error) {
      if (isRetryable(error)) throw error;
      return;
    }
    await this.#options.parking.unpark(settlementName, name, deadline);
    // What another process left out because it was still parked.
    await this.#applyOrPark(name, await this.#missedBy(name, version, deadline), deadline);
  }

  /** What the book has said since the order was parked, but for what has reached the order already. */
  async #missedBy(name: string, version: number, deadline: Deadline): Promise<readonly OneReport[]> {
    const { orders, store } = this.#options;
    const [book = '', orderId = ''] = name.split(separator);
    const { state } = await orders.load(orderStream(orderId), deadline);
    const [applied] = (state.kind === 'order' && state.applied[book]) || [version];
    const commits = await store.read(book, Math.max(applied, version), deadline);
    const batches = commits.map((commit) => ({ commit, outputs: outputsIn(commit) }));
    const told = byOrder(symbolIn(name), batches).get(orderId) ?? [];
    return told.filter((report) => !isIn(state, report));
  }

  parked(deadline: Deadline): Promise<readonly Parked[]> {
    return this.#options.parking.parked(settlementName, deadline);
  }

  async #applyOrPark(name: string, reports: readonly OneReport[], deadline: Deadline): Promise<void> {
    const [first] = reports;
    const parkedAt = this.#parked.get(name);
    if (parkedAt === undefined && !first) return;
    const version = parkedAt ?? first?.position.version ?? 1;
    if (parkedAt !== undefined && (await this.#isParkedByAnybody(name, deadline))) return;
    try {
      // Where another process has let it go, what was left out here comes first.
      const told = parkedAt === undefined ? reports : await this.#missedBy(name, parkedAt, deadline);
      await this.#tell(name, told, deadline);
      this.#parked.delete(name);
    } catch (error) {
      if (isRetryable(error)) throw error;
      await this.#park(name, version, error, deadline);
    }
  }

  async #isParkedByAnybody(name: string, deadline: Deadline): Promise<boolean> {
    return (await this.parked(deadline)).some(({ stream }) => stream === name);
  }

  async #tell(name: string, reports: readonly OneReport[], deadline: Deadline): Promise<void> {
    const [, orderId = ''] = name.split(separator);
    for (let from = 0; from < reports.length; from += reportsMax)
      await this.#apply(orderId, reports.slice(from, from + reportsMax), deadline);
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
    // Known here once it is on record: a book that goes on without it would never tell the order.
    const outcome = await parking.park(settlementName, parked, deadline);
    this.#parked.set(name, version);
    if (outcome === 'parked') onParked(settlementName, parked);
  }
}

/** Between the names of a book's and an order's stream, neither of which has a space. */
const separator = ' ';

function nameOf(book: string, orderId: string): string {
  return `${book}${separator}${orderId}`;
}

function symbolIn(name: string): string {
  const [book = ''] = name.split(separator);
  return book.slice(bookStream('').length);
}

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
