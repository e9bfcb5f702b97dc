import { orderStream } from '../../domain/order/effects.ts';
import type { OrderId } from '../../domain/values/ids.ts';
import { instructionsOf, type VenueInstruction } from '../../domain/venue/instructions.ts';
import { venueStream } from '../../domain/venue-report/state.ts';
import type { CommandContext } from '../command-handler/context.ts';
import { requestHashOf } from '../command-handler/request-hash.ts';
import type { Deadline } from '../deadline/deadline.ts';
import type { OrderHandler, VenueReporting } from '../reporting/venue-reporting.ts';
import type { ReportFromVenue, Venue, VenueSink } from './port.ts';

export interface VenueConnectorOptions {
  readonly venue: Venue;
  readonly orders: Pick<OrderHandler, 'load'>;
  readonly reporting: Pick<VenueReporting, 'report'>;
  /** Orders in doubt that are remembered here; beyond it the oldest is left to the next review. */
  readonly doubtfulMax?: number;
}

/**
 * Between orders and a venue that is somewhere else. What an order asks is sent; what came of that may stay unknown, and then the venue
 * is asked and nothing is guessed: no time-out rejects an order, none is sent anew before the venue has said that it never got it, and
 * what it reports counts once however often it comes.
 */
export class VenueConnector implements VenueSink {
  readonly #options: VenueConnectorOptions;
  readonly #doubtfulMax: number;
  readonly #doubtful = new Set<OrderId>();

  constructor(options: VenueConnectorOptions) {
    this.#options = options;
    this.#doubtfulMax = options.doubtfulMax ?? 100_000;
  }

  /** Orders of which it is not known what their venue has, or has said. */
  get doubtful(): readonly OrderId[] {
    return [...this.#doubtful];
  }

  /** Sends what the order asks and has no answer to. One in doubt asks nothing more until `reconcile` has cleared it up. */
  async attend(orderId: OrderId, deadline: Deadline): Promise<void> {
    if (this.#doubtful.has(orderId)) return;
    const instructions = await this.#asked(orderId, deadline);
    if (instructions.length === 0) return;
    const sent = await this.#options.venue.send(instructions, deadline);
    if (sent === 'unknown') this.review([orderId]);
  }

  /** Takes orders for doubtful: after a start, after a lost connection, and now and then all that are open. */
  review(orderIds: Iterable<OrderId>): void {
    for (const orderId of orderIds) {
      this.#doubtful.add(orderId);
      if (this.#doubtful.size <= this.#doubtfulMax) continue;
      const [oldest] = this.#doubtful;
      if (oldest !== undefined) this.#doubtful.delete(oldest);
    }
  }

  /** Asks the venue about every order in doubt. Gives how many still are. Throws what is retryable; the rest stays in doubt. */
  async reconcile(deadline: Deadline): Promise<number> {
    for (const orderId of this.doubtful) await this.#clearUp(orderId, deadline);
    return this.#doubtful.size;
  }

  /** Recorded, then applied; the same report again does nothing. An order that is not ours is none of our business. */
  async reported({ orderId, reportId, report }: ReportFromVenue, deadline: Deadline): Promise<void> {
    const { venueId } = this.#options.venue;
    const commandId = `${venueId} ${reportId}`;
    const context: CommandContext = {
      actor: { kind: 'venue', id: venueId, proof: 'connector' },
      deadline,
      key: { commandId, requestHash: requestHashOf({ orderId, report }) },
    };
    await this.#options.reporting.report(venueId, orderId, report, context);
  }

  async #clearUp(orderId: OrderId, deadline: Deadline): Promise<void> {
    const known = await this.#options.venue.query(orderId, deadline);
    if (known.knows === 'unknown') return;
    if (known.knows === 'order') for (const report of known.reports) await this.reported(report, deadline);
    this.#doubtful.delete(orderId);
    await this.attend(orderId, deadline);
  }

  async #asked(orderId: OrderId, deadline: Deadline): Promise<readonly VenueInstruction[]> {
    const { orders, venue } = this.#options;
    const { state, version } = await orders.load(orderStream(orderId), deadline);
    if (state.kind !== 'order') return [];
    return instructionsOf(state, version, venueStream(venue.venueId, state.orderId));
  }
}
