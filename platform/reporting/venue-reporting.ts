import type { OrderCommand, VenueReport } from '../../domain/order/commands.ts';
import { orderStream } from '../../domain/order/effects.ts';
import type { OrderEvent, VenuePosition } from '../../domain/order/events.ts';
import { hasApplied, type Order, type OrderState } from '../../domain/order/state.ts';
import { assert } from '../../domain/values/assert.ts';
import type { OrderId } from '../../domain/values/ids.ts';
import type { RecordReport } from '../../domain/venue-report/commands.ts';
import { isSame, numbersOf } from '../../domain/venue-report/decide.ts';
import type { VenueReportEvent, VenueReported } from '../../domain/venue-report/events.ts';
import { positionOf, type VenueReportState, venueStream } from '../../domain/venue-report/state.ts';
import { orderFold } from '../aggregates/order-fold.ts';
import { venueReport } from '../aggregates/venue-report.ts';
import type { CommandHandler } from '../command-handler/command-handler.ts';
import type { CommandContext } from '../command-handler/context.ts';
import type { Outcome } from '../command-handler/outcome.ts';
import type { Deadline } from '../deadline/deadline.ts';
import { CorruptCommit } from '../event-store/errors.ts';
import type { Commit, EventStore } from '../event-store/port.ts';
import { executionStreamsOf } from './execution-streams.ts';

export type OrderHandler = CommandHandler<OrderCommand, OrderState, OrderEvent>;
export type ReportHandler = CommandHandler<RecordReport, VenueReportState, VenueReportEvent>;

/**
 * What became of a report. `applied`: now. `repeated`: the order knew it already. `events`: what the order made of it, now or then;
 * `order`: as it is today. `order-unknown`: nothing was recorded. `key-reused`: the idempotency key stood for another report;
 * nothing was recorded.
 */
export type Reported =
  | {
      readonly outcome: 'applied' | 'repeated';
      readonly position: VenuePosition;
      readonly order: Order;
      readonly events: readonly OrderEvent[];
    }
  | { readonly outcome: 'order-unknown' | 'key-reused' };

export interface VenueReportingOptions {
  readonly orders: OrderHandler;
  readonly reports: ReportHandler;
  readonly store: EventStore;
}

/**
 * How what an operator or a connector reports gets into an order: first into the stream of its venue, where it gets its position
 * and cannot be lost, then into the order. The order remembers only the last position it has applied, so reports are applied
 * without leaving one out: each goes in only once the one before it is in. Whoever comes later, a retry, the next report or a
 * consumer of the log, finishes what a crash between the two steps left.
 */
export class VenueReporting {
  readonly #orders: OrderHandler;
  readonly #reports: ReportHandler;
  readonly #store: EventStore;

  constructor({ orders, reports, store }: VenueReportingOptions) {
    this.#orders = orders;
    this.#reports = reports;
    this.#store = store;
  }

  /**
   * `orderId` may be any outside id of the order. An execution is idempotent by its execution id, every report by the
   * context's key. Throws what the command handler throws; then the same call again continues.
   */
  async report(
    venueId: string,
    orderId: OrderId,
    report: VenueReport,
    context: CommandContext,
  ): Promise<Reported> {
    const found = await this.#find(orderId, context.deadline);
    if (!found) return { outcome: 'order-unknown' };
    const recorded = await this.#record({ venueId, orderId: found.orderId, report }, context);
    return recorded ? this.#apply(found, recorded, context) : { outcome: 'key-reused' };
  }

  /** Brings the order up to date with a commit of a venue's stream; other commits are none of its business. */
  async applyRecorded(commit: Commit, context: CommandContext): Promise<Reported | undefined> {
    const reported = reportedIn(commit);
    if (!reported) return undefined;
    const found = await this.#find(reported.orderId, context.deadline);
    assert(found !== undefined, `${commit.stream} reports on an order that does not exist`);
    return this.#apply(found, { position: positionOf(commit.stream, commit.version), commit }, context);
  }

