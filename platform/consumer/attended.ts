import type { Clock } from '../clock/clock.ts';
import { type Deadline, DeadlineExceeded, deadlineIn, longestCallMs } from '../deadline/deadline.ts';
import type { StreamHead } from '../event-store/port.ts';
import type { Parked } from './port.ts';
import type { Redriven, StreamConsumer } from './stream-consumer.ts';
import { nothingSwept, type Swept, type SweptConsumer, sweepHeads } from './sweep.ts';

/** What an operator can see and do of whatever carries commits onwards: a consumer, wherever it runs, or the relay. */
export interface Attended {
  /** Of its cursors, and of what it parked. */
  readonly name: string;
  /** What it stands still at. */
  parked(deadline: Deadline): Promise<readonly Parked[]>;
  /** Tries everything parked once more, and takes out what succeeds. Throws only what is retryable. */
  redrive(deadline: Deadline): Promise<Redriven>;
}

/** A consumer that a sweep can look after. Nothing but data goes in and out, so it may run in another process. */
export interface AttendedConsumer extends Attended {
  /** Brings what it is behind on of these streams. */
  sweepHeads(heads: readonly StreamHead[]): Promise<Swept>;
}

type Seen = Pick<StreamConsumer<unknown, unknown>, 'name' | 'parked' | 'redrive'>;

function seen(consumer: Seen): Attended {
  return {
    name: consumer.name,
    parked: (deadline) => consumer.parked(deadline),
    redrive: (deadline) => consumer.redrive(deadline),
  };
}

export function attended(consumer: SweptConsumer & Seen, clock: Clock): AttendedConsumer {
  return {
    ...seen(consumer),
    sweepHeads: (heads) => sweepHeads(heads, consumer, () => deadlineIn(longestCallMs, clock)),
  };
}

/**
 * The same where a feed with a place in the log of this very machine delivers: it passes over nothing, so a sweep has only to see that
 * it has caught up. `caughtUp` says whether it has by the deadline.
 */
export function attendedByPlace(
  consumer: Seen,
  caughtUp: (deadline: Deadline) => Promise<boolean>,
  clock: Clock,
): AttendedConsumer {
  return {
    ...seen(consumer),
    sweepHeads: async (heads) => {
      const streams = heads.length;
      if (await caughtUp(deadlineIn(longestCallMs, clock))) return { ...nothingSwept, streams };
      throw new DeadlineExceeded(`${consumer.name} has not caught up with its feed`);
    },
  };
}
