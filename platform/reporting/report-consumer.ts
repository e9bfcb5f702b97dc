import { orderStream } from '../../domain/order/effects.ts';
import { orderIdIn, venueKind } from '../../domain/venue-report/state.ts';
import type { Clock } from '../clock/clock.ts';
import type { CommandContext } from '../command-handler/context.ts';
import { isRetryable } from '../consumer/errors.ts';
import type {
  Advance,
  EffectStore,
  Parked,
  Parking,
  Progress,
  Projection,
  Written,
} from '../consumer/port.ts';
import { StreamConsumer } from '../consumer/stream-consumer.ts';
import { reportConsumerName } from '../consumer/names.ts';
import type { Deadline } from '../deadline/deadline.ts';
import type { Commit, EventStore } from '../event-store/port.ts';
import type { OrderHandler, VenueReporting } from './venue-reporting.ts';

/** Nothing is worked out of a report beforehand: what it does is up to the order. */
const recordedReports: Projection<undefined, Commit> = {
  name: reportConsumerName,
  kinds: [venueKind],
  initial: undefined,
  apply: (_memory, commit) => ({ memory: undefined, effect: commit }),
  restore: () => undefined,
};

interface Applying {
  readonly orders: Pick<OrderHandler, 'load'>;
  readonly reporting: Pick<VenueReporting, 'applyRecorded'>;
}

/** The order itself is the cursor: it remembers the last report of each venue that it has applied. */
class OrdersReportedOn implements EffectStore<Commit> {
  readonly savesMarks = false;
  readonly #orders: Applying['orders'];
  readonly #reporting: Applying['reporting'];

  constructor({ orders, reporting }: Applying) {
    this.#orders = orders;
    this.#reporting = reporting;
  }

  async progress(streams: readonly string[], deadline: Deadline): Promise<ReadonlyMap<string, Progress>> {
    const known = new Map<string, Progress>();
    for (const stream of streams) {
      const applied = await this.#appliedOf(stream, deadline);
      if (applied !== undefined) known.set(stream, { applied, memory: null });
    }
    return known;
  }

  async write(advances: readonly Advance<Commit>[], deadline: Deadline): Promise<readonly Written[]> {
    for (const { effects } of advances) {
      for (const commit of effects) await this.#reporting.applyRecorded(commit, contextFor(commit, deadline));
    }
    return advances.map(() => 'written');
  }

  settle(): Promise<void> {
    return Promise.resolve();
  }

  /** An order that cannot be read is met again when the report is applied, where it is parked. */
  async #appliedOf(stream: string, deadline: Deadline): Promise<number | undefined> {
    try {
      const { state } = await this.#orders.load(orderStream(orderIdIn(stream)), deadline);
      return state.kind === 'order' ? state.applied[stream]?.[0] : undefined;
    } catch (error) {
      if (isRetryable(error)) throw error;
      return undefined;
    }
  }
}

function contextFor({ correlationId, traceparent }: Commit, deadline: Deadline): CommandContext {
  return {
    actor: { kind: 'system', id: recordedReports.name, proof: 'internal' },
    deadline,
    ...(correlationId !== undefined && { correlationId }),
    ...(traceparent !== undefined && { traceparent }),
  };
}

export type ReportConsumer = StreamConsumer<undefined, Commit>;

/**
 * Finishes what a crash left between recording a venue's report and applying it. A report that was applied by whoever recorded
 * it costs one look at the order.
 */
export function reportConsumer(
  parts: Applying & {
    readonly store: Pick<EventStore, 'read'>;
    readonly parking: Parking;
    readonly clock: Clock;
    readonly onParked: (consumer: string, parked: Parked) => void;
  },
): ReportConsumer {
  const { store, parking, clock, onParked } = parts;
  return new StreamConsumer({
    projection: recordedReports,
    effects: new OrdersReportedOn(parts),
    parking,
    log: store,
    clock,
    onParked,
    // Others apply reports too, so only the order knows how far it is.
    limits: { streamsCached: 0 },
  });
}