  /** The order behind an outside id: an alias points to it. */
  async #find(orderId: OrderId, deadline: Deadline): Promise<Order | undefined> {
    const { state } = await this.#orders.load(orderStream(orderId), deadline);
    if (state.kind === 'order') return state;
    if (state.kind !== 'alias') return undefined;
    const { state: behind } = await this.#orders.load(orderStream(state.orderId), deadline);
    return behind.kind === 'order' ? behind : undefined;
  }

  async #record(
    { venueId, orderId, report }: Omit<RecordReport, 'do'>,
    context: CommandContext,
  ): Promise<Recorded | undefined> {
    const stream = venueStream(venueId, orderId);
    const command = withKeys({ do: 'record', venueId, orderId, report });
    const outcome = await this.#reports.handle(stream, command, context);
    if (outcome.outcome === 'key-reused') return undefined;
    if (outcome.outcome === 'unchanged') return { position: await this.#keyed(command, context.deadline) };
    const { commit } = outcome;
    return { position: positionOf(stream, commit.version), commit };
  }

  /** Where the report that this one repeats was recorded. */
  async #keyed({ orderId, report, keys }: RecordReport, deadline: Deadline): Promise<VenuePosition> {
    const numbers = numbersOf(orderId, report);
    assert(keys !== undefined && numbers !== undefined, 'only an execution id makes a repeat');
    for (const stream of [keys.execution, keys.conflict]) {
      const [commit] = await this.#store.read(stream, 1, deadline);
      const event = commit && venueReport.upcast(commit.events[0]);
      if (event?.type === 'ExecutionKeyed' && isSame(event.data.numbers, numbers)) return event.data.position;
    }
    throw new CorruptCommit(`${keys.execution} does not know the report it was taken by`);
  }

  /** From the report after the last one the order has taken in, up to this one, in their order. */
  async #apply(before: Order, recorded: Recorded, context: CommandContext): Promise<Reported> {
    const { position } = recorded;
    if (hasApplied(before, position)) return this.#recall(before, position, context.deadline);
    const [applied] = before.applied[position.stream] ?? [0];
    const missing =
      recorded.commit && applied + 1 === position.version
        ? [recorded.commit]
        : await this.#store.read(position.stream, applied + 1, context.deadline);
    for (const commit of missing) {
      if (commit.version > position.version) break;
      const outcome = await this.#applyOne(commit, context);
      assert(outcome.state.kind === 'order', `${commit.stream} reports on an order that is gone`);
      if (commit.version < position.version) continue;
      if (outcome.outcome !== 'committed') return this.#recall(outcome.state, position, context.deadline);
      return { outcome: 'applied', position, order: outcome.state, events: outcome.events };
    }
    throw new CorruptCommit(`${position.stream} has no version ${position.version}`);
  }

  async #applyOne(commit: Commit, context: CommandContext): Promise<Outcome<OrderState, OrderEvent>> {
    const reported = reportedIn(commit);
    if (!reported) throw new CorruptCommit(`${commit.stream} version ${commit.version} reports nothing`);
    const { orderId, report, dispute } = reported;
    const position = positionOf(commit.stream, commit.version);
    const command = { do: 'apply-report', position, report, ...(dispute && { dispute }) } as const;
    const { key: _recordedAlready, ...rest } = context;
    const causationId = commit.commitId;
    return this.#orders.handle(orderStream(orderId), command, { ...rest, causationId });
  }

  /** What the order made of a report when it was applied. Rare, so the order's history is read for it. */
  async #recall(current: Order, position: VenuePosition, deadline: Deadline): Promise<Reported> {
    const commits = await this.#store.read(orderStream(current.orderId), 1, deadline);
    const events = commits
      .flatMap((commit) => commit.events.map((stored) => orderFold.upcast(stored)))
      .filter((event) => 'position' in event.data && isAt(event.data.position, position));
    return { outcome: 'repeated', position, order: current, events };
  }
}

function isAt(one: VenuePosition | undefined, other: VenuePosition): boolean {
  return one?.stream === other.stream && one.version === other.version && one.index === other.index;
}

interface Recorded {
  readonly position: VenuePosition;
  readonly commit?: Commit;
}

function withKeys(command: RecordReport): RecordReport {
  const keys = executionStreamsOf(command);
  return keys ? { ...command, keys } : command;
}

/** The report a commit of a venue's stream holds; undefined for all other streams. */
function reportedIn(commit: Commit): VenueReported['data'] | undefined {
  const [stored] = commit.events;
  if (stored.type !== 'VenueReported') return undefined;
  const event = venueReport.upcast(stored);
  return event.type === 'VenueReported' ? event.data : undefined;
}
