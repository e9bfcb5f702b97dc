import { decide } from '../../domain/order/decide.ts';
import { orderStream } from '../../domain/order/effects.ts';
import type { ExitDue } from '../../domain/order/events.ts';
import { type OrderState, waitingStopLeg, waitsForEntry } from '../../domain/order/state.ts';
import { orderFold } from '../aggregates/order-fold.ts';
import type { Clock } from '../clock/clock.ts';
import type { CommandContext } from '../command-handler/context.ts';
import { ownKey } from '../command-handler/own-key.ts';
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
import { exitConsumerName } from '../consumer/names.ts';
import type { Deadline } from '../deadline/deadline.ts';
import type { Commit, EventStore } from '../event-store/port.ts';
import type { HotConfig } from '../hot-config/port.ts';
import { sessionState } from '../hot-config/sessions.ts';
import type { ReferencePrices } from '../reference-prices/reference-prices.ts';
import type { OrderHandler } from '../reporting/venue-reporting.ts';

/** The event by which an entry says that its exit's turn has come: what a feed looks for. */
export const exitDueType = 'ExitDue' satisfies ExitDue['type'];

/** An exit's turn, with the commit that says so. */
interface Turn {
  readonly due: ExitDue['data'];
  readonly commit: Commit;
}

const exitsDue: Projection<undefined, readonly Turn[]> = {
  name: exitConsumerName,
  kinds: [orderFold.kind],
  initial: undefined,
  apply: (_memory, commit) => ({ memory: undefined, effect: turnsIn(commit) }),
  restore: () => undefined,
};

/** Nothing else of an order's commit is read. */
function turnsIn(commit: Commit): readonly Turn[] {
  return commit.events.flatMap((stored) => {
    if (stored.type !== exitDueType) return [];
    const event = orderFold.upcast(stored);
    return event.type === exitDueType ? [{ due: event.data, commit }] : [];
  });
}

export interface ExitParts {
  readonly orders: OrderHandler;
  readonly config: HotConfig;
  readonly prices: Pick<ReferencePrices, 'quote'>;
  readonly clock: Clock;
}

/**
 * The exit itself is the cursor: it waits for its entry, or no longer does, and no stop of it that was passed waits to take over. An order that is no entry, or whose exit is not due, has
 * nothing to apply.
 */
class Exits implements EffectStore<readonly Turn[]> {
  readonly savesMarks = false;
  readonly #parts: ExitParts;

  constructor(parts: ExitParts) {
    this.#parts = parts;
  }

  async progress(streams: readonly string[], deadline: Deadline): Promise<ReadonlyMap<string, Progress>> {
    const known = new Map<string, Progress>();
    for (const stream of streams) {
      const applied = await this.#appliedOf(stream, deadline);
      if (applied !== undefined) known.set(stream, { applied, memory: null });
    }
    return known;
  }

  async write(
    advances: readonly Advance<readonly Turn[]>[],
    deadline: Deadline,
  ): Promise<readonly Written[]> {
    for (const { effects } of advances) {
      for (const turn of effects.flat()) await this.#carryOut(turn, deadline);
    }
    return advances.map(() => 'written');
  }

  settle(): Promise<void> {
    return Promise.resolve();
  }

  /** An order that cannot be read is met again when its exit's turn is carried out, where it is parked. */
  async #appliedOf(stream: string, deadline: Deadline): Promise<number | undefined> {
    const { orders } = this.#parts;
    try {
      const { state, version } = await orders.load(stream, deadline);
      if (state.kind !== 'order' || state.link?.role !== 'entry' || !state.exitDue) return version;
      const exit = await orders.load(orderStream(state.link.exit), deadline);
      return (await this.#isToDo(exit.state, deadline)) ? undefined : version;
    } catch (error) {
      if (isRetryable(error)) throw error;
      return undefined;
    }
  }

  /** Its turn is to come, or it lives and whoever began its turn did not come to asking whether its stop was passed meanwhile. */
  async #isToDo(exit: OrderState, deadline: Deadline): Promise<boolean> {
    if (exit.kind !== 'order') return false;
    if (waitsForEntry(exit)) return true;
    if (exit.phase.name === 'closed' || !waitingStopLeg(exit)) return false;
    const quote = await this.#parts.prices.quote(exit.contract.symbol, deadline);
    if (!quote) return false;
    return decide({ do: 'elect-stop', price: quote.price }, exit).some(({ type }) => type === 'StopElected');
  }

  /** The key follows from what is carried out: whoever comes second, or again, finds it done. */
  async #carryOut({ due: { exit, quantity }, commit }: Turn, deadline: Deadline): Promise<void> {
    const { orders, config, clock } = this.#parts;
    const { config: rules, version } = config.current();
    const { state } = await orders.load(orderStream(exit), deadline);
    if (state.kind !== 'order') throw new TypeError(`${commit.stream} has an exit that does not exist`);
    const { symbol } = state.contract;
    const instrument = rules.instrumentIn(state.contract);
    const session = instrument ? sessionState(instrument.session, clock.now()) : 'closed';
    const context = contextFor(commit, deadline, version);
    await orders.handle(
      orderStream(exit),
      { do: 'release-exit', quantity, session, positionMax: instrument?.rules.positionMax },
      { ...context, key: ownKey(`${commit.stream}@${commit.version}`, { quantity }) },
    );
    await this.#elect(exit, symbol, context);
  }

  /** The market may have passed the stop while the exit still waited: what it is at now counts from the beginning. */
  async #elect(exit: string, symbol: string, context: CommandContext): Promise<void> {
    const { orders, prices } = this.#parts;
    const quote = await prices.quote(symbol, context.deadline);
    if (quote) await orders.handle(orderStream(exit), { do: 'elect-stop', price: quote.price }, context);
  }
}

function contextFor(commit: Commit, deadline: Deadline, config: string): CommandContext {
  const { correlationId, traceparent, commitId } = commit;
  return {
    actor: { kind: 'system', id: exitConsumerName, proof: 'internal' },
    deadline,
    config,
    causationId: commitId,
    ...(correlationId !== undefined && { correlationId }),
    ...(traceparent !== undefined && { traceparent }),
  };
}

export type ExitConsumer = StreamConsumer<undefined, readonly Turn[]>;

/** Brings exits to life, or ends them, once their entries have nothing more to come. */
export function exitConsumer(
  parts: ExitParts & {
    readonly store: Pick<EventStore, 'read'>;
    readonly parking: Parking;
    readonly onParked: (consumer: string, parked: Parked) => void;
  },
): ExitConsumer {
  const { store, parking, clock, onParked } = parts;
  return new StreamConsumer({
    projection: exitsDue,
    effects: new Exits(parts),
    parking,
    log: store,
    clock,
    onParked,
    // Only the exit knows.
    limits: { streamsCached: 0 },
  });
}

type Delivering = Pick<ExitConsumer, 'name' | 'takes' | 'deliver' | 'catchUp' | 'settle' | 'park'>;

/** The same for a feed of everything that happens to orders: what tells of no exit's turn costs no look at its order. */
export function onlyWhereDue(consumer: ExitConsumer): Delivering {
  const isDue = ({ events }: Commit) => events.some(({ type }) => type === exitDueType);
  return {
    name: consumer.name,
    takes: (stream) => consumer.takes(stream),
    deliver: (commits, deadline, mark) => consumer.deliver(commits.filter(isDue), deadline, mark),
    catchUp: (heads, deadline) => consumer.catchUp(heads, deadline),
    settle: (deadline) => consumer.settle(deadline),
    park: (stream, poison, deadline) => consumer.park(stream, poison, deadline),
  };
}
