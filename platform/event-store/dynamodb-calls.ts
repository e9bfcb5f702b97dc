import type { Clock } from '../clock/clock.ts';
import { type Deadline, longestCallMs, remainingMs, sooner } from '../deadline/deadline.ts';
import { signalFor } from '../outgoing/signal.ts';
import type { Random } from '../random/random.ts';
import { isTransient, translated } from './dynamodb-errors.ts';
import { StoreUnavailable } from './errors.ts';

export interface RetryLimits {
  readonly attemptsMax: number;
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
}

/** At six conflicts in ten tries, sixteen attempts fail once in 3,500 appends; their pauses come to about a second. */
export const retryLimits: RetryLimits = { attemptsMax: 16, firstPauseMs: 10, longestPauseMs: 200 };

export interface CallOptions {
  readonly abortSignal: AbortSignal;
}

/** Makes calls end by the caller's deadline, and repeats those that were not refused but not done either. */
export class DynamoDbCalls {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #limits: RetryLimits;

  constructor(clock: Clock, random: Random, limits: RetryLimits) {
    this.#clock = clock;
    this.#random = random;
    this.#limits = limits;
  }

  /**
   * The SDK's own tries happen within one `send`, so they share its time; all repeats together take no longer than the longest
   * call may, also when nobody waits. Throws `StoreUnavailable` or `StoreRejected`.
   */
  async make<Result>(until: Deadline, send: (options: CallOptions) => Promise<Result>): Promise<Result> {
    const deadline = sooner(until, longestCallMs, this.#clock);
    for (let attempt = 1; ; attempt++) {
      if (remainingMs(deadline, this.#clock) <= 0) throw new StoreUnavailable('the caller has no time left');
      try {
        return await send({ abortSignal: signalFor(deadline, this.#clock) });
      } catch (error) {
        const pauseMs = this.#pauseMs(attempt);
        const hasTime = remainingMs(deadline, this.#clock) > pauseMs;
        if (!isTransient(error) || attempt >= this.#limits.attemptsMax || !hasTime)
          throw translated(error, attempt);
        await this.#clock.sleep(pauseMs);
      }
    }
  }

  /** Full jitter: those who collided must not meet again. */
  #pauseMs(attempt: number): number {
    const { firstPauseMs, longestPauseMs } = this.#limits;
    return this.#random.fraction() * Math.min(longestPauseMs, firstPauseMs * 2 ** (attempt - 1));
  }
}
