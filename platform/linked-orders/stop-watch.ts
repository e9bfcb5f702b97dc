import { orderStream } from '../../domain/order/effects.ts';
import { parseScaled } from '../../domain/values/decimal.ts';
import { referencePrice } from '../reference-prices/aggregate.ts';
import type { ReferencePrices } from '../reference-prices/reference-prices.ts';
import type { CommandContext } from '../command-handler/context.ts';
import type { AttendedConsumer } from '../consumer/attended.ts';
import { isRetryable } from '../consumer/errors.ts';
import { kindOf } from '../consumer/port.ts';
import type { Delivered } from '../consumer/stream-consumer.ts';
import { nothingSwept, type Swept } from '../consumer/sweep.ts';
import { stopWatchName } from '../consumer/names.ts';
import type { Clock } from '../clock/clock.ts';
import { type Deadline, deadlineIn, longestCallMs } from '../deadline/deadline.ts';
import type { Commit, StreamHead } from '../event-store/port.ts';
import type { OrderHandler } from '../reporting/venue-reporting.ts';
import type { OrderRow } from '../views/order-row.ts';
import { ordersMax, type ViewReader } from '../views/port.ts';

export interface StopWatchParts {
  readonly orders: Pick<OrderHandler, 'handle'>;
  readonly views: Pick<ViewReader, 'openOrders'>;
  readonly prices: Pick<ReferencePrices, 'quote'>;
  readonly clock: Clock;
  /** A stop that should take over and cannot: its stream is in quarantine, say. The others go on. Must not throw. */
  readonly onFailure: (error: unknown) => void;
}

/** Of one symbol; a page is `ordersMax` orders. */
const pagesMax = 1_000;

/**
 * Watches reference prices for the stop losses of pairs. Each price is a fact that stands by itself: seen twice, late or out of order
 * it elects what it would have elected at once, and an order that is elected stays so. So there is nothing to keep beside the feed's
 * own place; what the feed lost, the sweep makes up with the price in force.
 */
export class StopWatch implements AttendedConsumer {
  readonly name = stopWatchName;
  readonly #parts: StopWatchParts;

  constructor(parts: StopWatchParts) {
    this.#parts = parts;
  }

  takes(stream: string): boolean {
    return kindOf(stream) === referencePrice.kind;
  }

  /** Throws what is retryable: deliver them again. */
  async deliver(commits: readonly Commit[], deadline: Deadline): Promise<Delivered> {
    let applied = 0;
    for (const commit of commits) {
      if (!this.takes(commit.stream)) continue;
      for (const stored of commit.events) {
        const { symbol, price } = referencePrice.upcast(stored).data;
        await this.#watch(symbol, price, contextFor(deadline, commit));
      }
      applied += 1;
    }
    return { applied, parked: 0, isMarked: false };
  }

  async sweepHeads(heads: readonly StreamHead[]): Promise<Swept> {
    const watched = heads.filter(({ stream }) => this.takes(stream));
    for (const { stream } of watched) {
      const deadline = deadlineIn(longestCallMs, this.#parts.clock);
      const symbol = stream.slice(referencePrice.kind.length + 1);
      const quote = await this.#parts.prices.quote(symbol, deadline);
      if (quote) await this.#watch(symbol, quote.price, contextFor(deadline));
    }
    return { ...nothingSwept, streams: watched.length };
  }

  /** What the bus announced without its commit. */
  async catchUp(heads: readonly StreamHead[]): Promise<Delivered> {
    await this.sweepHeads(heads);
    return { applied: 0, parked: 0, isMarked: false };
  }

  settle(): Promise<void> {
    return Promise.resolve();
  }

  /** A price that cannot be read is told; the next one makes up for it. */
  async park(_stream: string, { error }: { readonly error: unknown }): Promise<void> {
    this.#parts.onFailure(error);
  }

  parked(): Promise<readonly []> {
    return Promise.resolve([]);
  }

  redrive(): Promise<{ readonly restored: number; readonly parked: number }> {
    return Promise.resolve({ restored: 0, parked: 0 });
  }

  async #watch(symbol: string, price: string, context: CommandContext): Promise<void> {
    const { views } = this.#parts;
    let after: string | undefined;
    for (let page = 0; page < pagesMax; page += 1) {
      const { rows, next } = await views.openOrders(
        { armedIn: symbol, limit: ordersMax, ...(after !== undefined && { after }) },
        context.deadline,
      );
      for (const row of rows) if (mayBeElected(row, price)) await this.#elect(row, price, context);
      if (next === undefined) return;
      after = next;
    }
  }

  /** The order decides; the list only says which to ask. */
  async #elect({ orderId }: OrderRow, price: string, context: CommandContext): Promise<void> {
    try {
      await this.#parts.orders.handle(orderStream(orderId), { do: 'elect-stop', price }, context);
    } catch (error) {
      if (isRetryable(error)) throw error;
      this.#parts.onFailure(error);
    }
  }
}

/** Prices have nine decimals at most. */
const decimals = 9;

function mayBeElected({ stopPrice, side, isElected }: OrderRow, price: string): boolean {
  if (isElected) return true;
  const [at, stop] = [parseScaled(price, decimals), parseScaled(stopPrice ?? '', decimals)];
  if (at === undefined || stop === undefined) return true;
  return side === 'sell' ? at <= stop : at >= stop;
}

function contextFor(deadline: Deadline, cause?: Commit): CommandContext {
  return {
    actor: { kind: 'system', id: stopWatchName, proof: 'internal' },
    deadline,
    ...(cause && { causationId: cause.commitId }),
  };
}
