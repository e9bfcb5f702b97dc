import { orderId } from '../../domain/values/ids.ts';
import { bookStream } from '../../domain/venue/book-output.ts';
import type { Clock } from '../clock/clock.ts';
import type { AttendedConsumer } from '../consumer/attended.ts';
import { kindOf, type Parked } from '../consumer/port.ts';
import type { Delivered, Redriven } from '../consumer/stream-consumer.ts';
import type { Swept } from '../consumer/sweep.ts';
import { venueConsumerName } from '../consumer/names.ts';
import { type Deadline, deadlineIn, longestCallMs } from '../deadline/deadline.ts';
import type { Commit, StreamHead } from '../event-store/port.ts';
import type { Hint } from './hints.ts';
import type { OwnVenue } from './own-venue.ts';
import type { Settlement } from './settlement.ts';

const orderKind = 'order';
const switchKind = 'killswitch';
const orderPrefix = `${orderKind}-`;
/** Orders looked at in one call of a sweep. */
const sweepMax = 50;

/** What orders asked of a book that stands still was not brought to it. The same again then, once somebody has looked. */
export class BookStandsStill extends Error {
  override readonly name = 'BookStandsStill';
  readonly retryable = true;
}

/**
 * Our own venue as a consumer of the log: orders, and the kill switches. It keeps no cursor of its own. What an order asks and has no
 * answer to follows from the order, so anything may come late, twice or in another order; the sweep brings what never came.
 */
export class VenueConsumer implements AttendedConsumer {
  readonly name = venueConsumerName;
  readonly #venue: OwnVenue;
  readonly #settlement: Settlement;
  readonly #clock: Clock;

  constructor(venue: OwnVenue, settlement: Settlement, clock: Clock) {
    this.#venue = venue;
    this.#settlement = settlement;
    this.#clock = clock;
  }

  takes(stream: string): boolean {
    const kind = kindOf(stream);
    return kind === orderKind || kind === switchKind;
  }

  /** Throws only what is retryable: deliver them again. */
  async deliver(commits: readonly Commit[], deadline: Deadline): Promise<Delivered> {
    if (commits.some(({ stream }) => kindOf(stream) === switchKind)) await this.#venue.align(deadline);
    await this.#venue.deliver(commits, deadline);
    return { applied: commits.length, parked: 0, isMarked: false };
  }

  async catchUp(heads: readonly StreamHead[], deadline: Deadline): Promise<Delivered> {
    const hints = hintsAt(heads);
    await this.#venue.attend(hints, deadline);
    return { applied: hints.length, parked: 0, isMarked: false };
  }

  async settle(): Promise<void> {
    // Nothing is put off.
  }

  /** Throws `BookStandsStill` when all others were brought: deliveries go on past such a book, and no sweep may. */
  async sweepHeads(heads: readonly StreamHead[]): Promise<Swept> {
    const brought = await this.#bring(heads);
    if (await this.#venue.isHeldUp(hintsAt(heads), deadlineIn(longestCallMs, this.#clock)))
      throw new BookStandsStill('a book stands still: the sweep comes to these orders again');
    // How far its stream is does not tell whether an order asked for something: the book does.
    return { streams: heads.length, behind: brought, applied: brought, parked: 0 };
  }

  /** What any number of orders ask and was not brought, but for books that stand still. */
  async bring(heads: readonly StreamHead[]): Promise<void> {
    await this.#bring(heads);
  }

  async #bring(heads: readonly StreamHead[]): Promise<number> {
    let brought = 0;
    for (let from = 0; from < heads.length; from += sweepMax) {
      const hints = hintsAt(heads.slice(from, from + sweepMax));
      brought += await this.#venue.attend(hints, deadlineIn(longestCallMs, this.#clock));
    }
    return brought;
  }

  /** What orders have not been told, and books that cannot go on. */
  async parked(deadline: Deadline): Promise<readonly Parked[]> {
    const stopped = [...this.#venue.stopped].map(([symbol, thrown]): Parked => {
      const error = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
      return { stream: bookStream(symbol), version: 1, error, at: this.#clock.now() };
    });
    return [...(await this.#settlement.parked(deadline)), ...stopped];
  }

  async redrive(deadline: Deadline): Promise<Redriven> {
    const before = this.#venue.stopped.size;
    await this.#venue.restart(deadline);
    const { restored, parked } = await this.#settlement.redrive(deadline, (symbol, work) =>
      this.#venue.inTurn(symbol, work, deadline),
    );
    const stopped = this.#venue.stopped.size;
    return { restored: restored + before - stopped, parked: parked + stopped };
  }
}

function hintsAt(heads: readonly StreamHead[]): readonly Hint[] {
  return heads
    .filter(({ stream }) => stream.startsWith(orderPrefix))
    .map(({ stream, version }) => ({ orderId: orderId(stream.slice(orderPrefix.length)), version }));
}
